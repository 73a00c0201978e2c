#include "pool.h"
#include "admit.h"
#include "adrift.h"
#include "boot.h"
#include "client.h"
#include "daemon.h"
#include "log.h"
#include "vmproc/bounce_abi.h"
#include "vmproc/ring_abi.h"
#include "vmproc/rom_abi.h"
#include "vmproc/router_policy.h"
#include "wires.h"

#include <stdio.h>
#include <string.h>

#define MAX_STARTING    2
#define REFILL_PAUSE_MS 30
#define DECAY_MS        20000  /* the target sinks by one in that time without a lease */
#define IDLE_MS         300000 /* after that only IDLE_POOL wait */
#define IDLE_POOL       2
#define MAX_RESETS      50           /* so that what a QEMU gathers does not pile up */
#define RESET_RSS       (4ull << 20) /* what a program may have used: QEMU does not give it back */
#define BACK_MS         1000         /* a VM leased for less is about to come back */
#define FAIL_PAUSE_MS   250          /* doubled with each failed start, up to 5 s */
#define FAIL_PAUSE_MAX  5000

unsigned pool_count(struct router *r, enum vmp_vm_state state)
{
    struct vm *vm;
    unsigned n = 0;

    TAILQ_FOREACH (vm, &r->pool.vms, link)
        n += vm->state == state && !(vm->boot && state == VM_STARTING);
    return n;
}

unsigned pool_count_all(struct router *r)
{
    struct vm *vm;
    unsigned n = 0;

    TAILQ_FOREACH (vm, &r->pool.vms, link)
        n++;
    return n;
}

struct vm *pool_first_warm(struct router *r, uint64_t memory_bytes, uint32_t machine)
{
    struct vm *vm;

    TAILQ_FOREACH (vm, &r->pool.vms, link)
        if (vm->state == VM_WARM && vm->memory_bytes == memory_bytes && vm->machine == machine && !vm->boot &&
            !wires_are_used(vm))
            return vm;
    return NULL;
}

/* ---- starting ---- */

bool pool_offers_rom(const struct router *r, uint64_t memory_bytes)
{
    const struct workdir *work = &r->d->work;

    return !r->facts.far && work->rom[0] && r->pool.rom != ROM_FAILS && memory_bytes % ROM_ALIGN == 0 &&
           memory_bytes + work->rom_bytes + BOUNCE_BYTES + 2 * RING_FILE_BYTES <= ROM_MEMORY_MAX;
}

/* As the pool has them ready: size, architecture, our guest. */
static bool is_usual(const struct vm *vm)
{
    return vm->memory_bytes == vm->d->set.memory_bytes && !vm->machine && !vm->boot;
}

static bool asks_for_usual(const struct router *r, const struct client *client)
{
    return client->memory_bytes == r->d->set.memory_bytes && !client->machine;
}

/* What the next VM's prev can be connected to: the end of the chain, once its next socket listens. */
static uint64_t chain_end(struct router *r)
{
    struct vm *last = TAILQ_LAST(&r->pool.vms, vm_list);
    bool usable =
        last && is_usual(last) && (last->state == VM_STARTING || last->state == VM_WARM) && last->listening;

    return usable ? last->id : 0;
}

/* So that the chain goes on: pool_changed() comes when the last one's sockets are there. */
static bool chain_can_grow(struct router *r)
{
    struct vm *last = TAILQ_LAST(&r->pool.vms, vm_list);

    return !last || last->boot || last->state != VM_STARTING || last->listening;
}

/* client: whom it is for; NULL: whoever comes. */
static void start_one(struct router *r, const struct client *client)
{
    uint64_t memory_bytes = client ? client->memory_bytes : r->d->set.memory_bytes;
    uint64_t linked_to = !client || asks_for_usual(r, client) ? chain_end(r) : 0;

    if (vm_start(r, r->d->fleet.next_vm++, memory_bytes, client ? client->machine : 0, linked_to))
        r->pool.started_total++;
}

static bool alike(const struct client *a, const struct client *b)
{
    return a->memory_bytes == b->memory_bytes && a->machine == b->machine && !a->boot == !b->boot;
}

/* The first of those who wait beyond what is being started for them; NULL: all are served. */
static const struct client *unserved(struct router *r)
{
    struct client *client;
    struct vm *vm;

    TAILQ_FOREACH (client, &r->pool.waiting, waiting) {
        unsigned asked = 1, coming = 0;

        if (client->boot)
            continue;
        /* As few as are being started: the first that nobody serves is soon found, however many wait. */
        for (struct client *c = TAILQ_FIRST(&r->pool.waiting); c != client; c = TAILQ_NEXT(c, waiting))
            asked += alike(c, client);
        TAILQ_FOREACH (vm, &r->pool.vms, link)
            coming += vm->state == VM_STARTING && !vm->boot && vm->memory_bytes == client->memory_bytes &&
                      vm->machine == client->machine;
        if (coming < asked)
            return client;
    }
    return NULL;
}

