/* lease.c - the connection to vmprocd: as long as it stands, the VM does. */
#include "boot.h"
#include "shim.h"
#include "vmproc/packet.h"
#include "vmproc/vmproc.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* vmprocd itself gives up sooner, and says why. */
#define GRANT_MS   60000
#define SUSPEND_MS 2000

static _Noreturn void no_vm(const struct shim *shim, const char *what)
{
    if (vmproc_usage_first_to_fail(shim->args.usage_fd, shim->args.pipeline))
        report(shim, "%s", what);
    report_failure((struct shim *)shim, STATUS_NO_VM);
}

#define TOO_FEW_FILES "no VM: too many open files: the VM itself takes some sixty: see `ulimit -H -n`"

void lease_check_files(struct shim *shim)
{
    if (!limits_leave_files())
        no_vm(shim, TOO_FEW_FILES);
}

/* The command can be run by nobody here. */
static _Noreturn void not_here(const struct shim *shim, const char *what)
{
    report(shim, "%s", what);
    report_failure((struct shim *)shim, 126);
}

static void connect_daemon(struct shim *shim)
{
    /* What a shim started is confined as that one is, and vmprocd must not be. */
    shim->vmprocd_fd =
        shim->args.parcel_fd < 0 ? vmproc_connect(true) : vmproc_connect_to(shim->args.daemon_pid);
    switch (shim->vmprocd_fd) {
    case -ENOENT:
        no_vm(shim, "no VM: vmprocd is not installed: set FLEETSH_LIBEXEC_DIR to where it is");
    case -EPERM:
        no_vm(shim, "no VM: the runtime directory is not safe: it must be yours with mode 0700 (see "
                    "XDG_RUNTIME_DIR)");
    case -ECHILD:
    case -ETIMEDOUT:
        no_vm(shim, "no VM: vmprocd did not start: see vmprocd.log in the runtime directory");
    }
    if (shim->vmprocd_fd < 0) {
        char text[128];
        snprintf(text, sizeof text, "no VM: cannot reach vmprocd: %s", strerror(-shim->vmprocd_fd));
        no_vm(shim, text);
    }
}

/* A name that does not fit is not told: nobody takes it for another one. */
static void say_image(const struct shim *shim, char *images, size_t size)
{
    const char *name = shim->name;
    for (unsigned i = 0; i < shim->policy.count; i++)
        if (shim->policy.items[i].kind == POLICY_IMAGE)
            name = shim->policy.items[i].text;
    if (strlen(name) + 2 <= size && !strchr(name, '\n'))
        snprintf(images, size, "%s\n", name);
}

static int ask_boot(struct shim *shim, uint32_t flags)
{
    struct vmp_boot ask = {.shell_pid = (uint32_t)shim->args.shell_pid, .flags = flags};
    say_image(shim, ask.images, sizeof ask.images);
    int fds[4] = {shim->args.boot_fd};
    unsigned nfds = 1 + boot_plan_files(&shim->boot->plan, fds + 1);
    return packet_send(shim->vmprocd_fd, VMP_BOOT, &ask, sizeof ask, fds, nfds, 0);
}

static void add_pattern(char *list, size_t size, const char *pattern)
{
    size_t len = strlen(list);
    if (len + strlen(pattern) + 2 <= size)
        snprintf(list + len, size - len, "%s\n", pattern);
}

/* Where it is to run, if the policy says so. Sent before the lease is asked for; the answer to that is the answer. */
static int say_place(struct shim *shim)
{
    struct vmp_place place = {.flags = 0};
    bool says = false;
    for (unsigned i = 0; i < shim->policy.count; i++) {
        const struct policy_item *item = &shim->policy.items[i];
        if (item->kind == POLICY_ON)
            add_pattern(place.on, sizeof place.on, item->text);
        else if (item->kind == POLICY_ROUTER)
            add_pattern(place.routers, sizeof place.routers, item->text);
        else if (item->kind == POLICY_LABEL)
            add_pattern(place.labels, sizeof place.labels, item->text);
        else if (item->kind == POLICY_ARCHITECTURE)
            snprintf(place.architecture, sizeof place.architecture, "%s", item->text);
        else
            continue;
        says = true;
    }
    return says ? packet_send(shim->vmprocd_fd, VMP_PLACE, &place, sizeof place, NULL, 0, 0) : 0;
}

