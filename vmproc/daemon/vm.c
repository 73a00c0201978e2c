#include "vm.h"
#include "adrift.h"
#include "boot.h"
#include "daemon.h"
#include "domxml.h"
#include "log.h"
#include "relay.h"
#include "sweep.h"
#include "trace.h"
#include "vm_job.h"
#include "vm_ports.h"
#include "wires.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define POWER_OFF_MS 1000 /* what a guest may take to leave after its ctl has closed */
#define KVM_TRIAL_MS 3000

/* ---- the end ---- */

static void maybe_free(struct vm *vm);

void vm_handle_closed(uv_handle_t *handle)
{
    struct vm *vm = handle->data;

    vm->handles--;
    maybe_free(vm);
}

static void maybe_free(struct vm *vm)
{
    struct router *r = vm->r;

    if (vm->state != VM_ENDING || vm->jobs > 0 || !vm->gone)
        return;
    if (vm->handles > 0) {
        if (!uv_is_closing((uv_handle_t *)&vm->timer))
            uv_close((uv_handle_t *)&vm->timer, vm_handle_closed);
        return;
    }
    vm_release_hold(vm);
    vm_ports_close(vm);
    if (vm->relay)
        relay_free(vm->relay);
    if (vm->dom)
        virDomainFree(vm->dom);
    wires_leave(vm);
    if (vm->bounce_fd >= 0)
        close(vm->bounce_fd);
    if (!r->facts.far)
        workdir_unlink_sockets(&r->d->work, vm->id);
    if (!r->facts.dac_label[0] && !r->facts.far)
        workdir_unlink_session_log(vm->name);
    TAILQ_REMOVE(&r->pool.vms, vm, link);
    boot_free(vm->boot);
    free(vm);
    pool_changed(r);
    daemon_changed(r->d);
}

void vm_job_over(struct vm *vm)
{
    if (adrift(vm))
        adrift_find_vm(vm); /* that call was on a connection that is lost */
    maybe_free(vm);
}

static void on_destroyed(struct vm *vm, enum vm_job_kind kind, const char *error)
{
    if (error && !vm->gone)
        log_line("%s: cannot be destroyed: %s", vm->name, error); /* gone by itself, usually */
    vm->gone = true;
    maybe_free(vm);
}

static void destroy(struct vm *vm)
{
    if (!vm_job_start(vm, JOB_DESTROY, NULL, on_destroyed)) {
        vm->gone = true;
        maybe_free(vm);
    }
}

static void on_power_off_due(uv_timer_t *timer)
{
    struct vm *vm = timer->data;

    if (vm->gone || !vm->created)
        return; /* on_created() will see to it */
    if (vm->dom)
        log_line("%s has not gone by itself: destroyed", vm->name);
    destroy(vm);
}

/* ---- actions of the table ---- */

typedef void action(struct vm *vm, const char *why);

static void ignore(struct vm *vm, const char *why)
{
}

static void now_warm(struct vm *vm, const char *why)
{
    uv_timer_stop(&vm->timer);
    vm->ready_ns = uv_hrtime();
    trace_slice(vm, vm->resets ? "reset to READY" : "start to READY", vm->booting_ns, vm->ready_ns);
    pool_vm_warm(vm);
}

static void now_leased(struct vm *vm, const char *why)
{
    vm->leased_ns = uv_hrtime();
    if (vm->boot)
        boot_watch_begins(vm->d);
    watchdog_lease_begins(vm->r);
    stops_lease_begins(vm->d);
    memory_lease_begins(vm->r);
}

/* Without waiting for the guest; while libvirt is still starting it, on_created() goes on. */
static void destroy_now(struct vm *vm, const char *why)
{
    vm_ports_close(vm);
    uv_timer_stop(&vm->timer);
    if (vm->created)
        destroy(vm);
}

/* Closes the ports and gives the guest time to leave; one that is not ours does not know that it has to. */
static void leave(struct vm *vm, const char *why)
{
    if (vm->boot) {
        destroy_now(vm, why);
        return;
    }
    vm_ports_close(vm);
    uv_timer_start(&vm->timer, on_power_off_due, POWER_OFF_MS, 0);
}

