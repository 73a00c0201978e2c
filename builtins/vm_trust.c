#include "builtins/vm_trust.h"
#include "builtins/vm_client.h"
#include "shell/error.h"
#include "shell/out.h"
#include "shell/trap.h"

#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define PREFIX "sha256:"

static bool is_that(const struct vmp_router *router, const char *yes)
{
    if (strncasecmp(yes, PREFIX, strlen(PREFIX)) == 0)
        yes += strlen(PREFIX);
    return strcasecmp(router->fingerprint + strlen(PREFIX), yes) == 0;
}

/* A signal that the shell catches is a no, as is the end of the terminal. */
static bool ask_at(int tty, const struct vmp_router *router)
{
    struct pollfd ready = {.fd = tty, .events = POLLIN}; /* read(2) would go on after a signal */
    char answer[64];
    ssize_t n;

    dprintf(tty, "%s shows the certificate %s\nIs it the one that `router enrol` has told there? [y/n] ",
            router->name, router->fingerprint);
    n = !trap_pending && poll(&ready, 1, -1) > 0 ? read(tty, answer, sizeof answer - 1) : -1;
    if (n <= 0)
        return false;
    answer[n] = '\0';
    answer[strcspn(answer, "\n")] = '\0';
    return strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0;
}

static bool is_accepted(struct shell *sh, const struct vmp_router *router)
{
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    bool accepted;

    if (tty < 0) {
        error_print(
            sh, "vm: router: %s: there is no terminal to ask at; its certificate is %s, which --yes accepts",
            router->name, router->fingerprint);
        return false;
    }
    accepted = ask_at(tty, router);
    close(tty);
    if (!accepted)
        error_print(sh, "vm: router: %s: not accepted", router->name);
    return accepted;
}

int vm_trust(struct shell *sh, const struct vmp_router *router, const char *yes)
{
    if (!router->fingerprint[0]) {
        error_print(sh, "vm: router: %s: %s", router->name,
                    router->error[0] ? router->error
                                     : "it is reached without a certificate and needs no trust");
        return 1;
    }
    if (yes && !is_that(router, yes)) {
        error_print(sh, "vm: router: %s: its certificate is not that one, but %s", router->name,
                    router->fingerprint);
        return 1;
    }
    if (router->trust == VMP_TRUST_CHANGED) {
        error_print(sh, "vm: router: %s", router->error);
        return 1;
    }
    if (router->trust != VMP_TRUST_KNOWN &&
        ((!yes && !is_accepted(sh, router)) || vm_request_trust(sh, router->name, router->fingerprint) != 0))
        return 1;
    out_printf(sh, "%s is known: %s\n", router->name, router->fingerprint);
    return 0;
}
