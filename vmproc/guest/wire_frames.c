/* wire_frames.c - a wire through the ports alone: frames in, frames out. */
#include "wire_ways.h"

#include <linux/errno.h>

#include "console.h"
#include "lib.h"
#include "log.h"
#include "poll.h"

#define RX_PAGES 128u

/*
 * A place in a stream of frames. The reader has two: `seen` runs ahead over everything that has arrived, to
 * answer EOF at once; `given` follows with what the program has read.
 */
enum place { AWAIT_OPEN, FRAMES, ENDED, CUT };
struct cursor {
    enum place place;
    uint32_t data_left; /* of the DATA frame we are in */
    uint32_t have;      /* bytes of the head, or of OPEN with its key */
    uint8_t head[sizeof(struct wire_head) + sizeof(uint64_t)];
};

static struct {
    uint64_t key;
    struct cursor seen, given;
    uint64_t seen_ahead; /* bytes of the port that `seen` has passed and `given` has not */
    bool closed_sent;
} in;

static struct {
    uint64_t key;
    enum { UNOPENED, OPEN, EOF_SENT, FINISHED, BROKEN } state;
    uint32_t have;
    uint8_t head[sizeof(struct wire_head)];
} out;

static struct port *const prev = &ports[PORT_PREV], *const next = &ports[PORT_NEXT];

/* ---- reading ---- */

static void check_frame(struct cursor *c)
{
    struct wire_head h;
    memcpy(&h, c->head, sizeof h);
    if (c->place == AWAIT_OPEN) {
        uint64_t key;
        memcpy(&key, c->head + sizeof h, sizeof key);
        c->place = h.type == WIRE_OPEN && h.len == sizeof key && key == in.key ? FRAMES : CUT;
    } else if (h.type == WIRE_DATA && h.len >= 1 && h.len <= WIRE_MAX_DATA) {
        c->data_left = h.len;
    } else {
        c->place = h.type == WIRE_EOF && h.len == 0 ? ENDED : CUT;
    }
    c->have = 0;
}

/* Passes head bytes, at most up to the end of one head: how many. */
static size_t pass_head(struct cursor *c, const char *bytes, size_t n)
{
    uint32_t whole = sizeof(struct wire_head) + (c->place == AWAIT_OPEN ? sizeof(uint64_t) : 0);
    size_t part = MIN(n, whole - c->have);
    memcpy(c->head + c->have, bytes, part);
    c->have += (uint32_t)part;
    if (c->have == whole)
        check_frame(c);
    return part;
}

static void pass(struct cursor *c, const char *bytes, size_t n)
{
    while (n && c->place <= FRAMES) {
        size_t part;
        if (c->data_left) {
            part = MIN(n, c->data_left);
            c->data_left -= (uint32_t)part;
        } else {
            part = pass_head(c, bytes, n);
        }
        bytes += part;
        n -= part;
    }
}

static void send_closed(void)
{
    if (in.closed_sent)
        return;
    in.closed_sent = true;
    struct wire_head *h = (void *)port_reserve(prev, sizeof *h);
    if (!h)
        return;
    *h = (struct wire_head){WIRE_CLOSED, 0};
    port_commit(prev, sizeof *h);
}

/* `seen` looks at each page once, when it arrives: the port lets us look behind what `given` has consumed. */
static void prev_arrived(struct port *p)
{
    const char *bytes;
    size_t n;
    while ((n = port_peek_at(p, in.seen_ahead, &bytes)) != 0) {
        pass(&in.seen, bytes, n);
        in.seen_ahead += n;
    }
    if (in.seen.place == ENDED)
        send_closed();
}

static void consume(size_t n)
{
    in.seen_ahead -= n;
    port_consume(prev, n);
}

/* Consumes heads until data, the end or the end of what is there. */
static void skip_heads(void)
{
    const char *bytes;
    size_t n;
    while (!in.given.data_left && in.given.place <= FRAMES && (n = port_peek(prev, &bytes)) != 0)
        consume(pass_head(&in.given, bytes, n));
}

/* Copies data that is there. Bytes, 0 for none, or -EFAULT. */
static long take_data(struct iobuf *to)
{
    size_t done = 0;
    for (skip_heads(); done < to->len && in.given.data_left; skip_heads()) {
        const char *bytes;
        size_t n = MIN(MIN(port_peek(prev, &bytes), in.given.data_left), to->len - done);
        if (n == 0)
            break;
        if (iobuf_put(to, done, bytes, n) != 0)
            return done ? (long)done : -EFAULT;
        in.given.data_left -= (uint32_t)n;
        done += n;
        consume(n);
    }
    return (long)done;
}

