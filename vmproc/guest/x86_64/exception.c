/* exception.c - what an exception or interrupt becomes: a page, a signal, an event, or a panic. */
#include <linux/errno.h>

#include "apic.h"
#include "console.h"
#include "cpu.h"
#include "lib.h"
#include "log.h"
#include "task.h"
#include "trap.h"
#include "vm.h"

#define FAULT_WRITE 2u
#define FAULT_FETCH 16u

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

static void page_fault(struct trapframe *tf)
{
    uint32_t access = tf->error & FAULT_FETCH ? VM_EXEC : tf->error & FAULT_WRITE ? VM_WRITE : VM_READ;
    trap_page_fault(tf, read_cr2(), access, tf->cs & 3);
}

static void exception(struct trapframe *tf)
{
    if (!(tf->cs & 3)) {
        if (!trap_fix_up(tf)) /* a non-canonical pointer in usercopy.S is #GP */
            panic_frame(tf, "exception");
        return;
    }
    if (!exception_signals[tf->vector].signo)
        panic_frame(tf, "exception in ring 3");
    struct signal_source source = {
        .code = exception_signals[tf->vector].code,
        .addr = tf->rip,
        .has_addr = true,
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

int frame_describe(const struct trapframe *tf, char *buf, size_t size)
{
    return format(
        buf, size,
        "vector %lu error %lx rip %lx rsp %lx cr2 %lx rax %lx rbx %lx rcx %lx rdx %lx rsi %lx rdi %lx "
        "rbp %lx",
        tf->vector, tf->error, tf->rip, tf->rsp, read_cr2(), tf->rax, tf->rbx, tf->rcx, tf->rdx, tf->rsi,
        tf->rdi, tf->rbp);
}
