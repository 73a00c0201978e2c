/* call.c - performs the guest's calls on inherited descriptors. */
#include "call.h"
#include "socket_call.h"
#include "spawn.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* ---- ioctls: what a program may do to a descriptor it was given ---- */

/* The kernel's struct termios and termios2, not the C library's. */
#define TERMIOS_BYTES  36
#define TERMIOS2_BYTES 44

enum ioctl_argument { ARG_IN, ARG_OUT, ARG_VALUE };

static const struct ioctl_rule {
    uint32_t request;
    enum ioctl_argument argument; /* of size bytes, or the value in b */
    uint16_t size;
} ioctl_rules[] = {
    /* TIOCSTI, TIOCLINUX, TIOCSCTTY and their like are not here: they act on more than the descriptor. */
    {TCGETS, ARG_OUT, TERMIOS_BYTES},
    {TCSETS, ARG_IN, TERMIOS_BYTES},
    {TCSETSW, ARG_IN, TERMIOS_BYTES},
    {TCSETSF, ARG_IN, TERMIOS_BYTES},
    {TCSBRK, ARG_VALUE, 0},
    {TCXONC, ARG_VALUE, 0},
    {TCFLSH, ARG_VALUE, 0},
    {TIOCGPGRP, ARG_OUT, 4},
    {TIOCSPGRP, ARG_IN, 4},
    {TIOCOUTQ, ARG_OUT, 4},
    {TIOCGWINSZ, ARG_OUT, 8},
    {TIOCSWINSZ, ARG_IN, 8},
    {FIONREAD, ARG_OUT, 4},
    {TCSBRKP, ARG_VALUE, 0},
    {TIOCGSID, ARG_OUT, 4},
    {0x802c542a /* TCGETS2 */, ARG_OUT, TERMIOS2_BYTES},
    {0x402c542b /* TCSETS2 */, ARG_IN, TERMIOS2_BYTES},
    {0x402c542c /* TCSETSW2 */, ARG_IN, TERMIOS2_BYTES},
    {0x402c542d /* TCSETSF2 */, ARG_IN, TERMIOS2_BYTES},
};

static const struct ioctl_rule *find_rule(int64_t request)
{
    for (size_t i = 0; i < sizeof ioctl_rules / sizeof *ioctl_rules; i++)
        if (ioctl_rules[i].request == request)
            return &ioctl_rules[i];
    return NULL;
}

/* ---- life ---- */

static void answer(struct call *call, int64_t result)
{
    uint8_t body[sizeof(struct ctl_ret) + CALL_MAX_DATA];
    struct ctl_ret ret = {.id = call->ask.id, .result = result};
    ret.data_len = result >= 0 ? call->answer_len : 0;
    memcpy(body, &ret, sizeof ret);
    memcpy(body + sizeof ret, call->data, ret.data_len);
    ctl_send(call->shim, CTL_RET, body, (uint32_t)sizeof ret + ret.data_len);
}

static void drop(struct call *call)
{
    struct call **link = &call->shim->calls;
    while (*link != call)
        link = &(*link)->next;
    *link = call->next;
    call->shim->ncalls--;
    if (call->file)
        inherit_unuse(call->file);
    free(call);
}

static void op_finished(struct op *op)
{
    struct call *call = op->owner;
    answer(call, op->result);
    drop(call);
}

void call_start_op(struct call *call)
{
    if (op_start(&call->shim->ops, &call->op))
        op_finished(&call->op);
}

void call_finish(struct call *call, int64_t result)
{
    answer(call, result);
    drop(call);
}

void call_put(struct call *call, const void *bytes, uint32_t len)
{
    assert(call->answer_len + len <= ANSWER_BYTES);
    memcpy(call->data + call->answer_len, bytes, len);
    call->answer_len += len;
}

/* ---- one function for each operation ---- */

static void call_lseek(struct call *call, struct inherited *f)
{
    off_t at = lseek(f->file.fd, call->ask.a, (int)call->ask.b);
    call_finish(call, at < 0 ? -errno : at);
}