static void leave_failed(struct vm *vm, const char *why)
{
    log_line("%s failed: %s", vm->name, why);
    pool_vm_failed(vm, why);
    destroy_now(vm, why);
}

/* The ports have long been the shim's; hold_fd stays while the successor needs it. */
static void leave_lease(struct vm *vm, const char *why)
{
    trace_slice(vm, "leased", vm->leased_ns, uv_hrtime());
    vm->lease = NULL;
    if (vm->boot)
        destroy_now(vm, why);
    else
        uv_timer_start(&vm->timer, on_power_off_due, POWER_OFF_MS, 0);
}

static void on_reset(struct vm *vm, enum vm_job_kind kind, const char *error);
static void on_start_due(uv_timer_t *timer);

/* The same machine for the next command; as a fresh one it is STARTING until READY. */
static void be_done(struct vm *vm, const char *why)
{
    vm->lease = NULL;
    trace_slice(vm, "leased", vm->leased_ns, uv_hrtime());
    vm->what = (struct vmp_started){0};
    vm->used = (struct vmp_used){0};
    vm->halt = HALT_NONE;
    vm->resume_due = false;
    vm->shell_pid = 0;
    vm->wire_in_key = vm->wire_out_key = 0;
    vm->ring_in = vm->ring_out = false;
    vm->leased_ns = 0;
    vm->resets++;
    resets_hold(vm);
}

void vm_reset(struct vm *vm)
{
    vm->held = false;
    vm->run = 0;
    vm->booting_ns = uv_hrtime();
    uv_timer_start(&vm->timer, on_start_due, vm->d->set.ready_timeout_ms, 0);
    if (!vm_job_start(vm, JOB_RESET, NULL, on_reset))
        vm_event(vm, VM_EV_FAILED, "its domain is not known any more");
}

/* It is paused and cannot power itself off. */
static void leave_paused(struct vm *vm, const char *why)
{
    vm->lease = NULL;
    destroy(vm);
}

static void be_gone(struct vm *vm, const char *why)
{
    vm->gone = true;
    vm_ports_close(vm);
    maybe_free(vm);
}

static void gone_starting(struct vm *vm, const char *why)
{
    log_line("%s failed: %s", vm->name, why);
    vm->gone = true;
    vm_ports_close(vm);
    pool_vm_failed(vm, why);
    maybe_free(vm);
}

static void gone_warm(struct vm *vm, const char *why)
{
    log_line("%s ended while it waited: %s", vm->name, why);
    be_gone(vm, why);
}

static void tell_lease(struct vm *vm, const char *why)
{
    struct client *lease = vm->lease;

    if (vm->boot && vm->boot->end) {
        vm->lease = NULL;
        client_vm_ended(lease, vm->boot->end);
        return;
    }
    log_line("%s: %s: %s", vm->name, vm->what.command[0] ? vm->what.command : "no command yet", why);
    vm->lease = NULL;
    client_vm_lost(lease, why);
}

static void gone_leased(struct vm *vm, const char *why)
{
    tell_lease(vm, why);
    be_gone(vm, why);
}

static void kill_leased(struct vm *vm, const char *why)
{
    tell_lease(vm, why);
    destroy_now(vm, why);
}

struct rule {
    enum vmp_vm_state next;
    action *act; /* NULL: this cannot happen in that state */
};