static long frames_read(struct iobuf *to, bool wait)
{
    for (;;) {
        port_poll(prev);
        long n = take_data(to);
        if (n || to->len == 0)
            return n;
        if (in.given.place == ENDED)
            return 0;
        if (in.given.place == CUT || !prev->host_open) {
            in.given.place = CUT;
            return -EIO;
        }
        if (!wait)
            return -EAGAIN;
        if (waitq_sleep(&prev->rx_wait, NO_DEADLINE, true) == -EINTR)
            return -EINTR;
    }
}

static unsigned frames_in_poll(void)
{
    port_poll(prev);
    skip_heads();
    const char *bytes;
    if (in.given.data_left && port_peek(prev, &bytes))
        return POLLIN | POLLRDNORM;
    if (in.given.place == ENDED)
        return POLLIN | POLLHUP;
    return in.given.place == CUT || !prev->host_open ? POLLIN | POLLERR : 0;
}

/* ---- writing ---- */

static bool broken(void)
{
    if (out.state <= OPEN && !next->host_open)
        out.state = BROKEN;
    return out.state == BROKEN;
}

/* The reader has one thing to say: CLOSED. Anything else is not a reader. */
static void next_arrived(struct port *p)
{
    const char *bytes;
    size_t n;
    while ((n = port_peek(p, &bytes)) != 0) {
        size_t part = MIN(n, sizeof out.head - out.have);
        if (out.state == FINISHED || out.state == BROKEN) { /* all has been said */
            port_consume(p, n);
            continue;
        }
        memcpy(out.head + out.have, bytes, part);
        out.have += (uint32_t)part;
        port_consume(p, part);
        if (out.have < sizeof out.head)
            continue;
        out.have = 0;
        struct wire_head h;
        memcpy(&h, out.head, sizeof h);
        if (h.type != WIRE_CLOSED || h.len != 0)
            log_line("wire: the reader sent something else than CLOSED");
        out.state = out.state == EOF_SENT ? FINISHED : BROKEN;
        waitq_wake(&p->tx_wait);
    }
}

static long put_frame(enum wire_type type, const struct iobuf *from, size_t at, uint32_t len,
                      bool interruptible)
{
    struct wire_head h = {type, len};
    int error = 0;
    char *room = port_reserve_wait(next, (uint32_t)sizeof h + len, interruptible, &error);
    if (!room || broken())
        return room ? -EPIPE : error;
    memcpy(room, &h, sizeof h);
    if (len && iobuf_get(from, at, room + sizeof h, len) != 0)
        return -EFAULT;
    port_commit(next, (uint32_t)sizeof h + len);
    return len;
}

static long open_wire(bool interruptible)
{
    if (out.state != UNOPENED)
        return 0;
    struct iobuf key = {(char *)&out.key, sizeof out.key, false};
    long n = put_frame(WIRE_OPEN, &key, 0, sizeof out.key, interruptible);
    if (n > 0)
        out.state = OPEN;
    return n < 0 ? n : 0;
}

static unsigned frames_out_poll(void)
{
    if (broken())
        return POLLERR | POLLOUT;
    virtq_want(&next->tx, 1);
    return port_reserve(next, sizeof(struct wire_head) + WIRE_MAX_DATA) ? POLLOUT | POLLWRNORM : 0;
}

static long frames_write(struct iobuf *from, bool wait)
{
    size_t done = 0;
    if (broken())
        return -EPIPE;
    if (!wait && !(frames_out_poll() & POLLOUT))
        return -EAGAIN;
    long r = open_wire(true);
    while (r >= 0 && done < from->len) {
        struct iobuf rest = {from->base + done, MIN(from->len - done, WIRE_MAX_DATA), from->user};
        r = iobuf_prepare(&rest, rest.len, false);
        if (r == 0)
            r = put_frame(WIRE_DATA, &rest, 0, (uint32_t)rest.len, true);
        if (r > 0)
            done += (size_t)r;
        ctl_note_output();
    }
    return done ? (long)done : r;
}

static void frames_out_close(void)
{
    if (out.state == EOF_SENT || out.state == FINISHED || broken())
        return;
    if (open_wire(false) == 0 && put_frame(WIRE_EOF, NULL, 0, 0, false) == 0)
        out.state = EOF_SENT;
    else
        out.state = BROKEN;
}

static void frames_out_finish(void)
{
    frames_out_close();
    while (out.state == EOF_SENT && next->host_open)
        waitq_sleep(&next->tx_wait, NO_DEADLINE, false);
}

/* ---- beginning ---- */

static bool frames_in_open(uint64_t key)
{
    in.key = key;
    prev->eager = true;
    prev->arrived = prev_arrived;
    return port_receive(prev, RX_PAGES);
}

static bool frames_out_open(uint64_t key)
{
    out.key = key;
    next->eager = true;
    next->arrived = next_arrived;
    return port_receive(next, 1);
}

const struct wire_reader wire_frames_reader = {frames_in_open, frames_read, frames_in_poll, send_closed};
const struct wire_writer wire_frames_writer = {frames_out_open, frames_write, frames_out_poll,
                                               frames_out_close, frames_out_finish};
