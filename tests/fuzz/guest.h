/*
 * guest.h - a machine around a piece of the guest, for targets that include its source: ports whose bytes are the
 * fuzzer's, memory that ASan watches, no other task.
 *
 * Whoever waits gets the next piece of the input; where that has ended, the host has closed the port. A machine that
 * goes off ends the run: by longjmp(3), since guest code that ends the machine does not return.
 */
#ifndef FUZZ_GUEST_H
#define FUZZ_GUEST_H

#include "vmproc/guest/console.h"
#include "vmproc/guest/cpu.h"
#include "vmproc/guest/file.h"
#include "vmproc/guest/kmem.h"
#include "vmproc/guest/lib.h"
#include "vmproc/guest/log.h"
#include "vmproc/guest/machine.h"
#include "vmproc/guest/news.h"
#include "vmproc/guest/task.h"

#include <linux/errno.h>
#include <setjmp.h>

/* The host's headers and the kernel's, which the guest uses, declare the same things in two ways. */
void *calloc(size_t count, size_t size);
void free(void *p);
NORETURN void abort(void);

#define ARRIVED_MAX (1u << 20)
#define SENT_MAX    (1u << 19)

struct port ports[NPORTS];
struct task first_task = {.leader = &first_task}, *current = &first_task;

static struct {
    const uint8_t *bytes;
    size_t left;
    uint64_t now;
    jmp_buf off;
    void *allocated[4096]; /* given back after each run */
    unsigned nallocated;
    char arrived[NPORTS][ARRIVED_MAX];
    size_t at[NPORTS];
    char sent[SENT_MAX];
} machine;

/* ---- the input ---- */

static uint8_t next_byte(void)
{
    if (machine.left == 0)
        return 0;
    machine.left--;
    return *machine.bytes++;
}

static void arrive(struct port *port, const void *bytes, size_t n)
{
    unsigned i = (unsigned)(port - ports);
    if (machine.at[i] + port->rx_bytes + n > ARRIVED_MAX)
        longjmp(machine.off, 1);
    memcpy(machine.arrived[i] + machine.at[i] + port->rx_bytes, bytes, n);
    port->rx_bytes += n;
    if (port->arrived)
        port->arrived(port);
}

/* The next piece of the input comes in at that port. */
static void feed_raw(struct port *port)
{
    size_t n = next_byte();
    n = n > machine.left ? machine.left : n;
    machine.bytes += n;
    machine.left -= n;
    arrive(port, machine.bytes - n, n);
}

static void feed(void); /* the target's: whatever comes next */

static void more(void)
{
    if (machine.left)
        feed();
    else
        for (unsigned i = 0; i < NPORTS; i++)
            ports[i].host_open = false;
}

/* ---- the machine ---- */

void machine_off(void)
{
    longjmp(machine.off, 1);
}

void panic(const char *fmt, ...)
{
    abort(); /* nothing that a host says may bring that about */
}

void news_came(void)
{
} /* nothing is read ahead */

void log_line(const char *fmt, ...)
{
}

static void *allocate(size_t size)
{
    void *p = machine.nallocated < ARRAY_LEN(machine.allocated) ? calloc(1, size ? size : 1) : NULL;
    if (p)
        machine.allocated[machine.nallocated++] = p;
    return p;
}

static void give_back(void *p)
{
    for (unsigned i = 0; p && i < machine.nallocated; i++) {
        if (machine.allocated[i] != p)
            continue;
        machine.allocated[i] = machine.allocated[--machine.nallocated];
        free(p);
        return;
    }
    if (p)
        abort(); /* freed twice */
}

void *kmalloc(size_t size)
{
    return allocate(size);
}

void kfree(void *p)
{
    give_back(p);
}

void *kv_alloc(size_t size)
{
    return allocate(size);
}

void kv_free(void *p, size_t size)
{
    give_back(p);
}

void *buffer_alloc(size_t size)
{
    return size < SENT_MAX ? allocate(size) : NULL;
}

void buffer_free(void *p, size_t size)
{
    give_back(p);
}

/* ---- waiting ---- */

int waitq_sleep(struct waitq *q, uint64_t deadline, bool interruptible)
{
    bool interrupted = interruptible && machine.left && *machine.bytes == 0xff;
    more();
    return interrupted ? -EINTR : 0;
}

void waitq_wake(struct waitq *q)
{
}

void idle(void)
{
    if (!machine.left)
        machine_off();
    more();
}

uint64_t clock_monotonic(void)
{
    return ++machine.now;
}

void timer_start(struct timer *t, uint64_t when)
{
    t->armed = false;
}

void timer_stop(struct timer *t)
{
}

/* ---- ports ---- */

bool port_receive(struct port *port, unsigned pages)
{
    return true;
}

void port_poll(struct port *port)
{
}

/* As from pages: pieces end where those do. */
size_t port_peek_at(struct port *port, uint64_t ahead, const char **bytes)
{
    unsigned i = (unsigned)(port - ports);
    uint64_t at = machine.at[i] + ahead;
    if (ahead > port->rx_bytes)
        abort();
    *bytes = machine.arrived[i] + at;
    return MIN(port->rx_bytes - ahead, PAGE_SIZE - at % PAGE_SIZE);
}

size_t port_peek(struct port *port, const char **bytes)
{
    return port_peek_at(port, 0, bytes);
}

void port_consume(struct port *port, size_t n)
{
    if (n > port->rx_bytes)
        abort();
    port->rx_bytes -= n;
    machine.at[port - ports] += n;
}

void port_read(struct port *port, void *to, size_t n)
{
    if (n > port->rx_bytes)
        abort();
    memcpy(to, machine.arrived[port - ports] + machine.at[port - ports], n);
    port_consume(port, n);
}

bool port_want(struct port *port, uint64_t n)
{
    return false;
}

char *port_reserve(struct port *port, uint32_t n)
{
    return n <= SENT_MAX ? machine.sent : NULL;
}

char *port_reserve_wait(struct port *port, uint32_t n, bool interruptible, int *error)
{
    char *room = port_is_open(port) ? port_reserve(port, n) : NULL;
    if (!room)
        *error = -EPIPE;
    return room;
}

void port_limit(struct port *port, uint64_t limit)
{
}

/* ---- memory of programs ---- */

int iobuf_prepare(const struct iobuf *b, size_t n, bool for_write_by_kernel)
{
    return 0;
}

int iobuf_put(const struct iobuf *b, size_t at, const void *from, size_t n)
{
    if (at > b->len || n > b->len - at)
        abort();
    memcpy(b->base + at, from, n);
    return 0;
}

int iobuf_get(const struct iobuf *b, size_t at, void *to, size_t n)
{
    if (at > b->len || n > b->len - at)
        abort();
    memcpy(to, b->base + at, n);
    return 0;
}

/* ---- a run ---- */

static void run_machine(void (*program)(void), const uint8_t *bytes, size_t n)
{
    machine.bytes = bytes;
    machine.left = n;
    memset(machine.at, 0, sizeof machine.at);
    memset(ports, 0, sizeof ports);
    for (unsigned i = 0; i < NPORTS; i++)
        ports[i].present = ports[i].host_open = true;
    if (setjmp(machine.off) == 0)
        program();
    while (machine.nallocated)
        free(machine.allocated[--machine.nallocated]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#endif
