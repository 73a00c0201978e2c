/*
 * wire_ring.c - a wire through shared memory (ring.h): counts tell what is there, a byte through the port is
 * a bell for the other side when it sleeps. The port's hang-up tells that the other machine has gone; what it
 * had written stays.
 */
#include "wire_ways.h"

#include <linux/errno.h>

#include "console.h"
#include "lib.h"
#include "news.h"
#include "poll.h"
#include "ring.h"
#include "ringdev.h"
#include "sched.h"
#include "timer.h"

#define BELL_PAGES 4u
#define PIECE      (16ul << 10) /* counted at once: the other side goes on while the next one is copied */
#define LOOK_ON_NS 50000        /* about what a bell costs both machines' QEMUs, whose threads it wakes */
#define ATOMIC     4096ul       /* PIPE_BUF: so many bytes of one write stay together */

struct side {
    struct ring ring;
    struct port *port;
    struct waitq *wait;
    bool ended;
};

static struct side in, out;

/* When the port is full of bells that nobody has taken, one more would tell nothing. */
static void ring_bell(struct side *s)
{
    char *byte = port_reserve(s->port, 1);
    if (!byte)
        return;
    *byte = 0;
    port_commit(s->port, 1);
}

static void bell_rang(struct port *p)
{
    port_consume(p, p->rx_bytes);
    waitq_wake(&p->tx_wait); /* a writer waits there, a reader at rx_wait */
}

static bool begin(struct side *s, struct port *port, struct waitq *wait, bool writes, uint64_t key)
{
    void *memory = ringdev_memory(writes);
    if (!memory)
        return false;
    s->port = port;
    s->wait = wait;
    port->eager = true;
    port->arrived = bell_rang;
    ring_begin(&s->ring, memory, writes, key);
    return port_receive(port, BELL_PAGES);
}

static void advance(struct side *s, size_t n)
{
    if (ring_advance(&s->ring, n))
        ring_bell(s);
}

/*
 * Whether something can be done soon enough, without a bell. A neighbour that is busy counts a piece in less than
 * that; a wait that ends by a bell after all costs twice as much as without this, at most.
 */
static bool comes_soon(struct side *s)
{
    if (sched_is_shared())
        return false;
    uint64_t until = clock_monotonic() + LOOK_ON_NS;
    do {
        for (unsigned i = 0; i < 64; i++)
            if (ring_ready(&s->ring) || s->ring.cut || ring_other_ended(&s->ring))
                return true;
    } while (clock_monotonic() < until);
    return false;
}

/* Until n bytes can be done, or something else has changed. 0 or -EINTR. */
static int sleep(struct side *s, size_t n)
{
    news_came();
    return ring_must_wait(&s->ring, n) ? waitq_sleep(s->wait, NO_DEADLINE, true) : 0;
}

static void end(struct side *s)
{
    if (s->ended)
        return;
    s->ended = true;
    ring_end(&s->ring);
    ring_bell(s);
}

/* ---- reading ---- */

static bool in_open(uint64_t key)
{
    return begin(&in, &ports[PORT_PREV], &ports[PORT_PREV].rx_wait, false, key);
}

/* Bringing in the program's pages may let another task read, so what lies there is looked at again. */
static long take(struct iobuf *to)
{
    size_t done = 0, n;
    int error = 0;
    do {
        char *at;
        struct iobuf rest = {to->base + done, MIN(to->len - done, PIECE), to->user};
        n = ring_span(&in.ring, rest.len, &at);
        error = iobuf_prepare(&rest, n, true);
        n = error ? 0 : ring_span(&in.ring, n, &at);
        if (n && iobuf_put(&rest, 0, at, n) != 0)
            error = -EFAULT;
        if (n && !error)
            advance(&in, n);
        done += error ? 0 : n;
    } while (n && !error && done < to->len);
    return done ? (long)done : error;
}

/* What to say when nothing is there; looked at before that: an end, and a machine that has gone, are final.
 */
struct end {
    bool ended, cut;
};

static struct end look_for_end(void)
{
    port_poll(in.port);
    bool gone = !in.port->host_open, ended = ring_other_ended(&in.ring);
    return (struct end){ended, gone && !ended};
}

static long ring_read(struct iobuf *to, bool wait)
{
    for (;;) {
        struct end e = look_for_end();
        long n = take(to);
        if (n || to->len == 0)
            return n;
        if (in.ring.cut || e.cut)
            return -EIO;
        if (e.ended)
            return 0;
        if (!wait)
            return -EAGAIN;
        if (!comes_soon(&in) && sleep(&in, 1) != 0)
            return -EINTR;
    }
}

static unsigned ring_in_poll(void)
{
    struct end e = look_for_end();
    if (ring_ready(&in.ring))
        return POLLIN | POLLRDNORM;
    if (in.ring.cut || e.cut)
        return POLLIN | POLLERR;
    if (e.ended)
        return POLLIN | POLLHUP;
    return ring_must_wait(&in.ring, 1) ? 0 : POLLIN | POLLRDNORM;
}

static void in_close(void)
{
    end(&in);
}

/* ---- writing ---- */

static bool out_open(uint64_t key)
{
    return begin(&out, &ports[PORT_NEXT], &ports[PORT_NEXT].tx_wait, true, key);
}

static bool broken(void)
{
    port_poll(out.port);
    return out.ring.cut || !out.port->host_open || ring_other_ended(&out.ring);
}

static long give(struct iobuf *from, size_t done)
{
    char *at;
    struct iobuf piece = {from->base + done, MIN(from->len - done, PIECE), from->user};
    int error = iobuf_prepare(&piece, piece.len, false);
    if (error)
        return error;
    size_t n = ring_span(&out.ring, piece.len, &at);
    if (iobuf_get(&piece, 0, at, n) != 0)
        return -EFAULT;
    advance(&out, n);
    return (long)n;
}

/*
 * A writer that waits is woken when half of the ring is free, or what it still has to write: until then its
 * write(2) could not return either.
 */
static long ring_write(struct iobuf *from, bool wait)
{
    size_t done = 0;
    long error = 0;
    while (done < from->len && error == 0) {
        size_t rest = from->len - done, least = from->len <= ATOMIC ? rest : 1;
        if (broken()) {
            error = -EPIPE;
        } else if (ring_ready(&out.ring) >= least) {
            long n = give(from, done);
            error = MIN(n, 0);
            done += n > 0 ? (size_t)n : 0;
        } else if (!wait) {
            error = -EAGAIN;
        } else {
            error = sleep(&out, MIN(rest, RING_BYTES / 2));
        }
    }
    ctl_note_output();
    return done ? (long)done : error;
}

static unsigned ring_out_poll(void)
{
    if (broken())
        return POLLERR | POLLOUT;
    return ring_must_wait(&out.ring, ATOMIC) ? 0 : POLLOUT | POLLWRNORM;
}

static void out_close(void)
{
    end(&out);
}

const struct wire_reader wire_ring_reader = {in_open, ring_read, ring_in_poll, in_close};
/* The last bytes need this machine no more: they lie in memory that is the reader's, too. */
const struct wire_writer wire_ring_writer = {out_open, ring_write, ring_out_poll, out_close, out_close};