static void call_truncate(struct call *call, struct inherited *f)
{
    call_finish(call, ftruncate(f->file.fd, call->ask.a) ? -errno : 0);
}

static void call_sync(struct call *call, struct inherited *f)
{
    call_finish(call, fsync(f->file.fd) ? -errno : 0);
}

static void call_poll(struct call *call, struct inherited *f)
{
    if (call->ask.a & POLLIN)
        job_attended(call->shim);
    call->op.kind = OP_POLL;
    call->op.poll_events = (short)call->ask.a;
    call_start_op(call);
}

/* A program may only put its own process group in front: there is no other that it can know of. */
static bool is_foreign_group(const struct call *call)
{
    int32_t group;
    memcpy(&group, call->data, sizeof group);
    return group != getpgrp();
}

/*
 * In a worker whatever changes a terminal, which stops a background process: see signals.h. The rest is
 * answered at once.
 */
static void call_ioctl(struct call *call, struct inherited *f)
{
    const struct ioctl_rule *rule = find_rule(call->ask.a);
    if (!rule) {
        call_finish(call, -ENOTTY);
        return;
    }
    if (rule->argument == ARG_IN && call->ask.data_len < rule->size) {
        call_finish(call, -EINVAL);
        return;
    }
    if (call->ask.a == TIOCSPGRP && is_foreign_group(call)) {
        call_finish(call, -EPERM);
        return;
    }
    if (rule->argument == ARG_OUT) {
        int result = ioctl(f->file.fd, (unsigned long)call->ask.a, call->data);
        call->answer_len = rule->size;
        call_finish(call, result < 0 ? -errno : result);
        return;
    }
    call->op.kind = OP_IOCTL;
    call->op.request = (unsigned long)call->ask.a;
    call->op.arg = rule->argument == ARG_IN ? (void *)call->data : (void *)(intptr_t)call->ask.b;
    call_start_op(call);
}

/* What was written before has been delivered (is_due): the port can let go. */
static void call_close(struct call *call, struct inherited *f)
{
    struct shim *shim = call->shim;
    if (inherit_same(shim->inherit.out, f))
        port_detach(&shim->out);
    if (inherit_same(shim->inherit.err, f))
        port_detach(&shim->err);
    inherit_close(&shim->inherit, f);
    call_finish(call, 0);
}

/* ---- for children; these have no descriptor to begin with ---- */

static void call_pipe(struct call *call, struct inherited *none)
{
    struct inherit *inherit = &call->shim->inherit;
    struct inherited *reader, *writer;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC)) {
        call_finish(call, -errno);
        return;
    }
    reader = inherit_add(inherit, ends[0]);
    writer = inherit_add(inherit, ends[1]);
    if (!reader || !writer) {
        if (reader)
            inherit_close(inherit, reader);
        if (writer)
            inherit_close(inherit, writer);
        call_finish(call, -ENOMEM);
        return;
    }
    call_put(call, &reader->info, sizeof reader->info);
    call_put(call, &writer->info, sizeof writer->info);
    call_finish(call, reader->info.fd);
}

/* The file stays the fid's as well, until that is clunked. */
static void call_adopt(struct call *call, struct inherited *none)
{
    int fd = p9_open_fd(&call->shim->p9, (uint32_t)call->ask.a);
    struct inherited *f;
    if (fd < 0) {
        call_finish(call, fd);
        return;
    }
    lseek(fd, call->ask.b, SEEK_SET); /* of what has no offset nobody asks for it */
    f = inherit_add(&call->shim->inherit, fd);
    if (f)
        call_put(call, &f->info, sizeof f->info);
    call_finish(call, f ? (int64_t)f->info.fd : -ENOMEM);
}

static void call_spawn(struct call *call, struct inherited *none)
{
    call_finish(call, spawn_perform(call->shim, (uint32_t)call->ask.a, (uint64_t)call->ask.b));
}

