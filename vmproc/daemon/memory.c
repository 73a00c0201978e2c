#include "memory.h"
#include "admit.h"
#include "client.h"
#include "daemon.h"
#include "log.h"

#include <stdio.h>

#define MIB      (1ull << 20)
#define VM_IDLE  (24 * MIB)   /* of a VM that has not done anything */
#define SHARED   (64 * MIB)   /* of all that a QEMU maps, at most: its program and libraries, the ROM */
#define FASTEST  (2048 * MIB) /* that all VMs together can grow by in a second */
#define TICK_MIN 200          /* ms */
#define TICK_MAX 5000

static bool is_in_use(const struct vm *vm)
{
    return vm->state == VM_LEASED || vm->state == VM_SUSPENDED;
}

/* What they would use at their greatest. */
static uint64_t most(const struct router *r)
{
    const struct vm *vm;
    uint64_t sum = 0;

    TAILQ_FOREACH (vm, &r->pool.vms, link)
        sum += is_in_use(vm) ? vm->memory_bytes : VM_IDLE;
    return sum;
}

/*
 * libvirt tells the resident set, which counts what all QEMUs share in each of them; 200 idle ones would seem to use
 * three times what they do. How much that is, the least of the figures says: of a VM that has not done anything.
 */
static uint64_t own(const struct vm *vm)
{
    uint64_t shared = vm->r->memory.shared;

    return vm->resident_bytes > shared ? vm->resident_bytes - shared + VM_IDLE : VM_IDLE;
}

/* As measured last; the biggest of those in use, NULL: none is. */
static uint64_t used(const struct router *r, struct vm **biggest)
{
    struct vm *vm;
    uint64_t sum = 0;

    *biggest = NULL;
    TAILQ_FOREACH (vm, &r->pool.vms, link) {
        if (vm->state == VM_ENDING)
            continue;
        sum += own(vm);
        if (is_in_use(vm) && (!*biggest || vm->resident_bytes > (*biggest)->resident_bytes))
            *biggest = vm;
    }
    return sum;
}

/* How soon it could be too much. */
static uint64_t pause_ms(const struct router *r)
{
    struct vm *biggest;
    uint64_t now = used(r, &biggest), budget = r->memory.budget;
    uint64_t pause = (budget > now ? budget - now : 0) * 1000 / FASTEST;

    return pause < TICK_MIN ? TICK_MIN : pause > TICK_MAX ? TICK_MAX : pause;
}

static void on_tick(uv_timer_t *timer)
{
    struct router *r = timer->data;

    if (most(r) <= r->memory.budget)
        return;
    measure_router(r);
    uv_timer_start(timer, on_tick, pause_ms(r), 0);
}

void memory_lease_begins(struct router *r)
{
    struct memory *m = &r->memory;

    if (m->budget && !uv_is_active((uv_handle_t *)&m->tick) && most(r) > m->budget)
        uv_timer_start(&m->tick, on_tick, TICK_MIN, 0);
}

void memory_measured(struct router *r)
{
    struct vm *biggest, *vm;
    uint64_t now, budget = r->memory.budget;
    char why[160];

    TAILQ_FOREACH (vm, &r->pool.vms, link)
        if (vm->resident_bytes && vm->resident_bytes < r->memory.shared)
            r->memory.shared = vm->resident_bytes;
    now = used(r, &biggest);
    if (!budget || now <= budget || !biggest)
        return;
    snprintf(why, sizeof why,
             "all VMs together use %llu MiB of memory, the limit is %llu; FLEETSH_MAX_MEMORY sets it",
             (unsigned long long)(now / MIB), (unsigned long long)(budget / MIB));
    vm_event(biggest, VM_EV_KILLED, why);
}

bool memory_admits(const struct router *r, unsigned n, char *why)
{
    struct vm *biggest;
    uint64_t now = used(r, &biggest), budget = r->memory.budget;

    if (!budget || most(r) + n * VM_IDLE <= budget || now + n * VM_IDLE <= budget)
        return true;
    snprintf(why, ADMIT_WHY,
             "the VMs of this user use %llu of %llu MiB of memory; FLEETSH_MAX_MEMORY sets the limit",
             (unsigned long long)(now / MIB), (unsigned long long)(budget / MIB));
    return false;
}

bool memory_has(const struct daemon *d, uint64_t bytes)
{
    const struct router *r;

    TAILQ_FOREACH (r, &d->fleet.routers, link)
        if (!r->memory.machine || bytes <= r->memory.machine)
            return true;
    return false;
}

/* All routers' VMs are of one size, so the least decides. */
void memory_router_up(struct router *r)
{
    struct memory *m = &r->memory;
    struct settings *set = &r->d->set;
    uint64_t before = set->memory_bytes;
    struct router *other;
    struct client *client;

    m->machine = r->facts.memory_bytes;
    m->shared = SHARED;
    m->budget = set->max_memory_bytes ? set->max_memory_bytes : m->machine / 4 * 3;
    if (set->memory_fixed || !m->machine || before <= m->machine)
        return;
    set->memory_bytes = m->machine / MIB * MIB;
    TAILQ_FOREACH (other, &r->d->fleet.routers, link)
        TAILQ_FOREACH (client, &other->pool.waiting, waiting)
            if (client->memory_bytes == before)
                client->memory_bytes = set->memory_bytes;
}

void memory_init(struct router *r)
{
    uv_timer_init(&r->d->loop, &r->memory.tick);
    r->memory.tick.data = r;
}
