/*
 * main.c - vmproc-run OPTIONS PATH ARGV0 ARG...: executed by vmproc_exec() in place of the program at PATH.
 *
 * Statically linked: it starts once per command, and what it costs is paid each time.
 */
#include "boot.h"
#include "clock.h"
#include "confine.h"
#include "parcel.h"
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void take_arguments(struct shim *shim, int argc, char **argv)
{
    if (argc < 4 || shim_args_parse(&shim->args, argv[1])) {
        static const char usage[] = "vmproc-run: is started by fleetsh; use `fleetsh -c COMMAND`\n";
        if (write(2, usage, sizeof usage - 1) < 0)
            _exit(STATUS_NO_VM);
        _exit(STATUS_NO_VM);
    }
    shim->path = argv[2];
    shim->argv = argv + 3;
    shim->envp = environ;
    shim->name = base_name(argv[3]);
    prctl(PR_SET_NAME, shim->name);
}

static void scan_descriptors(struct shim *shim)
{
    int own[] = {shim->args.lease_fd,   shim->args.lifeline_fd, shim->args.usage_fd,
                 shim->args.events_fd,  shim->args.parcel_fd,   shim->args.policy_fd,
                 shim->args.program_fd, shim->args.strace_fd,   shim->args.boot_fd};
    int err = inherit_scan(&shim->inherit, own, sizeof own / sizeof *own);
    if (err) {
        report(shim, "cannot list open files: %s", strerror(-err));
        report_failure(shim, STATUS_NO_VM);
    }
    inherit_own(&shim->inherit, shim->args.own_files);
}

/* What another command started has an environment apart from ours, and a limit. */
static void open_parcel(struct shim *shim)
{
    static struct parcel parcel;
    int err;
    if (shim->args.parcel_fd < 0)
        return;
    err = parcel_unpack(&parcel, shim->args.parcel_fd);
    if (err) {
        report(shim, "cannot read its environment: %s", strerror(-err));
        report_failure(shim, STATUS_NO_VM);
    }
    shim->envp = parcel.envp;
    shim->limit = &parcel.limit;
}

/* What another command started has the environment that it was started with. */
static void take_policy(struct shim *shim)
{
    int err = 0;
    shim->policy = POLICY_ORDINARY;
    if (shim->args.policy_fd < 0)
        return;
    err = policy_read(&shim->policy, shim->args.policy_fd);
    if (!err && shim->args.parcel_fd < 0 && !(shim->envp = policy_environment(&shim->policy, shim->envp)))
        err = -ENOMEM;
    if (err) {
        report(shim, "cannot read what it is given: %s", strerror(-err));
        report_failure(shim, STATUS_NO_VM);
    }
}

static void take_network(struct shim *shim)
{
    if (network_init(&shim->network, &shim->policy)) {
        report(shim, "cannot read what it is given of the network");
        report_failure(shim, STATUS_NO_VM);
    }
    shim->network.ask = lease_resolve;
    shim->network.refused = shim->policy.explain ? explain_network : NULL;
    shim->network.owner = shim;
    shim->network.resolver = &shim->resolver;
    shim->resolver.network = &shim->network;
}

/* By the spec's key, or the user's variable: this process's environment is the user's, not the program's. */
static void open_terminals(struct shim *shim)
{
    const char *wish = getenv("FLEETSH_RAW_TERMINAL");
    shim->p9.raw_terminal = shim->policy.raw_terminal || (wish && *wish);
    if (shim->p9.raw_terminal)
        inherit_trust(&shim->inherit);
}

static void port_broken(struct port *port, void *owner)
{
    struct ctl_broken b = {.via = port->via};
    ctl_send(owner, CTL_BROKEN, &b, sizeof b);
}

static void port_room(struct port *port, void *owner)
{
    struct ctl_room room = {.via = port->via, .limit = port->limit};
    ctl_send(owner, CTL_ROOM, &room, sizeof room);
}

