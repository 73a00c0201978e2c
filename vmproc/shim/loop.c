/* loop.c - waits for whatever comes next, until the command is over. */
#include "call.h"
#include "clock.h"
#include "shim.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define P9_READ_BYTES (64u << 10)
#define POLLS_OWN     16 /* what is polled besides operations, at most */
/* For the daemon to say why the VM's ports have closed. */
#define LAST_WORDS_MS 500
/* Who kills a command does not wait for readers that do not read: so long after the last byte that one took. */
#define READER_MS 1000

struct loop {
    struct shim *shim;
    struct pollfd *fds;
    unsigned room; /* of fds */
    uint8_t *p9_bytes;
    uint64_t moved, moved_at; /* output of a killed program: bytes, and when the last one was taken */
};

/* Who owns which part of loop.fds. */
struct layout {
    unsigned ctl, p9, vmprocd, lifeline, clock, strace, out, err, resolver, ops, end;
};

static void receive_p9(struct loop *loop)
{
    struct shim *shim = loop->shim;
    ssize_t n = stream_recv(&shim->p9_stream, loop->p9_bytes, P9_READ_BYTES);
    if (n == -EAGAIN)
        return;
    if (n <= 0) { /* ctl tells why */
        close(shim->p9_stream.fd);
        shim->p9_stream.fd = -1;
        return;
    }
    if (p9_receive(&shim->p9, loop->p9_bytes, (size_t)n) && !shim->exited && !shim->lost)
        shim->lost = "its VM sent something that is no file request";
}

void loop_look_at_lifeline(struct shim *shim)
{
    int queued = 0;
    if (ioctl(shim->args.lifeline_fd, FIONREAD, &queued) == 0 && queued == 0)
        signals_die_of(SIGHUP); /* and the connection to vmprocd, and so the VM, with us */
    close(shim->args.lifeline_fd);
    shim->args.lifeline_fd = -1;
}

static void add(struct loop *loop, unsigned *n, int fd, short events)
{
    loop->fds[(*n)++] = (struct pollfd){.fd = fd, .events = events};
}

/* A server's connections are as many operations. Without memory some have to wait. */
static void make_room(struct loop *loop)
{
    unsigned wanted =
        POLLS_OWN + ops_poll_count(&loop->shim->ops) + resolver_poll_count(&loop->shim->resolver);
    struct pollfd *grown = wanted > loop->room ? realloc(loop->fds, 2 * wanted * sizeof *grown) : NULL;
    if (grown) {
        loop->fds = grown;
        loop->room = 2 * wanted;
    }
}

static struct layout fill_poll_set(struct loop *loop)
{
    struct shim *shim = loop->shim;
    struct layout at = {0};
    unsigned n = 0;
    make_room(loop);
    at.ctl = n;
    add(loop, &n, shim->exited ? -1 : shim->ctl.fd,
        (short)((strace_is_full(shim) ? 0 : POLLIN) | (stream_has_backlog(&shim->ctl) ? POLLOUT : 0)));
    at.p9 = n;
    /* Answers that the guest has not taken: no request is read meanwhile, so that memory is bounded. */
    add(loop, &n, shim->p9_stream.fd, stream_has_backlog(&shim->p9_stream) ? POLLOUT : POLLIN);
    at.vmprocd = n;
    add(loop, &n, shim->vmprocd_fd, POLLIN);
    at.lifeline = n;
    add(loop, &n, shim->args.lifeline_fd, 0);
    at.clock = n;
    add(loop, &n, shim->clock_fd, POLLIN);
    at.strace = n;
    loop->fds[n++] = strace_poll(shim);
    at.out = n;
    n += port_poll_set(&shim->out, loop->fds + n);
    at.err = n;
    n += port_poll_set(&shim->err, loop->fds + n);
    at.resolver = n;
    n += resolver_poll_set(&shim->resolver, loop->fds + n, loop->room - n);
    at.ops = n;
    n += ops_poll_set(&shim->ops, loop->fds + n, loop->room - n);
    at.end = n;
    return at;
}

static void flush(struct stream *stream)
{
    /* If it fails the port is ending; its end is noticed where it is read. */
    stream_flush(stream);
}