static const struct rule rules[VM_NSTATES][VM_NEVENTS] =
    {
        [VM_STARTING] =
            {
                [VM_EV_READY] = {VM_WARM, now_warm},
                [VM_EV_FAILED] = {VM_ENDING, leave_failed},
                [VM_EV_UNWANTED] = {VM_ENDING, leave},
                [VM_EV_KILLED] = {VM_ENDING, destroy_now},
                [VM_EV_GONE] = {VM_ENDING, gone_starting},
            },
        [VM_WARM] =
            {
                [VM_EV_FAILED] = {VM_ENDING, leave_failed},
                [VM_EV_TAKEN] = {VM_LEASED, now_leased},
                [VM_EV_UNWANTED] = {VM_ENDING, leave},
                [VM_EV_KILLED] = {VM_ENDING, destroy_now},
                [VM_EV_GONE] = {VM_ENDING, gone_warm},
            },
        [VM_LEASED] =
            {
                [VM_EV_SUSPENDED] = {VM_SUSPENDED, ignore},
                [VM_EV_RESUMED] = {VM_LEASED, ignore},
                [VM_EV_RELEASED] = {VM_ENDING, leave_lease},
                [VM_EV_DONE] = {VM_STARTING, be_done},
                [VM_EV_KILLED] = {VM_ENDING, kill_leased},
                [VM_EV_GONE] = {VM_ENDING, gone_leased},
            },
        [VM_SUSPENDED] =
            {
                [VM_EV_SUSPENDED] = {VM_SUSPENDED, ignore},
                [VM_EV_RESUMED] = {VM_LEASED, ignore},
                [VM_EV_RELEASED] = {VM_ENDING, leave_paused},
                [VM_EV_KILLED] = {VM_ENDING, kill_leased},
                [VM_EV_GONE] = {VM_ENDING, gone_leased},
            },
        [VM_ENDING] =
            {
                [VM_EV_FAILED] = {VM_ENDING, ignore},
                [VM_EV_SUSPENDED] = {VM_ENDING, ignore},
                [VM_EV_RESUMED] = {VM_ENDING, ignore},
                [VM_EV_UNWANTED] = {VM_ENDING, ignore},
                [VM_EV_KILLED] = {VM_ENDING, ignore},
                [VM_EV_GONE] = {VM_ENDING, be_gone},
            },
};

void vm_event(struct vm *vm, enum vm_event event, const char *why)
{
    const struct rule *rule = &rules[vm->state][event];
    bool moves = rule->next != vm->state, leaves = vm->state == VM_LEASED || vm->state == VM_SUSPENDED;
    struct router *r = vm->r;

    assert(rule->act);
    vm->state = rule->next;
    if (moves)
        fleet_weigh(r);
    rule->act(vm, why);
    if (moves && leaves)
        resets_changed(r);
}

/* ---- the start ---- */

static void on_start_due(uv_timer_t *timer)
{
    struct vm *vm = timer->data;
    char why[128];

    snprintf(why, sizeof why, "%s within %llu s",
             vm->created ? "the guest was started but did not say READY" : "libvirt has not started it",
             (unsigned long long)(vm->kvm_trial ? KVM_TRIAL_MS : vm->d->set.ready_timeout_ms) / 1000);
    vm_event(vm, VM_EV_FAILED, why);
}

/* It may have ended already, and then what it wrote lies in its sockets. */
static void on_boot_created(struct vm *vm, const char *error)
{
    bool over = vm->stopped || (error && vm->boot->end);

    if (error && !over)
        vm->gone = true;
    if (vm->state == VM_ENDING)
        destroy(vm);
    else if (error && !over)
        vm_event(vm, VM_EV_FAILED, error);
    else if (boot_connected(vm->boot) < 0)
        vm_event(vm, VM_EV_FAILED, "its QEMU has not connected its console");
    else
        vm_event(vm, VM_EV_READY, NULL);
    if (over)
        vm_event(vm, VM_EV_GONE, "its QEMU ended at once");
    else
        maybe_free(vm);
}