static int ask(struct shim *shim, uint32_t flags)
{
    int err = say_place(shim);
    if (err)
        return err;
    if (shim->boot)
        return ask_boot(shim, flags);
    struct vmp_lease lease = {.count = 1,
                              .shell_pid = (uint32_t)shim->args.shell_pid,
                              .memory_bytes = shim->policy.memory_bytes,
                              .flags = flags,
                              .machine = vmproc_foreign_machine(shim->path)};
    say_image(shim, lease.images, sizeof lease.images);
    return packet_send(shim->vmprocd_fd, VMP_LEASE, &lease, sizeof lease, NULL, 0, 0);
}

static int await_answer(struct shim *shim, struct packet *p)
{
    int err;
    do
        err = packet_recv_within(shim->vmprocd_fd, p, GRANT_MS);
    while (err == -EINTR);
    if (err == -ETIMEDOUT)
        no_vm(shim, "no VM: vmprocd did not answer within a minute: see its log, or end it with `vm stop`");
    return err;
}

static void take_grant(struct shim *shim, const struct packet *p)
{
    struct port *out = &shim->out, *err = &shim->err;
    unsigned expected = shim->boot ? boot_count_sockets(shim->boot) : 4;
    if (p->head.type == VMP_ERROR && p->head.len == sizeof(struct vmp_error)) {
        struct vmp_error e;
        char text[sizeof e.text + 16];
        memcpy(&e, p->body, sizeof e);
        snprintf(text, sizeof text, "no VM: %.*s", (int)sizeof e.text - 1, e.text);
        if (e.code == VMP_E_MACHINE)
            not_here(shim, text);
        no_vm(shim, text);
    }
    if (p->head.type == VMP_GRANT && p->head.len == sizeof shim->grant)
        memcpy(&shim->grant, p->body, sizeof shim->grant);
    expected += shim->grant.flags & VMP_BOUNCE ? 1 : 0;
    if (p->head.type != VMP_GRANT || p->head.len != sizeof shim->grant || p->nfds != expected)
        no_vm(shim, "no VM: vmprocd is of another version: try the command again");
    if (shim->boot) {
        boot_take_sockets(shim->boot, p->fds);
        return;
    }
    shim->ctl.fd = p->fds[0];
    shim->p9_stream.fd = p->fds[1];
    out->fd = p->fds[2];
    err->fd = p->fds[3];
    shim->p9.bounce.fd = shim->grant.flags & VMP_BOUNCE ? p->fds[4] : -1;
}

static bool says_replaced(const struct packet *p)
{
    struct vmp_error e;
    memcpy(&e, p->body, sizeof e);
    return p->head.type == VMP_ERROR && p->head.len == sizeof e && e.code == VMP_E_REPLACED;
}

/* A newer vmprocd is installed. Where it does not start, the old one may do. */
static void replace_daemon(struct shim *shim, uint32_t *flags)
{
    int fd = vmproc_replace(shim->vmprocd_fd);
    close(shim->vmprocd_fd);
    shim->vmprocd_fd = fd;
    if (fd < 0)
        *flags |= VMP_LEASE_STAY;
}

/*
 * A vmprocd that is just ending (idle, stopped) may still take a connection. Nothing has begun when it closes
 * that without an answer, so the next one is asked.
 */
static int lease_of_own(struct shim *shim, struct packet *p)
{
    uint32_t flags = shim->args.parcel_fd < 0 ? 0 : VMP_LEASE_STAY;
    int err = -EPIPE;
    for (int tries = 5; tries > 0 && err && err != -EMFILE; tries--) {
        if (shim->vmprocd_fd < 0)
            connect_daemon(shim);
        err = ask(shim, flags);
        if (!err || err == -EPIPE) /* it may have been refused before it could ask */
            err = await_answer(shim, p);
        if (!err && says_replaced(p) && !(flags & VMP_LEASE_STAY)) {
            replace_daemon(shim, &flags);
            err = -EAGAIN;
        } else if (err) {
            close(shim->vmprocd_fd);
            shim->vmprocd_fd = -1;
        }
    }
    return err;
}