static void connect_port(struct shim *shim, struct port *port, enum ctl_via via, struct inherited *target)
{
    port->window = port->limit = shim->grant.flags & VMP_FAR ? PORT_WINDOW : 0;
    port->room = port_room;
    port->via = via;
    port->target = target ? &target->file : NULL;
    port->ops = &shim->ops;
    port->broken = port_broken;
    port->owner = shim;
}

static void connect_ports(struct shim *shim)
{
    connect_port(shim, &shim->out, VIA_OUT, shim->inherit.out);
    connect_port(shim, &shim->err, VIA_ERR, shim->inherit.err);
}

/* A wire that vmprocd knows nothing of is a pipe. */
static void assign_descriptors(struct shim *shim)
{
    shim->args.wire_in = shim->args.wire_in && shim->grant.wire_in_key;
    shim->args.wire_out = shim->args.wire_out && shim->grant.wire_out_key;
    inherit_assign(&shim->inherit, shim->args.wire_in, shim->args.wire_out);
    connect_ports(shim);
}

/* The user's wish for this command, or for all of them. */
static void open_strace(struct shim *shim)
{
    const char *log = getenv("FLEETSH_SYSCALL_TRACE") ? getenv("FLEETSH_GUEST_LOG") : NULL;
    shim->strace.fd = shim->args.strace_fd;
    shim->strace.flags = shim->args.strace_flags;
    if (shim->strace.fd >= 0)
        fcntl(shim->strace.fd, F_SETFD, FD_CLOEXEC);
    else if (log) {
        shim->strace.fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        shim->strace.flags = STRACE_PID;
    }
}

static int send_answer(void *sink, const void *bytes, size_t len)
{
    return stream_send(&((struct shim *)sink)->p9_stream, bytes, len);
}

/* A VM may end between GRANT and EXEC, of which vmprocd knows no sooner than we: nothing has begun, so another one is had. */
static int send_exec(struct shim *shim)
{
    int err = exec_send(shim);
    for (int tries = 3; err == -EPIPE && tries > 0 && lease_again(shim); tries--) {
        connect_ports(shim);
        err = exec_send(shim);
    }
    shim->at.sent = now_ns();
    return err;
}

static void start_command(struct shim *shim)
{
    int err = send_exec(shim);
    if (err == -EPIPE) {
        report(shim, "no VM: it ended before the command began");
        report_failure(shim, STATUS_NO_VM);
    }
    if (err) {
        report(shim, "%s", strerror(-err));
        report_failure(shim, 126);
    }
    lease_announce(shim);
    shim->clock_fd = clock_watch();
    shim->p9.send = send_answer;
    shim->p9.sink = shim;
    shim->p9.ops = &shim->ops;
    shim->p9.inherit = &shim->inherit;
    shim->p9.network = &shim->network;
    shim->p9.make_tree = grants_make;
    shim->p9.first_opened = shim->program_is_known && !exec_is_resident(shim) ? &shim->program : NULL;
    shim->p9.refused = shim->policy.explain ? explain_refusal : NULL;
    if (p9_init(&shim->p9))
        shim->lost = "out of memory";
    else if (p9_make_tree(&shim->p9) == 0)
        confine_files(&shim->p9.tree, &shim->inherit, &shim->network);
    confine_calls(network_is_given(&shim->network));
}

int main(int argc, char **argv)
{
    static struct shim shim = {.vmprocd_fd = -1,
                               .ctl.fd = -1,
                               .p9_stream.fd = -1,
                               .out.fd = -1,
                               .err.fd = -1,
                               .clock_fd = -1,
                               .trace_fd = -1,
                               .p9.bounce.fd = -1};
    shim.at.begun = now_ns();
    take_arguments(&shim, argc, argv);
    limits_take(&shim.limits);
    lease_check_files(&shim);
    scan_descriptors(&shim);
    take_policy(&shim);
    take_network(&shim);
    open_terminals(&shim);
    open_parcel(&shim);
    report_open_trace(&shim);
    verify_program(&shim);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    open_strace(&shim);
    if (shim.args.boot_fd >= 0)
        boot_run(&shim);
    lease_take(&shim);
    signals_catch(&shim.signals);
    assign_descriptors(&shim);
    start_command(&shim);
    loop_run(&shim);
    report_end(&shim);
}