static void on_created(struct vm *vm, enum vm_job_kind kind, const char *error)
{
    struct vm *before = fleet_vm(vm->d, vm->linked_to);

    vm->created = true;
    if (vm->boot) {
        on_boot_created(vm, error);
        return;
    }
    if (before)
        vm_release_hold(before);
    else if (!vm->r->facts.far)
        workdir_unlink_ring(&vm->d->work, vm->linked_to); /* a QEMU makes one that it does not find */
    if (error) {
        vm->gone = true;
        vm_event(vm, VM_EV_FAILED, error);
        maybe_free(vm);
        return;
    }
    if (vm->state == VM_ENDING) {
        destroy(vm);
        return;
    }
    if (vm->stopped) {
        vm_event(vm, VM_EV_GONE, "its QEMU ended at once");
        return;
    }
    vm_listening(vm);
    if (vm->state == VM_STARTING && vm_ports_open_rest(vm) < 0)
        vm_event(vm, VM_EV_FAILED, "its ports cannot be connected to");
    else if (vm->state == VM_STARTING && vm->ready)
        vm_event(vm, VM_EV_READY, NULL);
}

static void on_reset(struct vm *vm, enum vm_job_kind kind, const char *error)
{
    if (vm->state == VM_STARTING) {
        if (error)
            vm_event(vm, VM_EV_FAILED, error);
        else if (vm->bounce_fd >= 0 && workdir_empty_bounce(vm->bounce_fd) < 0)
            vm_event(vm, VM_EV_FAILED, "its bounce buffer cannot be emptied");
        else if (vm_ports_reopen(vm) < 0)
            vm_event(vm, VM_EV_FAILED, "its ports cannot be connected to");
    }
    maybe_free(vm);
}

void vm_stopped(struct vm *vm, const char *why)
{
    if (vm->created)
        vm_event(vm, VM_EV_GONE, why);
    else
        vm->stopped = true; /* libvirt's create is about to return, perhaps with a better reason */
}

/* NULL: no memory. Not in the list yet. */
static struct vm *vm_new(struct router *r, uint64_t id, uint64_t memory_bytes)
{
    struct vm *vm = calloc(1, sizeof *vm);

    if (!vm)
        return NULL;
    vm->d = r->d;
    vm->r = r;
    vm->id = id;
    vm->memory_bytes = memory_bytes;
    vm->kvm_trial = strcmp(r->facts.accel, "kvm?") == 0;
    vm->hold_fd = vm->back_fd = vm->bounce_fd = -1;
    for (unsigned i = 0; i < VM_NPORTS; i++)
        vm->port[i] = vm->arrived[i] = -1;
    snprintf(vm->name, sizeof vm->name, DOMAIN_PREFIX "%s-%llu", r->d->work.instance, (unsigned long long)id);
    vm->asked_ns = vm->booting_ns = uv_hrtime();
    return vm;
}

static struct domain_spec spec_of(const struct vm *vm)
{
    return (struct domain_spec){
        .work = &vm->d->work,
        .router = &vm->r->facts,
        .vm = vm->id,
        .name = vm->name,
        .memory_bytes = vm->memory_bytes,
        .kvm = strncmp(vm->r->facts.accel, "kvm", 3) == 0,
    };
}

static void create(struct vm *vm, char *xml)
{
    uv_timer_init(&vm->d->loop, &vm->timer);
    vm->timer.data = vm;
    vm->handles = 1;
    uv_timer_start(&vm->timer, on_start_due, vm->kvm_trial ? KVM_TRIAL_MS : vm->d->set.ready_timeout_ms, 0);
    vm_job_start(vm, JOB_CREATE, xml, on_created);
}

struct vm *vm_start(struct router *r, uint64_t id, uint64_t memory_bytes, uint32_t machine,
                    uint64_t linked_to)
{
    struct vm *vm = vm_new(r, id, memory_bytes);
    struct domain_spec spec;
    const struct vm *before = fleet_vm(r->d, linked_to);

    if (!vm)
        return NULL;
    vm->linked_to = linked_to;
    vm->machine = machine;
    vm->kvm_trial &= !machine; /* another architecture proves nothing about an accelerator */
    vm->rom = !machine && pool_offers_rom(r, memory_bytes);
    if (vm->rom)
        vm->bounce_fd = workdir_make_bounce(&r->d->work, id);
    vm->rings = vm->bounce_fd >= 0 && r->d->set.rings && workdir_make_ring(&r->d->work, id) == 0;
    spec = spec_of(vm);
    spec.aarch64 = machine != 0;
    spec.rom = vm->rom;
    spec.bounce = vm->bounce_fd >= 0;
    spec.ring_next = vm->rings;
    spec.ring_prev = vm->rings && before && before->rings;
    spec.linked_to = linked_to;
    spec.before = before ? before->name : NULL;
    TAILQ_INSERT_TAIL(&r->pool.vms, vm, link);
    create(vm, domain_xml(&spec));
    return vm;
}

