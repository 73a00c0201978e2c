#include "adrift.h"
#include "client.h"
#include "daemon.h"
#include "log.h"
#include "stops.h"
#include "vm_job.h"

bool adrift_lives(const struct vm *vm)
{
    return !vm->boot && !vm->r->facts.far;
}

bool adrift_goes_on(const struct vm *vm)
{
    return (vm->state == VM_LEASED || vm->state == VM_SUSPENDED) && adrift_lives(vm);
}

bool adrift(const struct vm *vm)
{
    return adrift_goes_on(vm) && !vm->dom;
}

bool adrift_unanswered(const struct vm *vm)
{
    return adrift_goes_on(vm) && (!vm->dom || virConnectIsAlive(virDomainGetConnect(vm->dom)) != 1);
}

static void on_let_go(struct vm *vm, enum vm_job_kind kind, const char *error)
{
    if (!error)
        vm_event(vm, VM_EV_RESUMED, NULL);
    else if (vm->state == VM_SUSPENDED && !adrift_unanswered(vm))
        vm_event(vm, VM_EV_KILLED, error); /* nobody would let it go on any more */
    vm_job_over(vm);
}

/*
 * What libvirtd was asked for when it ended may have been done or not, and what its shim has asked for since then was
 * not: the machine is made to do what the shim does. One whose shim stands still is paused by stops.h.
 */
static void agree(struct vm *vm)
{
    bool paused = vm->found == VM_FOUND_PAUSED;

    vm->halt = HALT_NONE;
    vm_event(vm, paused ? VM_EV_SUSPENDED : VM_EV_RESUMED, NULL);
    if (vm->resume_due) {
        vm->resume_due = false;
        vm_resume(vm);
    } else if (paused && !stops_stands_still(vm->what.pid)) {
        vm_job_start(vm, JOB_RESUME, NULL, on_let_go);
    }
    stops_lease_begins(vm->d);
    watchdog_lease_begins(vm->r);
    memory_lease_begins(vm->r);
}

static void on_destroyed(struct vm *vm, enum vm_job_kind kind, const char *error)
{
    vm_job_over(vm);
}

static void on_found(struct vm *vm, enum vm_job_kind kind, const char *error)
{
    if (vm->dom && vm->state == VM_ENDING)
        vm_job_start(vm, JOB_DESTROY, NULL, on_destroyed); /* it was paused and could not leave */
    else if (vm->dom)
        agree(vm);
    else if (vm->found == VM_FOUND_NONE && adrift(vm))
        vm_event(vm, VM_EV_GONE, "its QEMU ended while libvirtd was away");
    else if (!adrift(vm)) /* else this libvirtd has ended, too */
        vm_job_over(vm);
}

void adrift_find_vm(struct vm *vm)
{
    if (vm->r->state != ROUTER_UP || vm->jobs > 0)
        return;
    vm->adopted = true;
    vm_job_start(vm, JOB_FIND, NULL, on_found);
}

void adrift_find(struct router *r)
{
    struct vm *vm;
    unsigned n = 0;

    TAILQ_FOREACH (vm, &r->pool.vms, link) {
        if (!adrift(vm))
            continue;
        adrift_find_vm(vm);
        n++;
    }
    if (n)
        log_line("router \"%s\": %u command%s went on without it", r->name, n, n == 1 ? "" : "s");
}
