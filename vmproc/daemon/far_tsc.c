#include "far_tsc.h"
#include "daemon.h"
#include "log.h"
#include "vmproc/guest_abi.h"

#include <sys/socket.h>

#define GAP_MS 500

static void ask(struct vm *vm)
{
    struct ctl_head head = {.type = CTL_ASK_TSC};

    vm->tsc_asked_ns = uv_hrtime();
    /* When that fails the port has ended, which is noticed where it is read. */
    send(vm->port[VM_CTL], &head, sizeof head, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void on_gap(uv_timer_t *timer)
{
    struct router *r = timer->data;
    struct vm *vm;

    TAILQ_FOREACH (vm, &r->pool.vms, link)
        if (vm->state == VM_STARTING && vm->tsc_at_ns && vm->port[VM_CTL] >= 0)
            ask(vm);
}

void far_tsc_init(struct router *r)
{
    uv_timer_init(&r->d->loop, &r->tsc_gap);
    r->tsc_gap.data = r;
}

bool far_tsc_asks(struct vm *vm)
{
    if (!vm->r->facts.far || vm->r->tsc_hz)
        return false;
    ask(vm);
    return true;
}

bool far_tsc_answered(struct vm *vm, uint64_t tsc)
{
    struct router *r = vm->r;
    uint64_t at = vm->tsc_asked_ns + (uv_hrtime() - vm->tsc_asked_ns) / 2;

    if (r->tsc_hz)
        return true;
    if (!vm->tsc_at_ns || at - vm->tsc_at_ns < GAP_MS * 900000ull) {
        if (!vm->tsc_at_ns) {
            vm->tsc_at_ns = at;
            vm->tsc = tsc;
        }
        if (!uv_is_active((uv_handle_t *)&r->tsc_gap))
            uv_timer_start(&r->tsc_gap, on_gap, GAP_MS, 0);
        return false;
    }
    if (tsc > vm->tsc && at > vm->tsc_at_ns)
        r->tsc_hz = (uint64_t)((double)(tsc - vm->tsc) * 1e9 / (double)(at - vm->tsc_at_ns));
    log_line("router %s: time-stamp counter of %.3f GHz", r->name, (double)r->tsc_hz / 1e9);
    return true;
}
