/* op.c - operations: at once, by polling, or by a worker. */
#include "op.h"
#include "worker.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#define NOT_NOW (-EAGAIN)

static bool finished(struct op *op, int64_t result)
{
    op->result = result;
    op->place = OP_IDLE;
    return true;
}

/* What is reported when an operation ends early: the bytes it has moved count more than the error. */
static bool finished_early(struct op *op, int64_t result)
{
    return finished(op, op->done ? (int64_t)op->done : result);
}

/* One attempt with RWF_NOWAIT. NOT_NOW: poll first. -EOPNOTSUPP: this kind of file does not know the flag. */
static int64_t attempt(struct op *op)
{
    struct iovec iov = {(char *)op->buf + op->done, op->len - op->done};
    ssize_t n = op->kind == OP_READ ? preadv2(op->file->fd, &iov, 1, -1, RWF_NOWAIT)
                                    : pwritev2(op->file->fd, &iov, 1, -1, RWF_NOWAIT);
    return n < 0 ? -errno : n;
}

/* The user's own O_NONBLOCK on the description: waiting would be wrong. */
static bool wants_eagain(const struct op *op)
{
    int flags = fcntl(op->file->fd, F_GETFL);
    return flags >= 0 && (flags & O_NONBLOCK);
}

/* True when the operation is over, false when it has to wait for poll or (op->file->class changed) for a
 * worker. */
static bool advance(struct op *op)
{
    for (;;) {
        int64_t n = attempt(op);
        if (n == -EINTR)
            continue;
        if (n == NOT_NOW)
            return wants_eagain(op) ? finished_early(op, -EAGAIN) : false;
        if (n == -EOPNOTSUPP || n == -EINVAL || n == -ENOSYS) {
            op->file->class = FILE_THREAD;
            return false;
        }
        if (n < 0)
            return finished_early(op, n);
        op->done += (size_t)n;
        if (op->kind == OP_READ || op->done == op->len)
            return finished(op, (int64_t)op->done);
    }
}

