/* ctl.c - framing, dispatch, calls. */
#include "ctl.h"

#include <linux/errno.h>

#include "child.h"
#include "console.h"
#include "cpu.h"
#include "kmem.h"
#include "lib.h"
#include "log.h"
#include "machine.h"
#include "news.h"
#include "signal.h"
#include "strace.h"
#include "task.h"

#define HOST_NS (5ull * NS_PER_SEC) /* by the clock's guess */

enum state { BOOTING, READY, CALLED, RUNNING, DONE };

static enum state state;
static struct port *const port = &ports[PORT_CTL];
static struct exec_message message;
static uint64_t early_signals; /* that came in CALLED, by SIGNAL_BIT() */
static struct {
    uint64_t come;         /* SIGNALs since EXEC */
    uint64_t taken, fatal; /* for EXITED */
} host_signals;
static struct ctl_pending *pending; /* calls whose answer has not come */
static struct waitq answers;
static uint64_t exec_tsc, first_out_tsc;
static uint64_t written[VIA_ERR + 1];
static bool broken[VIA_ERR + 1];

static NORETURN void garbage(const char *what, uint32_t a, uint32_t b)
{
    log_line("control port: %s (%u, %u)", what, a, b);
    ctl_drain();
    machine_off();
}

/* ---- sending ---- */

static void fill(char *to, enum ctl_type type, const void *a, uint32_t alen, const void *b, uint32_t blen)
{
    struct ctl_head head = {alen + blen, (uint16_t)type, 0};
    memcpy(to, &head, sizeof head);
    memcpy(to + sizeof head, a, alen);
    memcpy(to + sizeof head + alen, b, blen);
}

static void send(enum ctl_type type, const void *a, uint32_t alen, const void *b, uint32_t blen)
{
    uint32_t n = (uint32_t)sizeof(struct ctl_head) + alen + blen;
    if (!port->present)
        return; /* alone.h */
    int error;
    char *room = port_reserve_wait(port, n, false, &error);
    if (!room)
        return; /* the host is gone; ctl_changed() ends us */
    fill(room, type, a, alen, b, blen);
    port_commit(port, n);
}

void ctl_send(enum ctl_type type, const void *body, uint32_t len)
{
    send(type, body, len, NULL, 0);
}

void ctl_send_piece(uint32_t id, const void *bytes, uint32_t n)
{
    struct ctl_piece piece = {id, 0};
    send(CTL_SPAWN, &piece, sizeof piece, bytes, n);
}

void ctl_send_traced(const struct ctl_traced *traced, const char *text, uint32_t n)
{
    send(CTL_TRACED, traced, sizeof *traced, text, n);
}

/* Where there is no waiting: what finds no room is dropped. */
static void send_if_room(enum ctl_type type, const void *body, uint32_t n)
{
    uint32_t len = (uint32_t)sizeof(struct ctl_head) + n;
    char *room = port->host_open ? port_reserve(port, len) : NULL;
    if (!room)
        return;
    fill(room, type, body, n, NULL, 0);
    port_commit(port, len);
}

void ctl_log(const char *line, size_t n)
{
    send_if_room(CTL_LOG, line, (uint32_t)n);
}

void ctl_drain(void)
{
    if (!port->present)
        return;
    uint64_t until = ticks_now() + 1000000000; /* a third of a second or so */
    while (!port_sent(port) && ticks_now() < until)
        cpu_relax();
}

/* ---- calls ---- */

void ctl_call_start(struct ctl_pending *p, const struct ctl_request *r)
{
    static uint32_t last_id;
    *p = (struct ctl_pending){.next = pending, .id = ++last_id, .data = r->data, .data_cap = r->data_cap};
    if (state != RUNNING) { /* a rehearsal: nobody is there to ask */
        p->done = true;
        p->result = -EIO;
        return;
    }
    pending = p;
    struct ctl_call call = {
        .id = p->id,
        .op = r->op,
        .fd = r->fd,
        .data_len = r->data_in,
        .a = r->a,
        .b = r->b,
        .out_mark = written[VIA_OUT],
        .err_mark = written[VIA_ERR],
    };
    send(CTL_CALL, &call, sizeof call, r->data, r->data_in);
}

void ctl_call_cancel(struct ctl_pending *p)
{
    if (p->done || p->cancelled)
        return;
    p->cancelled = true;
    struct ctl_cancel cancel = {p->id, 0};
    ctl_send(CTL_CANCEL, &cancel, sizeof cancel);
}

int64_t ctl_call_finish(struct ctl_pending *p)
{
    while (!p->done)
        waitq_sleep(&answers, NO_DEADLINE, false);
    return p->result;
}

int64_t ctl_call(const struct ctl_request *r)
{
    struct ctl_pending p;
    ctl_call_start(&p, r);
    while (!p.done)
        if (waitq_sleep(&answers, NO_DEADLINE, !p.cancelled) == -EINTR)
            ctl_call_cancel(&p);
    return p.result;
}