static void dispatch(struct loop *loop, const struct layout *at)
{
    struct shim *shim = loop->shim;
    const struct pollfd *fds = loop->fds;
    if (fds[at->ctl].revents & POLLOUT) {
        flush(&shim->ctl);
        job_send_held(shim);
    }
    if (fds[at->p9].revents & POLLOUT)
        flush(&shim->p9_stream);
    else if (fds[at->p9].revents)
        receive_p9(loop);
    port_polled(&shim->out, fds + at->out, at->err - at->out);
    port_polled(&shim->err, fds + at->err, at->resolver - at->err);
    resolver_polled(&shim->resolver, fds + at->resolver, at->ops - at->resolver);
    ops_polled(&shim->ops, fds + at->ops, at->end - at->ops);
    /* After the ports: what was written before EXITED is nearer to its end then. */
    if (fds[at->ctl].revents & ~POLLOUT)
        ctl_receive(shim);
    if (fds[at->strace].revents) {
        strace_polled(shim, fds[at->strace].revents);
        ctl_resume(shim);
    }
    if (fds[at->vmprocd].revents)
        lease_receive(shim);
    if (fds[at->clock].revents)
        clock_jumped(shim);
    if (fds[at->lifeline].revents & POLLHUP)
        loop_look_at_lifeline(shim);
}

/* All bytes that EXITED counted have been delivered, or nobody wants them, or they will never come. */
static bool is_complete(struct shim *shim, const struct port *port, uint64_t bytes)
{
    if (port->delivered >= bytes)
        return true;
    if (port->fd >= 0 || port->writing)
        return false;
    if (!port->is_broken) {
        shim->exited = false; /* its status would promise that all was written */
        shim->lost = "its VM ended before its output was complete";
    }
    return true;
}

static bool is_over(struct shim *shim)
{
    if (shim->lost || shim->cut_short)
        return true;
    return shim->exited && is_complete(shim, &shim->out, shim->end.out_bytes) &&
           is_complete(shim, &shim->err, shim->end.err_bytes);
}

/* The ports closed: vmprocd knows why, if it still is there. */
static void hear_last_words(struct shim *shim)
{
    struct pollfd p = {.fd = shim->vmprocd_fd, .events = POLLIN};
    if (!shim->exited && shim->vmprocd_fd >= 0 && poll(&p, 1, LAST_WORDS_MS) == 1)
        lease_receive(shim);
}

/* How long to wait for the readers of a killed program, in *left; NULL: as long as it takes. */
static const struct timespec *readers_time(struct loop *loop, struct timespec *left)
{
    const struct shim *shim = loop->shim;
    uint64_t moved = port_moved(&shim->out) + port_moved(&shim->err), now, end;

    if (!job_was_killed(shim) || (!shim->out.writing && !shim->err.writing)) {
        loop->moved_at = 0;
        return NULL; /* what lies in the VM still comes, or its loss is told */
    }
    now = now_ns();
    if (!loop->moved_at || moved != loop->moved) {
        loop->moved = moved;
        loop->moved_at = now;
    }
    end = loop->moved_at + READER_MS * 1000000ull;
    *left = (struct timespec){.tv_sec = 0};
    if (now < end)
        *left = (struct timespec){.tv_sec = (time_t)((end - now) / 1000000000),
                                  .tv_nsec = (long)((end - now) % 1000000000)};
    return left;
}

static void turn(struct loop *loop)
{
    struct shim *shim = loop->shim;
    struct layout at = fill_poll_set(loop);
    const sigset_t *mask =
        ops_in_thread(&shim->ops) ? &shim->signals.wait_mask_worker : &shim->signals.wait_mask;
    struct timespec left;
    int ready = ppoll(loop->fds, at.end, readers_time(loop, &left), mask);
    if (ready < 0 && errno != EINTR) { /* it would not wait for anything */
        snprintf(shim->lost_text, sizeof shim->lost_text, "cannot wait for its VM: %s", strerror(errno));
        shim->lost = shim->lost_text;
    }
    if (ready > 0)
        signals_let_in(mask);
    job_signals(shim);
    if (ready > 0)
        dispatch(loop, &at);
    shim->cut_short = ready == 0;
    calls_advance(shim);
    if (shim->exited)
        job_stop_for_output(shim);
    else if (shim->stop_signal)
        job_stop(shim);
}

void loop_run(struct shim *shim)
{
    struct loop loop = {.shim = shim, .p9_bytes = malloc(P9_READ_BYTES)};
    make_room(&loop);
    if (!loop.p9_bytes || !loop.fds)
        shim->lost = "out of memory";
    while (!is_over(shim))
        turn(&loop);
    if (shim->lost)
        hear_last_words(shim);
    free(loop.p9_bytes);
    free(loop.fds);
}
