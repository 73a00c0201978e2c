/* trap.c - what an exception or interrupt becomes: a page, a signal, an event, or a panic. */
#include "trap.h"

#include <linux/errno.h>

#include "apic.h"
#include "console.h"
#include "cpu.h"
#include "log.h"
#include "process.h"
#include "sched.h"
#include "task.h"
#include "vm.h"

#define FAULT_WRITE 2u
#define FAULT_FETCH 16u

struct extable_entry {
    uint64_t from, to, fixup;
};

extern const struct extable_entry extable_start[], extable_end[];

/* Exceptions of a program, by vector. Vectors without a row cannot come from ring 3. */
static const struct {
    uint8_t signo;
    int8_t code;
} exception_signals[32] = {
    [0] = {SIGFPE, FPE_INTDIV},   [1] = {SIGTRAP, TRAP_TRACE},  [3] = {SIGTRAP, TRAP_BRKPT},
    [4] = {SIGSEGV, SEGV_MAPERR}, [5] = {SIGSEGV, SEGV_MAPERR}, [6] = {SIGILL, ILL_ILLOPN},
    [7] = {SIGSEGV, SEGV_MAPERR}, [11] = {SIGBUS, BUS_ADRERR},  [12] = {SIGBUS, BUS_ADRERR},
    [13] = {SIGSEGV, 0},          [16] = {SIGFPE, FPE_FLTINV},  [17] = {SIGBUS, BUS_ADRALN},
    [19] = {SIGFPE, FPE_FLTINV},
};

static bool fix_up(struct trapframe *tf)
{
    for (const struct extable_entry *e = extable_start; e < extable_end; e++)
        if (tf->rip >= e->from && tf->rip < e->to) {
            tf->rip = e->fixup;
            return true;
        }
    return false;
}

static void fault_signal(int error, uint64_t addr, const struct trapframe *tf)
{
    if (error == -ENOMEM) {
        log_line("out of memory: the program is killed");
        process_end(CTL_EXIT_SIGNAL, SIGKILL);
    }
    struct signal_source source = {.addr = addr, .trap = (uint32_t)tf->vector};
    int signo = error == -EFAULT || error == -EACCES ? SIGSEGV : SIGBUS;
    source.code = error == -EFAULT ? SEGV_MAPERR : error == -EACCES ? SEGV_ACCERR : BUS_ADRERR;
    signal_force(signo, &source);
}

static void page_fault(struct trapframe *tf)
{
    uint64_t addr = read_cr2();
    uint32_t access = tf->error & FAULT_FETCH ? VM_EXEC : tf->error & FAULT_WRITE ? VM_WRITE : VM_READ;
    bool from_user = tf->cs & 3;
    if (from_user) {
        int error = vm_fault(current->mm, addr, access);
        if (error)
            fault_signal(error, addr, tf);
        return;
    }
    /* In the kernel only usercopy.S may touch the program's half. */
    if (addr < USER_TOP && !current->no_faults && vm_fault(current->mm, addr, access) == 0)
        return;
    if (addr >= USER_TOP || !fix_up(tf))
        panic_frame(tf, "page fault");
}

static void exception(struct trapframe *tf)
{
    if (!(tf->cs & 3)) {
        if (!fix_up(tf)) /* a non-canonical pointer in usercopy.S is #GP */
            panic_frame(tf, "exception");
        return;
    }
    if (!exception_signals[tf->vector].signo)
        panic_frame(tf, "exception in ring 3");
    struct signal_source source = {
        .code = exception_signals[tf->vector].code,
        .addr = tf->rip,
        .trap = (uint32_t)tf->vector + 1, /* not 0: #DE has an address, too */
    };
    if (source.code == 0)
        source.code = SI_KERNEL, source.addr = 0;
    signal_force(exception_signals[tf->vector].signo, &source);
}

void trap(struct trapframe *tf)
{
    bool from_user = tf->cs & 3;
    if (from_user)
        account_switch(ACCOUNT_SYSTEM);
    if (tf->vector == VECTOR_DEVICE) {
        console_interrupt();
        apic_end_of_interrupt();
    } else if (tf->vector == VECTOR_TIMER) {
        apic_end_of_interrupt();
        timer_interrupt();
    } else if (tf->vector == 14) {
        page_fault(tf);
    } else if (tf->vector < 32) {
        exception(tf);
    }
    if (from_user)
        user_return(tf);
}

void user_return(struct trapframe *tf)
{
    sched_before_user();
    process_make_way();
    bool interrupted = tf->vector == TRAP_SYSCALL && (long)tf->rax <= -ERESTARTSYS &&
                       (long)tf->rax >= -ERESTART_RESTARTBLOCK;
    if (signal_pending(current) || interrupted || current->signals.restore_blocked)
        signal_deliver(tf);
    /* SYSRET to a non-canonical address would fault in ring 0; no program has code up there anyway. */
    while (tf->rip >= USER_TOP) {
        signal_force(SIGSEGV, &(struct signal_source){.code = SEGV_MAPERR, .addr = tf->rip, .trap = 14});
        signal_deliver(tf);
    }
    account_switch(ACCOUNT_USER);
}