void ctl_call_post(const struct ctl_request *r)
{
    struct ctl_pending *p = kmalloc(sizeof *p);
    if (!p)
        return;
    ctl_call_start(p, r);
    p->posted = true;
    if (p->done)
        kfree(p);
}

struct waitq *ctl_call_waitq(void)
{
    return &answers;
}

/* ---- receiving ---- */

static void got_exec(char *body, uint32_t len)
{
    message = (struct exec_message){(void *)body, len, ticks_now()};
    state = CALLED;
}

static void got_signal(char *body, uint32_t len)
{
    struct ctl_signal *s = (void *)body;
    host_signals.come++;
    if (state == RUNNING)
        signal_from_host(s->signo, s->group);
    else if (state == CALLED && signo_valid(s->signo)) /* not for the program that rehearses */
        early_signals |= SIGNAL_BIT(s->signo);
}

static void got_ret(char *body, uint32_t len)
{
    struct ctl_ret *ret = (void *)body;
    if (ret->data_len != len - sizeof *ret)
        garbage("RET with a wrong length", ret->data_len, len);
    for (struct ctl_pending **at = &pending; *at; at = &(*at)->next) {
        struct ctl_pending *p = *at;
        if (p->id != ret->id)
            continue;
        *at = p->next;
        p->done = true;
        p->result = ret->result;
        if (p->data) {
            uint32_t n = MIN(ret->data_len, p->data_cap);
            memcpy(p->data, ret + 1, n);
            if (ret->result >= 0)
                memset((char *)p->data + n, 0, p->data_cap - n);
        }
        if (p->posted)
            kfree(p);
        waitq_wake(&answers);
        return;
    }
    if (state == RUNNING)
        garbage("RET for no call", ret->id, len);
}

static void got_broken(char *body, uint32_t len)
{
    struct ctl_broken *b = (void *)body;
    if (b->via != VIA_OUT && b->via != VIA_ERR)
        garbage("BROKEN for no port", b->via, 0);
    broken[b->via] = true;
    waitq_wake(&ports[b->via == VIA_OUT ? PORT_OUT : PORT_ERR].tx_wait);
}

static void got_room(char *body, uint32_t len)
{
    const struct ctl_room *room = (const void *)body;
    if (room->via != VIA_OUT && room->via != VIA_ERR)
        garbage("ROOM for no port", room->via, 0);
    port_limit(&ports[room->via == VIA_OUT ? PORT_OUT : PORT_ERR], room->limit);
}

static void got_ask_tsc(char *body, uint32_t len)
{
    struct ctl_tsc answer = {ticks_now()};
    send_if_room(CTL_TSC, &answer, sizeof answer);
}

static void got_child(char *body, uint32_t len)
{
    if (state == RUNNING)
        child_of_host_changed((void *)body);
}

static void got_clock(char *body, uint32_t len)
{
    const struct ctl_clock *clock = (void *)body;
    if (state == RUNNING)
        clock_catch_up(exec_tsc, clock->since_exec_ns, clock->realtime_ns);
}

static void got_trace(char *body, uint32_t len)
{
    const struct ctl_trace *trace = (void *)body;
    if (state == RUNNING)
        strace_set(trace->on != 0);
}

static const struct {
    void (*handle)(char *body, uint32_t len);
    uint32_t min, max;
    uint32_t states;
} message_kinds[] = {
    [CTL_EXEC] = {got_exec, sizeof(struct ctl_exec), CTL_MAX_BODY, 1 << READY},
    [CTL_SIGNAL] = {got_signal, sizeof(struct ctl_signal), sizeof(struct ctl_signal),
                    1 << CALLED | 1 << RUNNING | 1 << DONE},
    [CTL_RET] = {got_ret, sizeof(struct ctl_ret), 1 << 20, 1 << RUNNING | 1 << DONE},
    [CTL_CHILD] = {got_child, sizeof(struct ctl_child), sizeof(struct ctl_child), 1 << RUNNING | 1 << DONE},
    [CTL_BROKEN] = {got_broken, sizeof(struct ctl_broken), sizeof(struct ctl_broken),
                    1 << CALLED | 1 << RUNNING | 1 << DONE},
    [CTL_ASK_TSC] = {got_ask_tsc, 0, 0, 1 << READY},
    [CTL_ROOM] = {got_room, sizeof(struct ctl_room), sizeof(struct ctl_room), 1 << RUNNING | 1 << DONE},
    [CTL_CLOCK] = {got_clock, sizeof(struct ctl_clock), sizeof(struct ctl_clock),
                   1 << CALLED | 1 << RUNNING | 1 << DONE},
    [CTL_TRACE] = {got_trace, sizeof(struct ctl_trace), sizeof(struct ctl_trace),
                   1 << CALLED | 1 << RUNNING | 1 << DONE},
};

