/* exception.c - what an exception or interrupt becomes: a page, a signal, an event, or a panic. Arm ARM D17.2.37 (ESR_EL1). */
#include <linux/errno.h>

#include "cpu.h"
#include "gic.h"
#include "lib.h"
#include "log.h"
#include "task.h"
#include "trap.h"
#include "vm.h"

enum {
    EC_FETCH_EL0 = 0x20,
    EC_FETCH_EL1 = 0x21,
    EC_PC_ALIGNMENT = 0x22,
    EC_DATA_EL0 = 0x24,
    EC_DATA_EL1 = 0x25,
    EC_SP_ALIGNMENT = 0x26,
    EC_FLOAT = 0x2c,
    EC_STEP = 0x32,
    EC_BRK = 0x3c,
};

#define ISS_STATUS     0x3fu /* of an abort */
#define ISS_WRITE      0x40u
#define ISS_CACHE      0x100u /* cache maintenance, which is no write */
#define STATUS_ALIGNED 0x21u  /* it is not */
#define TAG            0xff00000000000000ul

void trap_unexpected(struct trapframe *tf);

static uint64_t fault_address(void)
{
    uint64_t addr = read_register(far_el1);
    return addr >> 55 & 1 ? addr : addr & ~TAG;
}

/* The exceptions of a program that are signals; all others are SIGILL. */
static const struct {
    uint8_t class, signo, code;
} signals[] = {
    {EC_PC_ALIGNMENT, SIGBUS, BUS_ADRALN}, {EC_SP_ALIGNMENT, SIGBUS, BUS_ADRALN},
    {EC_FLOAT, SIGFPE, FPE_FLTINV},        {EC_STEP, SIGTRAP, TRAP_TRACE},
    {EC_BRK, SIGTRAP, TRAP_BRKPT},
};

static void raise(int signo, int code, uint64_t addr)
{
    signal_force(signo, &(struct signal_source){.code = code, .addr = addr, .has_addr = true});
}

static void exception(const struct trapframe *tf, unsigned class)
{
    for (unsigned i = 0; i < ARRAY_LEN(signals); i++)
        if (signals[i].class == class) {
            raise(signals[i].signo, signals[i].code, class == EC_PC_ALIGNMENT ? fault_address() : tf->pc);
            return;
        }
    raise(SIGILL, ILL_ILLOPC, tf->pc);
}

static void abort_access(struct trapframe *tf, unsigned class)
{
    unsigned status = tf->syndrome & ISS_STATUS, kind = status >> 2;
    bool fetch = class == EC_FETCH_EL0 || class == EC_FETCH_EL1;
    bool write = tf->syndrome & ISS_WRITE && !(tf->syndrome & ISS_CACHE);
    if (kind <= 3) /* address size, translation, access flag, permission */
        trap_page_fault(tf, fault_address(),
                        fetch   ? VM_EXEC
                        : write ? VM_WRITE
                                : VM_READ,
                        frame_from_user(tf));
    else if (frame_from_user(tf))
        raise(SIGBUS, status == STATUS_ALIGNED ? BUS_ADRALN : BUS_OBJERR, fault_address());
    else if (!trap_fix_up(tf))
        panic_frame(tf, "abort");
}

static void synchronous(struct trapframe *tf)
{
    unsigned class = tf->syndrome >> 26 & 0x3f;
    if (class == EC_FETCH_EL0 || class == EC_FETCH_EL1 || class == EC_DATA_EL0 || class == EC_DATA_EL1)
        abort_access(tf, class);
    else if (frame_from_user(tf))
        exception(tf, class);
    else
        panic_frame(tf, "exception");
}

void trap(struct trapframe *tf)
{
    bool from_user = frame_from_user(tf);
    if (from_user)
        account_switch(ACCOUNT_SYSTEM);
    if (tf->kind == TRAP_INTERRUPT)
        gic_interrupt();
    else
        synchronous(tf);
    if (from_user)
        user_return(tf);
}

void trap_unexpected(struct trapframe *tf)
{
    panic_frame(tf, "unexpected exception");
}

int frame_describe(const struct trapframe *tf, char *buf, size_t size)
{
    return format(
        buf, size,
        "kind %lu syndrome %lx pc %lx sp %lx pstate %lx far %lx x0 %lx x1 %lx x2 %lx x3 %lx x8 %lx x30 %lx",
        tf->kind, tf->syndrome, tf->pc, tf->sp, tf->pstate, read_register(far_el1), tf->x[0], tf->x[1],
        tf->x[2], tf->x[3], tf->x[8], tf->x[30]);
}
