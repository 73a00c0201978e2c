#include "watchdog.h"
#include "daemon.h"

#include <pthread.h>
#include <stdlib.h>

#define TICK_MS  500
#define ASK_MS   1000 /* from question to question */
#define GIVEN_MS 3000 /* for an answer */

struct question {
    struct daemon *d;
    unsigned epoch;
    virConnectPtr conn;
};

static void on_answer(void *data)
{
    struct question *question = data;
    struct watchdog *w = &question->d->watchdog;

    if (w->epoch == question->epoch)
        w->asked = false;
    free(question);
}

static void *ask_thread(void *data)
{
    struct question *question = data;
    unsigned long version;

    virConnectGetLibVersion(question->conn,
                            &version); /* an error is an answer: the close callback tells the rest */
    virConnectClose(question->conn);
    inbox_post(&question->d->inbox, on_answer, question);
    return NULL;
}

static void ask(struct daemon *d)
{
    struct watchdog *w = &d->watchdog;
    struct question *question = malloc(sizeof *question);
    pthread_t thread;

    if (!question)
        return;
    *question = (struct question){.d = d, .epoch = d->router.epoch, .conn = d->router.conn};
    virConnectRef(question->conn);
    if (pthread_create(&thread, NULL, ask_thread, question) != 0) {
        virConnectClose(question->conn);
        free(question);
        return;
    }
    pthread_detach(thread);
    w->asked = true;
    w->epoch = d->router.epoch;
    w->asked_at = uv_now(&d->loop);
}

static bool reason_to_watch(struct daemon *d)
{
    return d->watchdog.calls > 0 || d->watchdog.asked || pool_count(d, VM_LEASED) > 0 ||
           pool_count(d, VM_SUSPENDED) > 0;
}

static void on_tick(uv_timer_t *timer)
{
    struct daemon *d = timer->data;
    struct watchdog *w = &d->watchdog;
    uint64_t since = uv_now(&d->loop) - w->asked_at;

    if (w->epoch != d->router.epoch)
        w->asked = false; /* that was another connection */
    if (d->router.state != ROUTER_UP || !reason_to_watch(d))
        uv_timer_stop(timer);
    else if (!w->asked && since >= ASK_MS)
        ask(d);
    else if (w->asked && since >= GIVEN_MS)
        router_hangs(d);
}

static void watch(struct daemon *d)
{
    if (!uv_is_active((uv_handle_t *)&d->watchdog.tick))
        uv_timer_start(&d->watchdog.tick, on_tick, TICK_MS, TICK_MS);
}

void watchdog_init(struct daemon *d)
{
    uv_timer_init(&d->loop, &d->watchdog.tick);
    d->watchdog.tick.data = d;
}

void watchdog_call_begins(struct daemon *d)
{
    d->watchdog.calls++;
    watch(d);
}

void watchdog_call_ends(struct daemon *d)
{
    d->watchdog.calls--;
}

void watchdog_lease_begins(struct daemon *d)
{
    watch(d);
}