static bool have_head;
static struct ctl_head head;
static char *body_bytes;
static uint32_t body_have;

static void check_head(void)
{
    if (head.type >= ARRAY_LEN(message_kinds) || !message_kinds[head.type].handle)
        garbage("unknown message", head.type, head.len);
    if (head.len < message_kinds[head.type].min || head.len > message_kinds[head.type].max)
        garbage("message with a wrong length", head.type, head.len);
    if (!(message_kinds[head.type].states >> state & 1))
        garbage("message out of place", head.type, state);
}

static void ctl_arrived(struct port *p)
{
    if (state == BOOTING) { /* left over from before a reset: nothing is said to a guest that is not READY */
        port_consume(p, p->rx_bytes);
        return;
    }
    for (;;) {
        if (!have_head) {
            if (p->rx_bytes < sizeof head)
                return;
            port_read(p, &head, sizeof head);
            check_head();
            body_bytes = buffer_alloc(head.len);
            if (!body_bytes)
                garbage("no memory for a message", head.type, head.len);
            body_have = 0;
            have_head = true;
        }
        uint32_t n = (uint32_t)MIN(p->rx_bytes, head.len - body_have);
        port_read(p, body_bytes + body_have, n);
        body_have += n;
        if (body_have < head.len)
            return;
        have_head = false;
        news_came();
        message_kinds[head.type].handle(body_bytes, head.len);
        if (head.type != CTL_EXEC)
            buffer_free(body_bytes, head.len);
    }
}

static void ctl_changed(struct port *p)
{
    if (!p->host_open)
        machine_off();
}

/* ---- life ---- */

void ctl_init(void)
{
    port->eager = true;
    port->arrived = ctl_arrived;
    port->changed = ctl_changed;
    port_receive(port, 8);
}

static void patience_ends(struct timer *t)
{
}

/* What is sent while nobody listens, QEMU throws away. A vmprocd that was killed while it started us does not come. */
static void wait_for_host(void)
{
    struct timer patience = {.fire = patience_ends};
    timer_start(&patience, clock_monotonic() + HOST_NS);
    while (!port->host_open) {
        if (!patience.armed)
            machine_off();
        idle();
    }
    timer_stop(&patience);
}

void ctl_ready(const struct ctl_ready *ready, uint64_t wait_ns)
{
    struct timer patience = {.fire = patience_ends};
    wait_for_host();
    state = READY;
    struct ctl_ready r = *ready;
    r.tsc = ticks_now();
    ctl_send(CTL_READY, &r, sizeof r);
    timer_start(&patience, clock_monotonic() + wait_ns);
    while (state == READY && patience.armed)
        idle();
    timer_stop(&patience);
}

bool ctl_exec_has_come(void)
{
    return state == CALLED;
}

struct exec_message ctl_wait_exec(void)
{
    while (state == READY)
        idle();
    state = RUNNING;
    exec_tsc = message.received;
    first_out_tsc = 0; /* rehearsals have written, too */
    memset(written, 0, sizeof written);
    if (message.exec->window) {
        port_limit(&ports[PORT_OUT], message.exec->window);
        port_limit(&ports[PORT_ERR], message.exec->window);
    }
    for (uint32_t signo = 1; signo_valid(signo); signo++)
        if (early_signals & SIGNAL_BIT(signo))
            signal_from_host(signo, false);
    return message;
}

void ctl_free_exec(struct exec_message *m)
{
    buffer_free(m->exec, m->len);
    m->exec = NULL;
}

void ctl_count_output(enum ctl_via via, uint64_t n)
{
    written[via] += n;
}

bool ctl_output_broken(enum ctl_via via)
{
    return broken[via];
}

void ctl_note_output(void)
{
    if (!first_out_tsc)
        first_out_tsc = ticks_now();
}

void ctl_exiting(uint64_t fatal)
{
    host_signals.taken = host_signals.come;
    host_signals.fatal = fatal;
}

void ctl_exited(enum ctl_exit_how how, uint32_t value, uint64_t max_rss_bytes)
{
    struct ctl_exited e = {
        .how = how,
        .value = value,
        .out_bytes = written[VIA_OUT],
        .err_bytes = written[VIA_ERR],
        .user_ns = account_ns(ACCOUNT_USER),
        .system_ns = account_ns(ACCOUNT_SYSTEM),
        .max_rss_bytes = max_rss_bytes,
        .first_out_ns = first_out_tsc ? ticks_to_ns(first_out_tsc - exec_tsc) : 0,
        .signals_taken = host_signals.taken,
        .signals_fatal = host_signals.fatal,
    };
    state = DONE;
    ctl_send(CTL_EXITED, &e, sizeof e);
}