/* Those that short commands will give back. */
static unsigned count_returning(struct router *r)
{
    uint64_t now = uv_hrtime();
    struct vm *vm;
    unsigned n = 0;

    TAILQ_FOREACH (vm, &r->pool.vms, link)
        n += vm->state == VM_LEASED && !vm->boot && vm->resets < MAX_RESETS &&
             now - vm->leased_ns < BACK_MS * 1000000ull;
    return n;
}

/* How long refilling has to wait still, in ms. */
static uint64_t refill_pause(struct router *r, unsigned have)
{
    struct pool *p = &r->pool;
    uint64_t pause = REFILL_PAUSE_MS, now = uv_now(&r->d->loop), since = now - p->last_lease;

    if (p->failures) {
        unsigned shift = p->failures > 5 ? 5 : p->failures - 1;

        pause = FAIL_PAUSE_MS << shift;
        pause = pause > FAIL_PAUSE_MAX ? FAIL_PAUSE_MAX : pause;
        since = now - p->last_failure;
    } else if (have + count_returning(r) >= p->target) {
        pause = BACK_MS;
    } else if (have * 2 < p->target) {
        since = now - p->first_warm;
    }
    return since < pause ? pause - since : 0;
}

/* How many may start for the pool at once. */
static unsigned most_starting(const struct router *r, unsigned have)
{
    return have * 2 < r->pool.target && r->pool.first_warm ? MAX_STARTING : 1;
}

static void on_refill(uv_timer_t *timer)
{
    pool_changed(timer->data);
}

static void refill(struct router *r)
{
    struct pool *p = &r->pool;
    unsigned starting = pool_count(r, VM_STARTING), have = starting + pool_count(r, VM_WARM),
             all = pool_count_all(r);
    const struct client *client;
    uint64_t pause;

    if (r->state != ROUTER_UP || r->d->ending)
        return;
    while (starting < MAX_STARTING && all < r->d->set.max_vms && (client = unserved(r)) != NULL) {
        if (!chain_can_grow(r))
            return;
        start_one(r, client);
        starting++;
        have++;
        all++;
    }
    if (have >= p->target || starting >= most_starting(r, have) || all >= r->d->set.max_vms ||
        !chain_can_grow(r))
        return;
    pause = refill_pause(r, have);
    if (pause)
        uv_timer_start(&p->refill, on_refill, pause, 0);
    else
        start_one(r, NULL);
}

/* ---- granting ---- */

static void raise_target(struct router *r, unsigned by)
{
    struct pool *p = &r->pool;

    p->target = p->target + by > r->d->set.pool_max ? r->d->set.pool_max : p->target + by;
}

static void refuse_all(struct router *r, enum vmp_error_code code, const char *why)
{
    struct client *client;

    while ((client = TAILQ_FIRST(&r->pool.waiting)))
        client_refused(client, code, why); /* takes it off the list */
}

static void grant_waiting(struct router *r)
{
    struct client *client;
    struct vm *vm;

    while ((client = admit_next(r, &vm)))
        client_granted(client, vm);
}

/* Nobody waits for a VM that the limits forbid. */
static void refuse_above_limit(struct router *r)
{
    struct client *client;
    char why[ADMIT_WHY];

    while ((client = admit_hopeless(r, why)))
        client_refused(client, VMP_E_LIMIT, why);
}

/* What it can run is known once it is connected to: another router may have to. */
static void move_foreign(struct router *r)
{
    struct client *client, *next;

    for (client = TAILQ_FIRST(&r->pool.waiting); client; client = next) {
        next = TAILQ_NEXT(client, waiting);
        if (client->machine && !client->boot && fleet_no_aarch64(r)) {
            fleet_weigh(r);
            pool_cancel(client);
            fleet_lease(r->d, client);
        }
    }
}

void pool_changed(struct router *r)
{
    move_foreign(r);
    wires_settle(&r->pool);
    grant_waiting(r);
    resets_changed(r);
    boot_start_waiting(r);
    refill(r);
    refuse_above_limit(r);
}

