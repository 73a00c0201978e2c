/* wire.c - which way a wire goes, and how many descriptors use it. */
#include "wire.h"

#include <linux/errno.h>

#include "console.h"
#include "poll.h"
#include "wire_ways.h"

static const struct wire_reader *in; /* NULL: no wire */
static const struct wire_writer *out;
static unsigned in_refs, out_refs;

bool wire_open(const struct ctl_exec *e)
{
    const struct wire_reader *r = e->flags & EXEC_RING_IN ? &wire_ring_reader : &wire_frames_reader;
    const struct wire_writer *w = e->flags & EXEC_RING_OUT ? &wire_ring_writer : &wire_frames_writer;
    if (e->flags & EXEC_WIRE_IN && !r->open(e->wire_in_key))
        return false;
    if (e->flags & EXEC_WIRE_IN)
        in = r;
    if (e->flags & EXEC_WIRE_OUT && !w->open(e->wire_out_key))
        return false;
    if (e->flags & EXEC_WIRE_OUT)
        out = w;
    return true;
}

void wire_in_ref(void)
{
    in_refs++;
}

void wire_in_unref(void)
{
    if (--in_refs == 0 && in)
        in->close();
}

void wire_out_ref(void)
{
    out_refs++;
}

void wire_out_unref(void)
{
    if (--out_refs == 0 && out)
        out->close();
}

long wire_read(struct iobuf *to, bool wait)
{
    return in ? in->read(to, wait) : 0;
}

long wire_write(struct iobuf *from, bool wait)
{
    return out ? out->write(from, wait) : -EPIPE;
}

unsigned wire_in_poll(void)
{
    return in ? in->poll() : POLLIN | POLLHUP;
}

unsigned wire_out_poll(void)
{
    return out ? out->poll() : POLLOUT | POLLERR;
}

struct waitq *wire_in_waitq(void)
{
    return &ports[PORT_PREV].rx_wait;
}

struct waitq *wire_out_waitq(void)
{
    return &ports[PORT_NEXT].tx_wait;
}

void wire_finish(void)
{
    if (in)
        in->close(); /* also when no descriptor ever used it */
    if (out)
        out->finish();
}
