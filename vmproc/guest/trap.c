/* trap.c - what a page fault becomes, and the way back to the program. */
#include "trap.h"

#include <linux/errno.h>

#include "log.h"
#include "process.h"
#include "sched.h"
#include "task.h"
#include "vm.h"

struct extable_entry {
    uint64_t from, to, fixup;
};

extern const struct extable_entry extable_start[], extable_end[];

bool trap_fix_up(struct trapframe *tf)
{
    for (const struct extable_entry *e = extable_start; e < extable_end; e++)
        if (frame_pc(tf) >= e->from && frame_pc(tf) < e->to) {
            frame_set_pc(tf, e->fixup);
            return true;
        }
    return false;
}

static void fault_signal(int error, uint64_t addr)
{
    if (error == -ENOMEM) {
        log_line("out of memory: the program is killed");
        process_end(CTL_EXIT_SIGNAL, SIGKILL);
    }
    struct signal_source source = {.addr = addr, .has_addr = true};
    int signo = error == -EFAULT || error == -EACCES ? SIGSEGV : SIGBUS;
    source.code = error == -EFAULT ? SEGV_MAPERR : error == -EACCES ? SEGV_ACCERR : BUS_ADRERR;
    signal_force(signo, &source);
}

void trap_page_fault(struct trapframe *tf, uint64_t addr, uint32_t access, bool from_user)
{
    if (from_user) {
        int error = vm_fault(current->mm, addr, access);
        if (error)
            fault_signal(error, addr);
        return;
    }
    /* In the kernel only usercopy.S may touch the program's half. */
    if (addr < USER_TOP && !current->no_faults && vm_fault(current->mm, addr, access) == 0)
        return;
    if (addr >= USER_TOP || !trap_fix_up(tf))
        panic_frame(tf, "page fault");
}

void user_return(struct trapframe *tf)
{
    sched_before_user();
    process_make_way();
    bool interrupted = frame_is_syscall(tf) && frame_result(tf) <= -ERESTARTSYS &&
                       frame_result(tf) >= -ERESTART_RESTARTBLOCK;
    if (signal_pending(current) || interrupted || current->signals.restore_blocked)
        signal_deliver(tf);
    /* SYSRET to a non-canonical address would fault in ring 0; no program has code up there anyway. */
    while (frame_pc(tf) >= USER_TOP) {
        struct signal_source source = {.code = SEGV_MAPERR, .addr = frame_pc(tf), .has_addr = true};
        signal_force(SIGSEGV, &source);
        signal_deliver(tf);
    }
    account_switch(ACCOUNT_USER);
}
