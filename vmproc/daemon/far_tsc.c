#include "far_tsc.h"
#include "daemon.h"
#include "log.h"
#include "vmproc/guest_abi.h"

#include <sys/socket.h>

#define GAP_MS  500
#define SAMPLES 5 /* one in which neither the network nor a processor was somebody else's is among them */

static void ask(struct vm *vm)
{
    struct ctl_head head = {.type = CTL_ASK_TSC};

    vm->far_tsc.asked_ns = uv_hrtime();
    /* When that fails the port has ended, which is noticed where it is read. */
    send(vm->port[VM_CTL], &head, sizeof head, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static bool waits_for_gap(const struct far_tsc *far)
{
    return far->first.answered_ns && far->answers == 0;
}

static void on_gap(uv_timer_t *timer)
{
    struct router *r = timer->data;
    struct vm *vm;

    TAILQ_FOREACH (vm, &r->pool.vms, link) {
        if (vm->state != VM_STARTING || !waits_for_gap(&vm->far_tsc) || vm->port[VM_CTL] < 0)
            continue;
        if (r->tsc_hz || uv_hrtime() - vm->far_tsc.first.answered_ns > GAP_MS * 900000ull)
            ask(vm);
        else
            uv_timer_start(&r->tsc_gap, on_gap, GAP_MS, 0);
    }
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

static uint64_t round_trip(const struct tsc_sample *sample)
{
    return sample->answered_ns - sample->asked_ns;
}

static uint64_t middle(const struct tsc_sample *sample)
{
    return sample->asked_ns + round_trip(sample) / 2;
}

/* Halves of two round trips are not known, of the time between them. */
static void measured(struct router *r, const struct tsc_sample *first, const struct tsc_sample *second)
{
    double ns = (double)(middle(second) - middle(first));
    double unknown = (double)(round_trip(first) + round_trip(second)) / 2;

    if (second->tsc > first->tsc)
        r->tsc_hz = (uint64_t)((double)(second->tsc - first->tsc) * 1e9 / ns);
    log_line("router %s: time-stamp counter of %.3f GHz, within %.3f %%", r->name, (double)r->tsc_hz / 1e9,
             100 * unknown / (ns - unknown));
}

bool far_tsc_answered(struct vm *vm, uint64_t tsc)
{
    struct tsc_sample sample = {tsc, vm->far_tsc.asked_ns, uv_hrtime()};
    struct far_tsc *far = &vm->far_tsc;
    struct tsc_sample *best = far->second.answered_ns || waits_for_gap(far) ? &far->second : &far->first;
    struct router *r = vm->r;

    if (r->tsc_hz)
        return true;
    if (!best->answered_ns || round_trip(&sample) < round_trip(best))
        *best = sample;
    if (++far->answers < SAMPLES) {
        ask(vm);
        return false;
    }
    far->answers = 0;
    if (best == &far->second) {
        measured(r, &far->first, &far->second);
        return true;
    }
    if (!uv_is_active((uv_handle_t *)&r->tsc_gap))
        uv_timer_start(&r->tsc_gap, on_gap, GAP_MS, 0);
    return false;
}
