/*
 * main.c - vmproc-net LISTEN...: the other end of a bootable image's network (net_link.h), started by its shim.
 *
 * A process of its own: it links libslirp, and reads what a hostile guest sends. It makes sockets and nothing else; the
 * shim has taken from it by then what can be taken from a process (vmproc/shim/confine.h).
 */
#include "link.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static int fail(const char *what, const char *why)
{
    struct net_message message = {.type = NET_ERROR};
    snprintf(message.text, sizeof message.text, "%.80s: %.70s", what, why);
    net_link_send(NET_LINK_CONTROL, &message, -1);
    return 1;
}

/* Those at all addresses, or the others. */
static int listen_at_some(struct link *link, char **grants, bool all)
{
    for (; *grants; grants++) {
        struct network_grant grant;
        const char *why;
        uint16_t port = 0;
        int err;
        if (!network_parse(*grants, &grant, &why))
            return fail(*grants, why);
        if ((grant.prefix == 0) != all)
            continue;
        err = link_listen(link, &grant, &port);
        if (err) {
            char what[80];
            snprintf(what, sizeof what, "cannot listen at port %u", port);
            return fail(what, strerror(-err));
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    static struct link link;
    const struct net_message ready = {.type = NET_READY};
    int err = link_init(&link);
    signal(SIGPIPE, SIG_IGN);
    if (err)
        return fail("no network", strerror(-err));
    if (listen_at_some(&link, argv + 1, true) || listen_at_some(&link, argv + 1, false) ||
        net_link_send(NET_LINK_CONTROL, &ready, -1))
        return 1;
    link_confine();
    return link_run(&link);
}
