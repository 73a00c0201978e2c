#include "watchdog.h"
#include "daemon.h"

#include <pthread.h>
#include <stdlib.h>

#define TICK_MS  500
#define ASK_MS   1000 /* from question to question */
#define GIVEN_MS 3000 /* for an answer */

struct question {
    struct router *r;
    unsigned epoch;
    virConnectPtr conn;
    uint64_t asked_ns;
};

static void on_answer(void *data)
{
    struct question *question = data;
    struct watchdog *w = &question->r->watchdog;

    if (w->epoch == question->epoch) {
        w->asked = false;
        w->rtt_us = (uv_hrtime() - question->asked_ns) / 1000;
    }
    free(question);
}

static void *ask_thread(void *data)
{
    struct question *question = data;
    unsigned long version;

    virConnectGetLibVersion(question->conn,
                            &version); /* an error is an answer: the close callback tells the rest */
    virConnectClose(question->conn);
    inbox_post(&question->r->d->inbox, on_answer, question);
    return NULL;
}

static void ask(struct router *r)
{
    struct watchdog *w = &r->watchdog;
    struct question *question = malloc(sizeof *question);
    pthread_t thread;

    if (!question)
        return;
    *question = (struct question){.r = r, .epoch = r->epoch, .conn = r->conn, .asked_ns = uv_hrtime()};
    virConnectRef(question->conn);
    if (pthread_create(&thread, NULL, ask_thread, question) != 0) {
        virConnectClose(question->conn);
        free(question);
        return;
    }
    pthread_detach(thread);
    w->asked = true;
    w->epoch = r->epoch;
    w->asked_at = uv_now(&r->d->loop);
    w->ticks = 0;
}

static bool reason_to_watch(struct router *r)
{
    return r->watchdog.calls > 0 || r->watchdog.asked || pool_count(r, VM_LEASED) > 0 ||
           pool_count(r, VM_SUSPENDED) > 0;
}

static void on_tick(uv_timer_t *timer)
{
    struct router *r = timer->data;
    struct watchdog *w = &r->watchdog;
    uint64_t since = uv_now(&r->d->loop) - w->asked_at;

    if (w->epoch != r->epoch)
        w->asked = false; /* that was another connection */
    if (r->state != ROUTER_UP || !reason_to_watch(r))
        uv_timer_stop(timer);
    else if (!w->asked && since >= ASK_MS)
        ask(r);
    else if (w->asked && ++w->ticks * TICK_MS >= GIVEN_MS)
        router_hangs(r);
}

static void watch(struct router *r)
{
    if (!uv_is_active((uv_handle_t *)&r->watchdog.tick))
        uv_timer_start(&r->watchdog.tick, on_tick, TICK_MS, TICK_MS);
}

void watchdog_init(struct router *r)
{
    uv_timer_init(&r->d->loop, &r->watchdog.tick);
    r->watchdog.tick.data = r;
}

void watchdog_call_begins(struct router *r)
{
    r->watchdog.calls++;
    watch(r);
}

void watchdog_call_ends(struct router *r)
{
    r->watchdog.calls--;
}

void watchdog_lease_begins(struct router *r)
{
    watch(r);
}
