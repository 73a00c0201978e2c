/* boot_net.c - starts vmproc-net, and answers what it asks. */
#include "boot_net.h"
#include "boot.h"
#include "confine.h"
#include "shim.h"
#include "vmproc/client/child.h"
#include "vmproc/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

_Noreturn static void no_net(struct shim *shim, const char *what)
{
    report(shim, "no network: %s", what);
    report_failure(shim, STATUS_NO_VM);
}

/* ---- its start ---- */

static char **arguments(const struct shim *shim)
{
    char **argv = calloc(shim->policy.count + 2, sizeof *argv);
    unsigned n = 0, ports = 0;
    if (!argv)
        return NULL;
    argv[n++] = "vmproc-net";
    for (unsigned i = 0; i < shim->policy.count; i++) {
        const struct policy_item *item = &shim->policy.items[i];
        struct network_grant grant;
        const char *why = NULL;
        if (item->kind != POLICY_NETWORK || !network_parse(item->text, &grant, &why))
            continue;
        why = net_link_cannot(&grant, &ports); /* vmproc-spec has seen to it */
        if (!why && grant.listen)
            argv[n++] = (char *)item->text;
    }
    return argv;
}

static pid_t start(const struct shim *shim, int control, int names)
{
    static char *none[] = {NULL};
    char program[PATH_MAX];
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    const struct child_fd fds[] = {
        {null, 0}, {null, 1}, {null, 2}, {control, NET_LINK_CONTROL}, {names, NET_LINK_NAMES}};
    struct child_plan plan = {.program = program,
                              .argv = arguments(shim),
                              .envp = none,
                              .fds = fds,
                              .nfds = sizeof fds / sizeof *fds,
                              .cwd = "/",
                              .umask = 077,
                              .session = true}; /* the terminal's signals are the shim's */
    pid_t pid = part_find(PART_NET, program);
    for (int i = 0; i < RLIM_NLIMITS; i++)
        getrlimit((__rlimit_resource_t)i, &plan.limits[i]);
    if (pid == 0)
        pid = null < 0 || !plan.argv ? -ENOMEM : child_start(&plan);
    if (null >= 0)
        close(null);
    free((void *)plan.argv);
    return pid;
}

static void await_ready(struct boot_net *net)
{
    struct net_message message;
    int passed, err;
    do
        err = net_link_receive(net->control, &message, &passed, 0);
    while (err == -EINTR);
    if (passed >= 0)
        close(passed);
    if (!err && message.type == NET_ERROR)
        no_net(net->shim, message.text);
    if (err || message.type != NET_READY)
        no_net(net->shim, "vmproc-net ended");
}

void boot_net_start(struct boot_net *net, struct shim *shim)
{
    int pair[2] = {-1, -1}, names = open("/dev/null", O_RDONLY | O_CLOEXEC), err;
    net->shim = shim;
    err = socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) ? -errno : 0;
    if (!err)
        err = names < 0 ? -errno : resolver_join(&shim->resolver, names);
    if (!err) {
        confine_calls(true); /* the child's wall; what is only the shim's comes when the command runs */
        net->pid = start(shim, pair[1], names);
        err = net->pid < 0 ? (int)net->pid : 0;
    }
    if (err == -ENOENT)
        no_net(shim, "vmproc-net is missing: fleetsh was built without libslirp");
    if (err)
        no_net(shim, strerror(-err));
    close(pair[1]);
    close(names);
    net->control = pair[0];
    await_ready(net);
}

void boot_net_attach(struct boot_net *net, int frames)
{
    const struct net_message message = {.type = NET_FRAMES};
    if (net_link_send(net->control, &message, frames))
        net->shim->lost = "its network ended";
    close(frames);
}

/* ---- what it asks ---- */

static void answer(struct boot_net *net, const struct network_address *address, uint16_t port, bool yes)
{
    const struct net_message message = {.type = NET_VERDICT, .port = port, .yes = yes, .address = *address};
    if (!yes)
        network_refuse(&net->shim->network, "connecting to", address, port);
    net_link_send(net->control, &message, -1); /* when it takes no more, the guest's next frame asks again */
}

/* True: it has been answered. */
static bool decide(struct boot_net *net, const struct network_address *address, uint16_t port)
{
    enum network_verdict verdict = network_may_reach(&net->shim->network, address, port);
    if (verdict != NETWORK_NOT_YET)
        answer(net, address, port, verdict == NETWORK_YES);
    return verdict != NETWORK_NOT_YET;
}

static void take_question(struct boot_net *net, const struct net_message *message)
{
    if (decide(net, &message->address, message->port))
        return;
    if (net->nwaiting == BOOT_NET_WAITING) {
        answer(net, &message->address, message->port, false);
        return;
    }
    net->waiting[net->nwaiting].address = message->address;
    net->waiting[net->nwaiting++].port = message->port;
}

void boot_net_answer(struct boot_net *net)
{
    for (unsigned i = 0; i < net->nwaiting;) {
        if (decide(net, &net->waiting[i].address, net->waiting[i].port))
            net->waiting[i] = net->waiting[--net->nwaiting];
        else
            i++;
    }
}

static void take_message(struct boot_net *net)
{
    struct net_message message;
    int passed, err = net_link_receive(net->control, &message, &passed, MSG_DONTWAIT);
    if (err == -EAGAIN || err == -EINTR)
        return;
    if (passed >= 0)
        close(passed);
    if (!err && message.type == NET_ASK) {
        take_question(net, &message);
        return;
    }
    close(net->control);
    net->control = -1;
    if (!net->shim->boot->over && !net->shim->lost)
        net->shim->lost = "its network ended";
}

unsigned boot_net_poll_set(const struct boot_net *net, struct pollfd fds[])
{
    if (net->control < 0)
        return 0;
    fds[0] = (struct pollfd){.fd = net->control, .events = POLLIN};
    return 1 + resolver_poll_set(&net->shim->resolver, fds + 1, BOOT_NET_POLLS - 1);
}

void boot_net_polled(struct boot_net *net, const struct pollfd fds[], unsigned n)
{
    if (n == 0)
        return;
    resolver_polled(&net->shim->resolver, fds + 1, n - 1);
    if (fds[0].revents)
        take_message(net);
}

void boot_net_end(struct boot_net *net)
{
    if (net->pid <= 0)
        return;
    if (net->control >= 0)
        close(net->control);
    net->control = -1;
    kill(net->pid, SIGKILL);
    while (waitpid(net->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    net->pid = 0;
}