void pool_lease(struct router *r, struct client *client)
{
    struct pool *p = &r->pool;
    char why[ADMIT_WHY];

    if (!admit_shell(r, client->shell_pid, 1, why)) {
        client_refused(client, VMP_E_LIMIT, why);
        return;
    }
    p->last_lease = uv_now(&r->d->loop);
    TAILQ_INSERT_TAIL(&p->waiting, client, waiting);
    p->nwaiting++;
    client->waits_at = r;
    fleet_weigh(r);
    if (asks_for_usual(r, client) && !pool_first_warm(r, client->memory_bytes, 0))
        raise_target(r, 1);
    if (r->state != ROUTER_UP)
        router_want(r);
    else
        pool_changed(r);
}

void pool_cancel(struct client *client)
{
    struct router *r = client->waits_at;

    if (!r)
        return;
    TAILQ_REMOVE(&r->pool.waiting, client, waiting);
    r->pool.nwaiting--;
    client->waits_at = NULL;
    fleet_weigh(r);
}

bool pool_take_run(struct router *r, uint32_t shell_pid, unsigned n, struct vm *vms[])
{
    struct pool *p = &r->pool;
    struct vm *vm;
    unsigned have = 0;
    char why[ADMIT_WHY];

    if (!admit_shell(r, shell_pid, n, why))
        return false; /* each stage's lease is refused, with that reason, or finds room by then */
    p->last_lease = uv_now(&r->d->loop);
    TAILQ_FOREACH (vm, &p->vms, link) {
        if (vm->state != VM_WARM || !is_usual(vm) || wires_are_used(vm))
            continue;
        if (have > 0 && vm->linked_to != vms[have - 1]->id)
            have = 0;
        vms[have++] = vm;
        if (have == n)
            break;
    }
    if (have < n) {
        if (p->target < n + r->d->set.pool_min)
            raise_target(r, n);
        if (r->state != ROUTER_UP)
            router_want(r);
        resets_hurry(r);
        pool_changed(r);
        return false;
    }
    p->resets.runs++;
    for (unsigned i = 0; i < n; i++)
        vms[i]->run = p->resets.runs;
    for (unsigned i = 0; i + 1 < n; i++)
        wires_join(vms[i], vms[i + 1]);
    return true;
}

/* ---- reports ---- */

/* One more than the target: while it was leased another may have begun to start. */
static bool has_room(struct router *r)
{
    unsigned have = pool_count(r, VM_STARTING) + pool_count(r, VM_WARM);

    return r->state == ROUTER_UP && !r->d->ending && r->pool.target > 0 && have <= r->pool.target;
}

bool pool_wants_again(const struct vm *vm, uint64_t max_rss_bytes)
{
    return vm->state == VM_LEASED && vm->dom && vm->jobs == 0 && is_usual(vm) && !vm->was_debugged &&
           !vm->adopted && wires_allow_reset(vm) && vm->resets < MAX_RESETS && max_rss_bytes <= RESET_RSS &&
           has_room(vm->r);
}

void pool_vm_warm(struct vm *vm)
{
    struct router *r = vm->r;

    if (vm->boot) {
        if (vm->boot->client)
            client_granted(vm->boot->client, vm);
        else
            vm_event(vm, VM_EV_UNWANTED, NULL);
        return;
    }
    r->pool.failures = 0;
    r->pool.refused = false;
    if (!r->pool.first_warm)
        r->pool.first_warm = uv_now(&r->d->loop);
    if (vm->rom)
        r->pool.rom = ROM_WORKS;
    if (!vm->resets && is_usual(vm))
        stats_add(&r->pool.cold_start_us, (vm->ready_ns - vm->asked_ns) / 1000);
    if (vm->kvm_trial)
        strcpy(r->facts.accel, "kvm");
    pool_changed(r);
    if (vm->state == VM_WARM && (!is_usual(vm) || r->d->retired))
        vm_event(vm, VM_EV_UNWANTED, NULL); /* made for a lease that has gone meanwhile */
}

static bool is_refusal(const char *why)
{
    return strncmp(why, ROUTER_POLICY_REFUSAL, strlen(ROUTER_POLICY_REFUSAL)) == 0;
}

/* Whoever waits for such a VM is told, and nobody else: the next one is tried when it is asked for. */
static void machine_failed(struct router *r, uint32_t machine, const char *why)
{
    struct client *client, *next;
    char text[400];

    snprintf(text, sizeof text, "a VM for that architecture cannot be started: %s", why);
    for (client = TAILQ_FIRST(&r->pool.waiting); client; client = next) {
        next = TAILQ_NEXT(client, waiting);
        if (client->machine == machine && !client->boot)
            client_refused(client, VMP_E_START, text);
    }
}

