#include "resets.h"
#include "daemon.h"

#define HOLD_MS 50 /* stages that wait for nothing but each other end within that, on a busy machine, too */

/* Whether another command of its pipeline runs still. */
static bool run_goes_on(const struct vm *vm)
{
    const struct vm *other;

    TAILQ_FOREACH (other, &vm->r->pool.vms, link)
        if (vm->run && other->run == vm->run && (other->state == VM_LEASED || other->state == VM_SUSPENDED))
            return true;
    return false;
}

/* Ready, or about to be so. */
static bool one_is_left(const struct router *r)
{
    const struct vm *vm;

    TAILQ_FOREACH (vm, &r->pool.vms, link)
        if (!vm->boot && (vm->state == VM_WARM || (vm->state == VM_STARTING && !vm->held)))
            return true;
    return false;
}

/* In ms. */
static uint64_t hold_left(const struct vm *vm)
{
    uint64_t held = (uv_hrtime() - vm->held_ns) / 1000000;

    if (held >= HOLD_MS || vm->r->pool.nwaiting || !run_goes_on(vm) || !one_is_left(vm->r))
        return 0;
    return HOLD_MS - held;
}

/* NULL: none is; *left is how long until one is by time alone, 0: none is held. */
static struct vm *first_due(struct router *r, uint64_t *left)
{
    struct vm *vm;

    *left = 0;
    TAILQ_FOREACH (vm, &r->pool.vms, link) {
        uint64_t ms;

        if (vm->state != VM_STARTING || !vm->held)
            continue;
        ms = hold_left(vm);
        if (ms == 0)
            return vm;
        if (*left == 0 || ms < *left)
            *left = ms;
    }
    return NULL;
}

static void on_hold_over(uv_timer_t *timer)
{
    resets_changed(timer->data);
}

void resets_changed(struct router *r)
{
    struct vm *vm;
    uint64_t left;

    while ((vm = first_due(r, &left)) != NULL)
        vm_reset(vm); /* which may fail, and then it is held no more either */
    if (left)
        uv_timer_start(&r->pool.resets.hold, on_hold_over, left, 0);
}

void resets_hold(struct vm *vm)
{
    vm->held = true;
    vm->held_ns = uv_hrtime();
    resets_changed(vm->r);
}

void resets_hurry(struct router *r)
{
    struct vm *vm;

    TAILQ_FOREACH (vm, &r->pool.vms, link)
        vm->held_ns = 0;
    resets_changed(r);
}

void resets_init(struct router *r)
{
    uv_timer_init(&r->d->loop, &r->pool.resets.hold);
    r->pool.resets.hold.data = r;
}
