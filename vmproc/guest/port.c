/* port.c - byte streams over a pair of virtqueues. */
#include "port.h"

#include <linux/errno.h>

#include "lib.h"
#include "log.h"
#include "news.h"
#include "pmem.h"

#define PRETENDED_PAGES 8u /* a rehearsal's host says little, and pages once used stay the machine's */

void port_init(struct port *port, const char *name, uint32_t tx_size)
{
    port->name = name;
    port->tx_size = tx_size;
    port->tx_ring = pages_contiguous(tx_size / PAGE_SIZE);
}

/* ---- receiving ---- */

static void post(struct port *port, char *page)
{
    port->rx_page[port->rx.added % port->rx.size] = page;
    virtq_add(&port->rx, va_to_pa(page), PAGE_SIZE, true);
}

/* The page at rx_read has been consumed. */
static void repost(struct port *port)
{
    post(port, port->rx_page[port->rx_read % port->rx.size]);
    port->rx_read++;
    port->rx_offset = 0;
}

bool port_receive(struct port *port, unsigned pages)
{
    if (port->rx_pages)
        return true;
    pages = MIN(pages, port->pretended ? PRETENDED_PAGES : port->rx.size);
    for (; port->rx_pages < pages; port->rx_pages++) {
        char *page = page_alloc_dirty();
        if (!page)
            break;
        post(port, page);
    }
    virtq_want(&port->rx, 1);
    virtq_kick(&port->rx);
    return port->rx_pages > 0;
}

void port_poll(struct port *port)
{
    if (!port->rx_pages)
        return;
    do {
        uint64_t before = port->rx_bytes;
        uint32_t len;
        while (virtq_reap(&port->rx, &len)) {
            uint16_t slot = (uint16_t)(port->rx.reaped - 1) % port->rx.size;
            port->rx_len[slot] = len;
            port->rx_bytes += len;
        }
        if (port->rx_bytes == before)
            continue;
        waitq_wake(&port->rx_wait);
        if (port->arrived)
            port->arrived(port);
    } while (port->eager && virtq_want(&port->rx, 1));
}

size_t port_peek(struct port *port, const char **bytes)
{
    while (port->rx_read != port->rx.reaped) {
        uint16_t slot = port->rx_read % port->rx.size;
        *bytes = port->rx_page[slot] + port->rx_offset;
        if (port->rx_len[slot] > port->rx_offset)
            return port->rx_len[slot] - port->rx_offset;
        repost(port); /* an empty buffer */
    }
    return 0;
}

size_t port_peek_at(struct port *port, uint64_t ahead, const char **bytes)
{
    ahead += port->rx_offset;
    for (uint16_t i = port->rx_read; i != port->rx.reaped; i++) {
        uint16_t slot = i % port->rx.size;
        if (ahead < port->rx_len[slot]) {
            *bytes = port->rx_page[slot] + ahead;
            return port->rx_len[slot] - ahead;
        }
        ahead -= port->rx_len[slot];
    }
    return 0;
}

void port_consume(struct port *port, size_t n)
{
    const char *bytes;
    port->rx_bytes -= n;
    while (n) {
        size_t part = MIN(port_peek(port, &bytes), n);
        assert(part);
        port->rx_offset += (uint32_t)part;
        n -= part;
        if (port->rx_offset == port->rx_len[port->rx_read % port->rx.size])
            repost(port);
    }
    virtq_kick(&port->rx);
}

void port_read(struct port *port, void *to, size_t n)
{
    char *d = to;
    while (n) {
        const char *bytes;
        size_t part = MIN(port_peek(port, &bytes), n);
        assert(part);
        memcpy(d, bytes, part);
        port_consume(port, part);
        d += part;
        n -= part;
    }
}

bool port_want(struct port *port, uint64_t n)
{
    port_poll(port);
    uint64_t buffers = MAX(1, ALIGN_UP(n, PAGE_SIZE) / PAGE_SIZE);
    return virtq_want(&port->rx, (uint16_t)MIN(buffers, port->rx_pages / 2u + 1));
}

/* ---- sending ---- */

static void reclaim(struct port *port)
{
    uint32_t len;
    while (virtq_reap(&port->tx, &len))
        port->tx_tail = port->tx_end[(uint16_t)(port->tx.reaped - 1) % port->tx.size];
    if (virtq_in_flight(&port->tx) == 0)
        port->tx_head = port->tx_tail = 0; /* the same few pages again and again */
}

void port_limit(struct port *port, uint64_t limit)
{
    if (!port->tx_limit)
        port->tx_sent = 0;
    if (limit <= port->tx_limit)
        return;
    port->tx_limit = limit;
    waitq_wake(&port->tx_wait);
}

static bool at_limit(const struct port *port, uint32_t n)
{
    return port->tx_limit && port->tx_limit - port->tx_sent < n;
}

char *port_reserve(struct port *port, uint32_t n)
{
    assert(n <= port->tx_size / 2);
    if (at_limit(port, n))
        return NULL;
    reclaim(port);
    uint16_t flying = virtq_in_flight(&port->tx);
    if (flying == port->tx.size)
        return NULL;
    if (flying == 0 || port->tx_head > port->tx_tail) {
        if (port->tx_size - port->tx_head >= n)
            return port->tx_ring + port->tx_head;
        if (port->tx_tail > n) {
            port->tx_head = 0;
            return port->tx_ring;
        }
        return NULL;
    }
    return port->tx_tail - port->tx_head > n ? port->tx_ring + port->tx_head : NULL;
}

void port_commit(struct port *port, uint32_t n)
{
    uint16_t slot = port->tx.added % port->tx.size;
    uint64_t pa = va_to_pa(port->tx_ring + port->tx_head);
    port->tx_head += n;
    port->tx_sent += n;
    port->tx_end[slot] = port->tx_head;
    virtq_add(&port->tx, pa, n, false);
    virtq_kick(&port->tx);
}

char *port_reserve_wait(struct port *port, uint32_t n, bool interruptible, int *error)
{
    for (;;) {
        char *room = port_reserve(port, n);
        if (room)
            return room;
        if (!port_is_open(port)) {
            *error = -EPIPE;
            return NULL;
        }
        if (!at_limit(port, n) && virtq_want(&port->tx, 1))
            continue;
        *error = waitq_sleep(&port->tx_wait, NO_DEADLINE, interruptible);
        news_came(); /* the host has read what was sent before */
        if (*error)
            return NULL;
    }
}

bool port_sent(struct port *port)
{
    reclaim(port);
    return virtq_in_flight(&port->tx) == 0;
}

void port_forget(struct port *port)
{
    for (uint16_t i = 0; i < port->rx_pages; i++)
        page_free(port->rx_page[i]);
    port->rx_pages = 0;
}
