/* boot_end.c - how a guest that does not know us ends its machine. */
#include "boot.h"
#include "client.h"
#include "daemon.h"
#include "vm_job.h"

#include <stdlib.h>
#include <string.h>

#define TICK_MS  250
#define EARLY_MS 5000 /* for so long each tick looks at a processor, */
#define LATE_MS  1000 /* and then it is done this often */

/* ---- QEMU's events ---- */

static const struct {
    const char *event, *data; /* data: a part of it */
    enum vmp_end end;
} ends[] = {
    {"SHUTDOWN", "\"guest-shutdown\"", VMP_END_POWER_OFF},
    {"SHUTDOWN", "\"guest-reset\"", VMP_END_RESET},
    {"SHUTDOWN", "\"guest-panic\"", VMP_END_PANIC},
    {"GUEST_PANICKED", "", VMP_END_PANIC},
};

static enum vmp_end end_of(const char *event, const char *data)
{
    for (unsigned i = 0; i < sizeof ends / sizeof *ends; i++)
        if (strcmp(event, ends[i].event) == 0 && strstr(data, ends[i].data))
            return ends[i].end;
    return 0;
}

bool boot_wants_event(const char *event, const char *data)
{
    return end_of(event, data) != 0;
}

/* The first counts; that libvirt has stopped the domain comes after it. */
void boot_monitor_event(struct router *r, const char *domain, const char *event, const char *data)
{
    struct vm *vm;

    TAILQ_FOREACH (vm, &r->pool.vms, link)
        if (vm->boot && strcmp(vm->name, domain) == 0 && !vm->boot->end)
            vm->boot->end = end_of(event, data);
}

/* ---- a processor that stands still ---- */

/*
 * HLT with interrupts off: with one processor nothing but the outside ends that, and there is nothing outside.
 * In QEMU's words: "EFL=00000046 ... HLT=1"; the flag is bit 9.
 */
bool boot_is_halted(const char *registers)
{
    const char *flags = strstr(registers, "FL="); /* EFL=, and RFL= in long mode */

    return flags && strstr(registers, "HLT=1") && !(strtoull(flags + 3, NULL, 16) & 0x200);
}

static void on_looked(struct vm *vm, enum vm_job_kind kind, const char *error)
{
    if (!error && vm->state == VM_LEASED && !vm->boot->end && vm->halted) {
        vm->boot->end = VMP_END_HALT;
        vm_event(vm, VM_EV_KILLED, "its processor stands still");
    }
    vm_job_over(vm);
}

static bool is_watched(const struct vm *vm)
{
    return vm->boot && vm->boot->plan.watch_halt && vm->state == VM_LEASED;
}

static void on_tick(uv_timer_t *timer)
{
    struct daemon *d = timer->data;
    uint64_t now = uv_hrtime();
    bool watched = false;
    struct router *r;
    struct vm *vm;

    FLEET_FOREACH_VM(d, r, vm)
    {
        uint64_t pause = now - vm->leased_ns < EARLY_MS * 1000000ull ? 0 : LATE_MS;

        if (!is_watched(vm))
            continue;
        watched = true;
        if (vm->jobs == 0 && !vm->gone && now - vm->boot->look_ns >= pause * 1000000ull &&
            vm_job_start(vm, JOB_LOOK, NULL, on_looked))
            vm->boot->look_ns = now;
    }
    if (!watched)
        uv_timer_stop(timer);
}

void boot_watch_init(struct daemon *d)
{
    uv_timer_init(&d->loop, &d->boot_watch);
    d->boot_watch.data = d;
}

void boot_watch_begins(struct daemon *d)
{
    if (!uv_is_active((uv_handle_t *)&d->boot_watch))
        uv_timer_start(&d->boot_watch, on_tick, TICK_MS, TICK_MS);
}