/* A lease that the shell has brought cannot be had again. */
void lease_take(struct shim *shim)
{
    struct packet p;
    int err;
    shim->at.asked = now_ns();
    if (shim->args.lease_fd < 0) {
        err = lease_of_own(shim, &p);
    } else {
        shim->vmprocd_fd = shim->args.lease_fd;
        err = await_answer(shim, &p);
    }
    if (err == -EMFILE)
        no_vm(shim, TOO_FEW_FILES);
    if (err)
        no_vm(shim, "no VM: vmprocd ended: try the command again");
    take_grant(shim, &p);
    shim->at.granted = now_ns();
}

static void let_go(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

bool lease_again(struct shim *shim)
{
    if (shim->args.lease_fd >= 0)
        return false;
    let_go(&shim->vmprocd_fd);
    let_go(&shim->ctl.fd);
    let_go(&shim->p9_stream.fd);
    let_go(&shim->out.fd);
    let_go(&shim->err.fd);
    let_go(&shim->p9.bounce.fd);
    lease_take(shim);
    return true;
}

static void join_arguments(const struct shim *shim, char *text, size_t size)
{
    size_t len = 0;
    for (char **arg = shim->argv; *arg && len < size; arg++)
        len += (size_t)snprintf(text + len, size - len, "%s%s", arg == shim->argv ? "" : " ", *arg);
}

void lease_announce(struct shim *shim)
{
    struct vmp_started s = {
        .pid = (uint32_t)getpid(),
        .pgid = (uint32_t)getpgrp(),
        .wired = (shim->args.wire_in ? 1u : 0) | (shim->args.wire_out ? 2u : 0),
    };
    join_arguments(shim, s.command, sizeof s.command);
    snprintf(s.image, sizeof s.image, "%s", shim->path);
    /* If it fails the connection is ending; that is noticed where it is read. */
    packet_send(shim->vmprocd_fd, VMP_STARTED, &s, sizeof s, NULL, 0, MSG_DONTWAIT);
}

void lease_resolve(void *owner, const char *name)
{
    struct shim *shim = owner;
    struct vmp_resolve ask = {0};
    int err = -EPIPE;
    snprintf(ask.name, sizeof ask.name, "%s", name);
    if (shim->vmprocd_fd >= 0)
        err = packet_send(shim->vmprocd_fd, VMP_RESOLVE, &ask, sizeof ask, NULL, 0, MSG_DONTWAIT);
    if (err) { /* the connection is ending */
        struct vmp_addresses none = {.failed = 1};
        memcpy(none.name, ask.name, sizeof none.name);
        network_resolved(&shim->network, &none);
    }
}

static void take_addresses(struct shim *shim, const struct packet *p)
{
    struct vmp_addresses answer;
    memcpy(&answer, p->body, sizeof answer);
    network_resolved(&shim->network, &answer);
    resolver_answer(&shim->resolver);
    ops_release_held(&shim->ops);
}

static void tell(struct shim *shim)
{
    struct vmp_used used = {
        .in_bytes = shim->boot ? boot_bytes_in(shim->boot) : shim->p9.in_bytes,
        .out_bytes = shim->p9.out_bytes + shim->out.delivered + shim->err.delivered,
    };
    packet_send(shim->vmprocd_fd, VMP_USED, &used, sizeof used, NULL, 0, MSG_DONTWAIT);
}

/* vmprocd's reason is better than what we have seen of its effects. */
static void take_loss(struct shim *shim, const struct packet *p)
{
    struct vmp_error e;
    memcpy(&e, p->body, sizeof e);
    snprintf(shim->lost_text, sizeof shim->lost_text, "%.*s", (int)sizeof e.text - 1, e.text);
    if (!shim->exited)
        shim->lost = shim->lost_text;
}

static void take_strace(struct shim *shim, struct packet *p)
{
    struct vmp_strace strace;
    memcpy(&strace, p->body, sizeof strace);
    if (!shim->exited)
        strace_start(shim, p->fds[--p->nfds], strace.flags);
}

/* What vmprocd may say at any time; false: it is something else. Consumes the packet's descriptors. */
static bool take_notice(struct shim *shim, struct packet *p)
{
    bool taken = true;
    if (p->head.type == VMP_TELL)
        tell(shim);
    else if (p->head.type == VMP_ADDRESSES && p->head.len == sizeof(struct vmp_addresses))
        take_addresses(shim, p);
    else if (p->head.type == VMP_STRACE && p->head.len == sizeof(struct vmp_strace) && p->nfds == 1)
        take_strace(shim, p);
    else
        taken = false;
    while (p->nfds)
        close(p->fds[--p->nfds]);
    return taken;
}

void lease_receive(struct shim *shim)
{
    struct packet p;
    int err = packet_recv(shim->vmprocd_fd, &p, MSG_DONTWAIT);
    if (err == -EAGAIN || err == -EINTR)
        return;
    if (!err && (take_notice(shim, &p) || p.head.type == VMP_OK))
        return;
    if (!err && p.head.type == VMP_ENDED && shim->boot && p.head.len == sizeof(struct vmp_ended)) {
        struct vmp_ended ended;
        memcpy(&ended, p.body, sizeof ended);
        boot_ended(shim->boot, ended.how);
        return;
    }
    /* What the guest said before the end counts: it may have finished. */
    if (shim->boot)
        boot_hear(shim->boot);
    else
        ctl_receive(shim);
    if (!err && (p.head.type == VMP_LOST || p.head.type == VMP_ERROR) &&
        p.head.len == sizeof(struct vmp_error))
        take_loss(shim, &p);
    else if (!shim->exited && !shim->lost)
        shim->lost = "vmprocd ended, and its VM with it";
    close(shim->vmprocd_fd);
    shim->vmprocd_fd = -1;
}

/* Sends a request and waits, within bounds, for its answer. */
static void request(struct shim *shim, enum vmp_type type)
{
    struct packet p;
    int err;
    if (shim->vmprocd_fd < 0)
        return;
    err = packet_send(shim->vmprocd_fd, type, NULL, 0, NULL, 0, 0);
    while (!err && !(err = packet_recv_within(shim->vmprocd_fd, &p, SUSPEND_MS)) && take_notice(shim, &p))
        ;
    if (!err && p.head.type != VMP_OK && p.head.len == sizeof(struct vmp_error))
        take_loss(shim, &p);
}

void lease_log(struct shim *shim, const char *text)
{
    struct vmp_log log = {0};

    if (shim->vmprocd_fd < 0 || !shim->grant.vm || shim->log_lines > LOG_LINES)
        return;
    snprintf(log.text, sizeof log.text, "%.60s: %s", shim->name,
             shim->log_lines++ < LOG_LINES ? text : "and more, left out");
    packet_send(shim->vmprocd_fd, VMP_LOG, &log, sizeof log, NULL, 0, MSG_DONTWAIT);
}

void lease_suspend(struct shim *shim)
{
    request(shim, VMP_SUSPEND);
}

void lease_resume(struct shim *shim)
{
    request(shim, VMP_RESUME);
}

/*
 * ctl goes with the message, so that the guest's life is in one hand at any time; the others are shut down,
 * so that nothing of ours stands between QEMU and the next connection. What cannot be handed over in a clean
 * state is not: the VM ends with us then.
 */
void lease_done(struct shim *shim)
{
    struct vmp_done done = {.max_rss_bytes = shim->end.max_rss_bytes};
    if (shim->vmprocd_fd < 0 || shim->ctl_len || stream_has_backlog(&shim->ctl))
        return;
    shutdown(shim->p9_stream.fd, SHUT_RDWR);
    shutdown(shim->out.fd, SHUT_RDWR);
    shutdown(shim->err.fd, SHUT_RDWR);
    packet_send(shim->vmprocd_fd, VMP_DONE, &done, sizeof done, &shim->ctl.fd, 1, MSG_DONTWAIT);
}