static bool plain(struct op *op)
{
    for (;;) {
        char *at = (char *)op->buf + op->done;
        size_t left = op->len - op->done;
        ssize_t n = op->kind == OP_READ ? read(op->file->fd, at, left) : write(op->file->fd, at, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return finished_early(op, -errno);
        op->done += (size_t)n;
        if (op->kind == OP_READ || n == 0 || op->done == op->len)
            return finished(op, (int64_t)op->done);
    }
}

static void push(struct op **list, struct op *op, enum op_place place)
{
    op->place = place;
    op->next = *list;
    *list = op;
}

static void unlink_op(struct op **list, struct op *op)
{
    while (*list != op)
        list = &(*list)->next;
    *list = op->next;
}

static bool to_worker(struct ops *ops, struct op *op)
{
    int err = workers_submit(ops, op);
    if (err)
        return finished_early(op, err);
    op->place = OP_THREAD;
    return false;
}

static bool poll_now(struct op *op)
{
    struct pollfd p = {.fd = op->file->fd, .events = op->poll_events};
    return poll(&p, 1, 0) == 1 && p.revents ? finished(op, p.revents) : false;
}

/* One attempt more. True when the operation is over; else it is in its list. */
static bool try(struct ops *ops, struct op *op)
{
    int64_t result = op->attempt(op);
    if (result == OP_HOLD)
        push(&ops->held, op, OP_HELD);
    else if (result == -EAGAIN && !op->nowait)
        push(&ops->polled, op, OP_POLLED);
    else
        return finished(op, result);
    return false;
}

bool op_start(struct ops *ops, struct op *op)
{
    assert(op->place == OP_IDLE);
    op->done = 0;
    op->cancelled = 0;
    op->worker = NULL;
    if (op->file && op->file->fd < 0)
        return finished(op, -EBADF);
    if (op->kind == OP_TRY)
        return try(ops, op);
    if (op->kind == OP_POLL) {
        if (poll_now(op))
            return true;
        push(&ops->polled, op, OP_POLLED);
        return false;
    }
    if (op->kind != OP_READ && op->kind != OP_WRITE)
        return to_worker(ops, op);
    /* An empty write(2) may wait: to a socket of datagrams it is one. */
    if (op->file->class == FILE_PLAIN || (op->kind == OP_READ && op->len == 0))
        return plain(op);
    if (op->file->class == FILE_NOWAIT) {
        if (advance(op))
            return true;
        if (op->file->class == FILE_NOWAIT) {
            push(&ops->polled, op, OP_POLLED);
            return false;
        }
    }
    return to_worker(ops, op);
}

void op_cancel(struct ops *ops, struct op *op)
{
    switch (op->place) {
    case OP_IDLE:
        return;
    case OP_POLLED:
    case OP_PARKED:
    case OP_HELD:
        unlink_op(op->place == OP_POLLED   ? &ops->polled
                  : op->place == OP_PARKED ? &ops->parked
                                           : &ops->held,
                  op);
        finished_early(op, -EINTR);
        op->finish(op);
        return;
    case OP_THREAD:
        workers_cancel(ops, op);
        return;
    }
}

/* Takes an operation off a list and lets it run on. */
static void run_on(struct ops *ops, struct op *op)
{
    op->place = OP_IDLE;
    if (to_worker(ops, op))
        op->finish(op);
}

void ops_resume(struct ops *ops)
{
    struct op *list = ops->parked;
    ops->stopped = false;
    ops->parked = NULL;
    while (list) {
        struct op *op = list;
        list = op->next;
        run_on(ops, op);
    }
}

/* Those that are to be held again are in the list again. */
void ops_release_held(struct ops *ops)
{
    struct op *list = ops->held;
    ops->held = NULL;
    while (list) {
        struct op *op = list;
        list = op->next;
        op->place = OP_IDLE;
        if (try(ops, op))
            op->finish(op);
    }
}

unsigned ops_poll_count(const struct ops *ops)
{
    unsigned n = 1;
    for (const struct op *op = ops->polled; op; op = op->next)
        n++;
    return n;
}

unsigned ops_poll_set(const struct ops *ops, struct pollfd fds[], unsigned max)
{
    unsigned n = 0;
    for (const struct op *op = ops->polled; op && n < max; op = op->next) {
        short events = op->kind == OP_READ ? POLLIN : op->kind == OP_WRITE ? POLLOUT : op->poll_events;
        fds[n++] = (struct pollfd){.fd = op->file->fd, .events = events};
    }
    if (ops->workers && n < max)
        fds[n++] = (struct pollfd){.fd = workers_event_fd(ops->workers), .events = POLLIN};
    return n;
}

/* A polled descriptor is ready. Finishing may start and cancel other operations, so the list is searched
 * anew. */
static void ready(struct ops *ops, int fd, short revents)
{
    for (struct op *op = ops->polled; op; op = op->next) {
        if (op->file->fd != fd)
            continue;
        if (op->kind == OP_POLL || op->kind == OP_TRY) {
            short of_op = revents & (op->poll_events | POLLERR | POLLHUP | POLLNVAL);
            if (!of_op)
                continue;
            unlink_op(&ops->polled, op);
            if (op->kind == OP_POLL ? finished(op, of_op) : try(ops, op))
                op->finish(op);
            return;
        }
        if (advance(op)) {
            unlink_op(&ops->polled, op);
            op->finish(op);
            return;
        }
        if (op->file->class == FILE_THREAD) {
            unlink_op(&ops->polled, op);
            run_on(ops, op);
            return;
        }
    }
}

/*
 * A worker is done with op. EINTR without a cancel means SIGTTIN or SIGTTOU: the terminal belongs to another
 * process group. Repeated at once it would raise the same signal for ever; so it waits for SIGCONT, unless
 * the signal was only meant for us and the terminal is ours.
 */
static void worker_done(struct ops *ops, struct op *op)
{
    pid_t foreground = op->file ? tcgetpgrp(op->file->fd) : -1;
    op->place = OP_IDLE;
    if (op->result == -EINTR && !op->cancelled) {
        if (ops->stopped || (foreground >= 0 && foreground != getpgrp()))
            push(&ops->parked, op, OP_PARKED);
        else
            run_on(ops, op);
        return;
    }
    finished_early(op, op->result);
    op->finish(op);
}

void ops_polled(struct ops *ops, const struct pollfd fds[], unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        struct op *op;
        if (!fds[i].revents)
            continue;
        if (!ops->workers || fds[i].fd != workers_event_fd(ops->workers)) {
            ready(ops, fds[i].fd, fds[i].revents);
            continue;
        }
        workers_clear_event(ops->workers);
        while ((op = workers_take_done(ops->workers)))
            worker_done(ops, op);
    }
}

bool ops_in_thread(const struct ops *ops)
{
    return ops->workers && workers_busy(ops->workers);
}