struct vm *vm_start_boot(struct router *r, uint64_t id, struct boot *boot)
{
    struct vm *vm = vm_new(r, id, boot->plan.memory_bytes ? boot->plan.memory_bytes : r->d->set.memory_bytes);

    if (!vm)
        return NULL;
    vm->boot = boot;
    vm->kvm_trial = false; /* an image proves nothing about an accelerator */
    if (boot_listen(vm) < 0) {
        workdir_unlink_sockets(&r->d->work, id);
        free(vm);
        return NULL;
    }
    boot->vm = vm;
    boot->router = r->facts;
    boot->spec = spec_of(vm);
    boot->spec.boots_image = true;
    boot->spec.router = &boot->router;
    TAILQ_INSERT_HEAD(&r->pool.vms, vm, link); /* it is no part of the chain, whose end is the list's */
    create(vm, NULL);
    return vm;
}

void vm_listening(struct vm *vm)
{
    if (vm->listening || vm->state != VM_STARTING)
        return;
    vm->listening = true;
    if (vm_ports_open_ctl(vm) < 0)
        vm_event(vm, VM_EV_FAILED, "its port ctl cannot be connected to");
    else
        pool_changed(vm->r);
}

/* ---- what a lease asks for ---- */

/* A shim stops all the same, and its machine when it has been found; to go on it has to wait for that. */
static void wait_for_libvirtd(struct vm *vm, enum vm_job_kind kind)
{
    if (kind == JOB_SUSPEND)
        client_operation_done(vm->lease, NULL);
    else
        vm->resume_due = true;
}

static void on_paused(struct vm *vm, enum vm_job_kind kind, const char *error)
{
    if (!error)
        vm_event(vm, kind == JOB_SUSPEND ? VM_EV_SUSPENDED : VM_EV_RESUMED, NULL);
    if (error && adrift_unanswered(vm))
        wait_for_libvirtd(vm, kind);
    else if (vm->lease)
        client_operation_done(vm->lease, error);
    vm_job_over(vm);
}

void vm_suspend(struct vm *vm)
{
    if (!vm_job_start(vm, JOB_SUSPEND, NULL, on_paused))
        wait_for_libvirtd(vm, JOB_SUSPEND);
}

/* Not before halting is over: of two calls under way libvirt may do the second first. */
void vm_resume(struct vm *vm)
{
    if (vm->halt == HALT_UNDERWAY) {
        vm->resume_due = true;
        return;
    }
    vm->halt = HALT_NONE;
    if (vm->state == VM_LEASED)
        client_operation_done(vm->lease, NULL);
    else if (!vm_job_start(vm, JOB_RESUME, NULL, on_paused))
        wait_for_libvirtd(vm, JOB_RESUME);
}

static void on_halted(struct vm *vm, enum vm_job_kind kind, const char *error)
{
    vm->halt = error ? HALT_NONE : HALT_DONE;
    if (!error)
        vm_event(vm, VM_EV_SUSPENDED, NULL);
    if (vm->lease && vm->resume_due) {
        vm->resume_due = false;
        vm_resume(vm);
    }
    vm_job_over(vm);
}

void vm_halt(struct vm *vm)
{
    if (vm->jobs > 0 || vm->halt != HALT_NONE)
        return;
    vm->halt = HALT_UNDERWAY;
    if (!vm_job_start(vm, JOB_SUSPEND, NULL, on_halted))
        vm->halt = HALT_NONE;
}

void vm_release_hold(struct vm *vm)
{
    if (vm->hold_fd >= 0)
        close(vm->hold_fd);
    vm->hold_fd = -1;
}
