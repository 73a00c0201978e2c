#include "wires.h"
#include "daemon.h"
#include "log.h"
#include "router.h"
#include "vmproc/ring_abi.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

static uint64_t new_key(void)
{
    uint64_t key = 0;

    while (key == 0)
        if (getrandom(&key, sizeof key, 0) != sizeof key)
            key = 0;
    return key;
}

void wires_join(struct vm *vm, struct vm *next)
{
    vm->wire_out_key = next->wire_in_key = new_key();
    vm->ring_out = next->ring_in = (vm->has_rings & READY_RING_NEXT) && (next->has_rings & READY_RING_PREV);
    vm->ring_used = vm->ring_out;
}

static struct vm *predecessor(const struct vm *vm)
{
    struct vm *other;

    TAILQ_FOREACH (other, &vm->r->pool.vms, link)
        if (other->id == vm->linked_to)
            return other;
    return NULL;
}

static struct vm *successor(const struct vm *vm)
{
    struct vm *other;

    TAILQ_FOREACH (other, &vm->r->pool.vms, link)
        if (other->linked_to == vm->id)
            return other;
    return NULL;
}

static bool runs(const struct vm *vm)
{
    return vm->state == VM_LEASED || vm->state == VM_SUSPENDED;
}

bool wires_are_used(const struct vm *vm)
{
    const struct vm *before = predecessor(vm);

    return vm->ring_used || (before && before->ring_used);
}

/* Whether that writer of a wire of this command says no more, and waits for nothing. */
static bool has_ended(const struct vm *writer, uint64_t key)
{
    return writer->ring_out && workdir_ring_has_ended(&writer->d->work, writer->id, key);
}

bool wires_allow_reset(const struct vm *vm)
{
    const struct vm *before = vm->wire_in_key ? predecessor(vm) : NULL;

    if (vm->wire_in_key && !(vm->ring_in && before))
        return false;
    if (before && runs(before) && before->wire_out_key == vm->wire_in_key &&
        !has_ended(before, vm->wire_in_key))
        return false;
    return !vm->wire_out_key || has_ended(vm, vm->wire_out_key);
}

/* Nothing of its last command runs there. */
static bool is_reset(const struct vm *vm)
{
    return vm->state == VM_WARM || (vm->state == VM_ENDING && vm->gone);
}

void wires_settle(struct pool *pool)
{
    struct vm *vm;

    TAILQ_FOREACH (vm, &pool->vms, link) {
        const struct vm *next = vm->ring_used ? successor(vm) : NULL;

        if (vm->ring_used && is_reset(vm) && (!next || is_reset(next)))
            vm->ring_used = workdir_empty_ring(&vm->d->work, vm->id) < 0;
    }
}

void wires_leave(struct vm *vm)
{
    const struct vm *next = vm->ring_used ? successor(vm) : NULL;

    if (next && !(runs(next) && next->ring_in)) /* else it cannot be reset */
        workdir_empty_ring(&vm->d->work, vm->id);
}