void pool_vm_failed(struct vm *vm, const char *why)
{
    struct router *r = vm->r;
    struct pool *p = &r->pool;

    if (vm->boot) {
        boot_failed(vm, why);
    } else if (vm->machine) {
        machine_failed(r, vm->machine, why);
    } else if (vm->resets || !router_answers(r)) {
        /* A fresh one takes its place, when there is a router. */
    } else if (vm->kvm_trial && strcmp(r->facts.accel, "kvm?") == 0 && !is_refusal(why)) {
        log_line("/dev/kvm does not run the guest: tcg from now on");
        strcpy(r->facts.accel, "tcg");
    } else if (vm->rom && p->rom != ROM_WORKS && !is_refusal(why)) {
        if (p->rom == ROM_UNTRIED)
            log_line("no VM with its guest in ROM: loaded from now on, and wires are ports alone");
        p->rom = ROM_FAILS;
    } else if (is_refusal(why) || (!vm->kvm_trial && !vm->linked_to)) {
        char text[400];

        p->failures++;
        p->last_failure = uv_now(&r->d->loop);
        p->refused = is_refusal(why);
        snprintf(text, sizeof text, "%s%s", p->refused ? "" : "a VM cannot be started: ", why);
        if (p->refused)
            fleet_refused(r, text);
        else
            refuse_all(r, VMP_E_START, text);
    }
    /* else: the next try is without kvm, or without the link to a VM that may have ended under it */
    pool_changed(r);
}

void pool_router_up(struct router *r)
{
    r->pool.failures = 0;
    r->pool.first_warm = 0;
    r->pool.rom = ROM_UNTRIED;
    pool_changed(r);
}

void pool_router_lost(struct router *r, const char *why)
{
    struct vm *vm, *next;

    for (vm = TAILQ_FIRST(&r->pool.vms); vm; vm = next) {
        next = TAILQ_NEXT(vm, link);
        if (!adrift_goes_on(vm))
            vm_event(vm, VM_EV_GONE, why);
    }
}

/* From the end of the chain, so that what stays are neighbours. */
static void shrink(struct router *r)
{
    struct vm *vm, *before;
    unsigned warm = pool_count(r, VM_WARM);

    for (vm = TAILQ_LAST(&r->pool.vms, vm_list); vm && warm > r->pool.target; vm = before) {
        before = TAILQ_PREV(vm, vm_list, link);
        if (vm->state == VM_WARM) {
            vm_event(vm, VM_EV_UNWANTED, NULL);
            warm--;
        }
    }
}

void pool_set_target(struct router *r, unsigned target)
{
    r->pool.target = target;
    shrink(r);
    if (r->state == ROUTER_UP)
        pool_changed(r);
}

void pool_domain_stopped(struct router *r, const char *name, const char *why)
{
    struct vm *vm;

    TAILQ_FOREACH (vm, &r->pool.vms, link) {
        if (strcmp(vm->name, name) == 0) {
            vm_stopped(vm, why);
            return;
        }
    }
}

/* ---- shrinking, ending ---- */

/* Nothing is asked for: one that has been reset makes room for a fresh one, which is smaller and a neighbour.
 */
static void renew(struct router *r)
{
    struct vm *vm;

    TAILQ_FOREACH (vm, &r->pool.vms, link) {
        if (vm->state == VM_WARM && vm->resets) {
            vm_event(vm, VM_EV_UNWANTED, NULL);
            return;
        }
    }
}

static void on_decay(uv_timer_t *timer)
{
    struct router *r = timer->data;
    struct pool *p = &r->pool;
    uint64_t idle = uv_now(&r->d->loop) - p->last_lease;
    unsigned floor = idle >= IDLE_MS && r->d->set.pool_min > IDLE_POOL ? IDLE_POOL : r->d->set.pool_min;

    if (idle < DECAY_MS)
        return;
    if (!r->d->set.pool_fixed && p->target > floor)
        p->target = idle >= IDLE_MS ? floor : p->target - 1;
    shrink(r);
    renew(r);
}

void pool_init(struct router *r)
{
    struct pool *p = &r->pool;

    TAILQ_INIT(&p->vms);
    TAILQ_INIT(&p->waiting);
    p->target = r->d->set.pool_min;
    resets_init(r);
    uv_timer_init(&r->d->loop, &p->refill);
    uv_timer_init(&r->d->loop, &p->decay);
    p->refill.data = p->decay.data = r;
    uv_timer_start(&p->decay, on_decay, DECAY_MS, DECAY_MS);
}

void pool_end(struct router *r, const char *why)
{
    struct vm *vm, *next;

    refuse_all(r, VMP_E_NO_ROUTER, why);
    for (vm = TAILQ_FIRST(&r->pool.vms); vm; vm = next) {
        next = TAILQ_NEXT(vm, link);
        vm_event(vm, vm->lease ? VM_EV_KILLED : VM_EV_UNWANTED, why);
    }
}
