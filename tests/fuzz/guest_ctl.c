/*
 * guest_ctl.c - the guest's control port fed with what a broken or hostile shim could send, in each of its states.
 *
 * An input is pieces: a byte that says how, then a length and bytes that are sent as they are, or a type, a length and
 * a body to which the right head is made; calls of the guest are under way all the while.
 */
#include "tests/fuzz/guest.h"

#include "vmproc/guest/ctl.c"

void signal_from_host(uint32_t signo, bool group)
{
}

void child_of_host_changed(const struct ctl_child *child)
{
    memcpy(machine.sent, child, sizeof *child); /* all of it is there */
}

void clock_catch_up(uint64_t since_tsc, uint64_t ns, uint64_t realtime_ns)
{
}

void strace_set(bool on)
{
}

void port_commit(struct port *p, uint32_t n)
{
}

bool port_sent(struct port *p)
{
    return true;
}

uint64_t account_ns(enum account what)
{
    return 0;
}

uint64_t ticks_to_ns(uint64_t ticks)
{
    return ticks;
}

static void feed_message(void)
{
    uint8_t type = next_byte();
    size_t n = next_byte();
    n = n > machine.left ? machine.left : n;
    if (type == CTL_EXEC && n < sizeof(struct ctl_exec))
        n = 0;
    struct ctl_head h = {(uint32_t)n, type, 0};
    machine.left -= n;
    machine.bytes += n;
    arrive(port, &h, sizeof h);
    arrive(port, machine.bytes - n, n);
}

static void feed(void)
{
    if (next_byte() & 1)
        feed_message();
    else
        feed_raw(port);
}

/* One that has everything, so that a run comes as far as RUNNING. */
static void feed_exec(void)
{
    struct ctl_exec exec = {.abi = GUEST_ABI_VERSION};
    struct ctl_head h = {sizeof exec, CTL_EXEC, 0};
    arrive(port, &h, sizeof h);
    arrive(port, &exec, sizeof exec);
}

static void program(void)
{
    static struct ctl_pending calls[3];
    char data[3][64];
    struct ctl_ready ready = {.abi = GUEST_ABI_VERSION};
    uint8_t how = next_byte();

    ctl_init();
    if (how & 1)
        feed();
    ctl_ready(&ready, 1);
    if (how & 2)
        feed_exec();
    struct exec_message m = ctl_wait_exec();
    if (m.len < sizeof *m.exec)
        abort();
    for (uint32_t i = 0; i < ARRAY_LEN(calls); i++) {
        struct ctl_request r = {
            .op = CALL_IOCTL, .data = i ? data[i] : NULL, .data_in = i * 8, .data_cap = i * 32};
        memset(data[i], 0, sizeof data[i]);
        ctl_call_start(&calls[i], &r);
        calls[i].id = i + 1; /* that of an input is always the same */
    }
    ctl_call_post(&(struct ctl_request){.op = CALL_SYNC});
    pending->id = 4;
    while (machine.left)
        feed();
    ctl_free_exec(&m);
    ctl_exited(CTL_EXIT_STATUS, 0, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    state = BOOTING;
    have_head = false;
    early_signals = 0;
    pending = NULL;
    memset(broken, 0, sizeof broken);
    run_machine(program, bytes, n);
    return 0;
}
