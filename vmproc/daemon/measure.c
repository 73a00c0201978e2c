#include "measure.h"
#include "client.h"
#include "daemon.h"

#include <libvirt/libvirt.h>
#include <stdlib.h>
#include <string.h>

#define MEASURE_MS 300 /* shims answer within 1 ms, libvirtd within 10 */

/* Of one QEMU. */
struct figures {
    uint64_t vm;
    virDomainPtr dom;
    uint64_t cpu_ns, resident_bytes;
};

/* What a worker asks libvirt for. */
struct question {
    uv_work_t work;
    struct router *r;
    size_t count;
    struct figures figures[];
};

/* ---- libvirt, in a worker ---- */

static void take(struct figures *figures, const virDomainStatsRecord *record)
{
    unsigned long long value;

    if (virTypedParamsGetULLong(record->params, record->nparams, "cpu.time", &value) == 1)
        figures->cpu_ns = value;
    if (virTypedParamsGetULLong(record->params, record->nparams, "balloon.rss", &value) == 1)
        figures->resident_bytes = value << 10;
}

/* One call for all; a VM that ends meanwhile is left out of the answer. */
static void ask_libvirt(uv_work_t *work)
{
    struct question *question = work->data;
    virDomainPtr *doms = calloc(question->count + 1, sizeof *doms);
    virDomainStatsRecordPtr *records = NULL;
    int count;

    if (!doms)
        return;
    for (size_t i = 0; i < question->count; i++)
        doms[i] = question->figures[i].dom;
    count = virDomainListGetStats(doms, VIR_DOMAIN_STATS_CPU_TOTAL | VIR_DOMAIN_STATS_BALLOON, &records,
                                  VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT);
    for (int n = 0; n < count; n++)
        for (size_t i = 0; i < question->count; i++)
            if (strcmp(virDomainGetName(records[n]->dom), virDomainGetName(doms[i])) == 0)
                take(&question->figures[i], records[n]);
    if (count >= 0)
        virDomainStatsRecordListFree(records);
    free(doms);
}

/* ---- the end ---- */

static void answer(struct daemon *d)
{
    struct client *client;

    uv_timer_stop(&d->measure.limit);
    TAILQ_FOREACH (client, &d->server.clients, link) {
        if (!client->measuring)
            continue;
        client->measuring = false;
        client_operation_done(client, NULL);
    }
}

static void on_limit(uv_timer_t *timer)
{
    answer(timer->data);
}

void measure_told(struct daemon *d)
{
    struct router *r;
    struct vm *vm;

    if (d->measure.asking > 0)
        return;
    FLEET_FOREACH_VM(d, r, vm)
    if (vm->tell && vm->lease)
        return;
    answer(d);
}

static void on_figures(uv_work_t *work, int status)
{
    struct question *question = work->data;
    struct router *r = question->r;
    struct daemon *d = r->d;

    watchdog_call_ends(r);
    r->measured = false;
    d->measure.asking--;
    for (size_t i = 0; i < question->count; i++) {
        struct figures *figures = &question->figures[i];
        struct vm *vm = fleet_vm(d, figures->vm);

        /* libvirt leaves out what it is busy with. */
        if (vm && figures->cpu_ns)
            vm->cpu_ns = figures->cpu_ns;
        if (vm && figures->resident_bytes)
            vm->resident_bytes = figures->resident_bytes;
        virDomainFree(figures->dom);
    }
    free(question);
    memory_measured(r);
    measure_told(d);
}

/* ---- the beginning ---- */

static void question_libvirt(struct router *r)
{
    struct question *question;
    struct vm *vm;
    size_t room = 0;

    TAILQ_FOREACH (vm, &r->pool.vms, link)
        room++;
    question = calloc(1, sizeof *question + room * sizeof *question->figures);
    if (!question)
        return; /* the last figures are shown again */
    question->r = r;
    question->work.data = question;
    TAILQ_FOREACH (vm, &r->pool.vms, link) {
        if (!vm->dom || vm->gone)
            continue;
        virDomainRef(vm->dom);
        question->figures[question->count++] = (struct figures){.vm = vm->id, .dom = vm->dom};
    }
    r->measured = true;
    r->d->measure.asking++;
    watchdog_call_begins(r);
    uv_queue_work(&r->d->loop, &question->work, ask_libvirt, on_figures);
}

/* One that is paused belongs to a shim that is stopped. */
static void question_shims(struct daemon *d)
{
    struct router *r;
    struct vm *vm;

    FLEET_FOREACH_VM(d, r, vm)
    {
        vm->tell = vm->state == VM_LEASED && vm->what.pid && !vm->lease->busy;
        if (vm->tell)
            client_send(vm->lease, VMP_TELL, NULL, 0);
    }
}

void measure(struct client *client)
{
    struct daemon *d = client->d;
    struct router *r;

    client->busy = client->measuring = true;
    if (uv_is_active((uv_handle_t *)&d->measure.limit))
        return; /* under way: the answer is for this one, too */
    uv_timer_start(&d->measure.limit, on_limit, MEASURE_MS, 0);
    question_shims(d);
    TAILQ_FOREACH (r, &d->fleet.routers, link)
        measure_router(r);
    measure_told(d);
}

void measure_router(struct router *r)
{
    if (!r->measured && r->state == ROUTER_UP)
        question_libvirt(r);
}

void measure_init(struct daemon *d)
{
    uv_timer_init(&d->loop, &d->measure.limit);
    d->measure.limit.data = d;
}