static void call_kill(struct call *call, struct inherited *none)
{
    call_finish(call, children_kill(&call->shim->children, (pid_t)call->ask.a, (int)call->ask.b));
}

static const struct {
    void (*perform)(struct call *, struct inherited *);
    bool has_fd;
} operations[] = {
    [CALL_LSEEK] = {call_lseek, true},
    [CALL_IOCTL] = {call_ioctl, true},
    [CALL_POLL] = {call_poll, true},
    [CALL_TRUNCATE] = {call_truncate, true},
    [CALL_SYNC] = {call_sync, true},
    [CALL_CLOSE] = {call_close, true},
    [CALL_PIPE] = {call_pipe, false},
    [CALL_ADOPT] = {call_adopt, false},
    [CALL_SPAWN] = {call_spawn, false},
    [CALL_KILL] = {call_kill, false},
    [CALL_SOCKET] = {socket_call_new, false},
    [CALL_CONNECT] = {socket_call_connect, true},
    [CALL_BIND] = {socket_call_bind, true},
    [CALL_LISTEN] = {socket_call_listen, true},
    [CALL_ACCEPT] = {socket_call_accept, true},
    [CALL_SOCKNAME] = {socket_call_name, true},
    [CALL_GETSOCKOPT] = {socket_call_getsockopt, true},
    [CALL_SETSOCKOPT] = {socket_call_setsockopt, true},
    [CALL_SHUTDOWN] = {socket_call_shutdown, true},
};

static bool is_due(const struct call *call)
{
    const struct shim *shim = call->shim;
    return shim->out.delivered >= call->ask.out_mark && shim->err.delivered >= call->ask.err_mark;
}

static void perform(struct call *call)
{
    bool has_fd = operations[call->ask.op].has_fd;
    struct inherited *f = has_fd ? inherit_find(&call->shim->inherit, call->ask.fd) : NULL;
    if (has_fd && (!f || f->file.fd < 0)) {
        call_finish(call, -EBADF);
        return;
    }
    call->file = f;
    if (f)
        inherit_use(f);
    call->op = (struct op){.file = f ? &f->file : NULL, .finish = op_finished, .owner = call};
    operations[call->ask.op].perform(call, f);
}

int call_receive(struct shim *shim, const struct ctl_call *ask, const uint8_t *data)
{
    size_t room = ask->data_len < ANSWER_BYTES ? ANSWER_BYTES : ask->data_len;
    struct call *call;
    if (ask->op >= sizeof operations / sizeof *operations || !operations[ask->op].perform ||
        ask->data_len > CALL_MAX_DATA || shim->ncalls == CALLS_MAX || !(call = malloc(sizeof *call + room)))
        return -EPROTO;
    *call = (struct call){.next = shim->calls, .shim = shim, .ask = *ask};
    memset(call->data, 0, room);
    memcpy(call->data, data, ask->data_len);
    shim->calls = call;
    shim->ncalls++;
    if (is_due(call))
        perform(call);
    return 0;
}

static bool is_begun(const struct call *call)
{
    return call->op.owner;
}

/* One at a time from the start: performing one may end others. Order among those that wait is by age. */
void calls_advance(struct shim *shim)
{
    for (;;) {
        struct call *oldest = NULL;
        for (struct call *c = shim->calls; c; c = c->next)
            if (!is_begun(c) && is_due(c))
                oldest = c;
        if (!oldest)
            return;
        perform(oldest);
    }
}

uint32_t call_id(const struct call *call)
{
    return call->ask.id;
}

void call_cancel(struct shim *shim, uint32_t id)
{
    for (struct call *c = shim->calls; c; c = c->next) {
        if (c->ask.id != id)
            continue;
        if (is_begun(c)) {
            op_cancel(&shim->ops, &c->op);
            return;
        }
        if (c->ask.op == CALL_SPAWN)
            spawn_forget(shim, (uint32_t)c->ask.a);
        call_finish(c, -EINTR);
        return;
    }
}
