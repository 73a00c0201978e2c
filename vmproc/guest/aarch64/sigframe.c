/*
 * sigframe.c - the frame of a signal handler, as Linux lays it out on aarch64 (unwinders and programs know it):
 *
 *   high   frame record: the interrupted code's x29 and x30, to which the handler's x29 points
 *   low    siginfo, ucontext: stack, blocked signals, all registers, then records of {magic, size}   <- sp at entry
 *
 * The handler returns to SA_RESTORER's function, or to a page of ours that Linux has in its vDSO.
 */
#include <asm/sigcontext.h>
#include <asm/unistd.h>
#include <linux/errno.h>

#include "cpu.h"
#include "lib.h"
#include "pagetable.h"
#include "pmem.h"
#include "signal.h"
#include "task.h"
#include "trap.h"
#include "usercopy.h"
#include "vm.h"

#define TRAMPOLINE (USER_TOP - PAGE_SIZE)

/* What <asm/ucontext.h> has the C library's types for. */
struct kucontext {
    uint64_t flags, link;
    struct {
        uint64_t sp;
        uint32_t flags, pad;
        uint64_t size;
    } stack;
    uint64_t sigmask;
    uint8_t room_for_signals[1024 / 8 - 8];
    struct sigcontext mcontext;
};

struct frame {
    siginfo_t info;
    struct kucontext uc;
    uint64_t record[2]; /* x29, x30 */
};

_Static_assert(sizeof(siginfo_t) == 128 && offsetof(struct kucontext, mcontext) == 176 &&
                   sizeof(struct sigcontext) == 4384 && sizeof(struct fpsimd_context) == 528,
               "as Linux lays it out");

uint64_t sigframe_size(void)
{
    return sizeof(struct frame) + 16;
}

int sigframe_map(struct mm *mm)
{
    static const uint32_t code[] = {0xd2800008 | __NR_rt_sigreturn << 5 /* mov x8, # */,
                                    0xd4000001 /* svc #0 */};
    int error = vm_map(mm, TRAMPOLINE, PAGE_SIZE, VM_READ | VM_EXEC, NULL, 0, 0);
    uint64_t *entry = error ? NULL : pagetable_entry(mm->root, TRAMPOLINE, true);
    char *page = entry ? page_alloc_user() : NULL;
    if (!page)
        return -ENOMEM;
    memcpy(page, code, sizeof code);
    cpu_page_is_code(page);
    *entry = va_to_pa(page) | pte_user(false, true);
    mm->rss++;
    return 0;
}

static struct frame frame; /* in passing; the kernel is never preempted */
static struct fpu_area area;

static void fill_context(struct frame *f, const struct trapframe *tf, uint64_t old_blocked)
{
    const struct signals *s = &current->signals;
    struct sigcontext *m = &f->uc.mcontext;
    f->uc.stack.sp = s->alt_sp;
    f->uc.stack.size = s->alt_size;
    f->uc.stack.flags = s->alt_flags | (signal_on_alt_stack(s, tf->sp) ? SS_ONSTACK : 0);
    f->uc.sigmask = old_blocked;
    memcpy(m->regs, tf->x, sizeof m->regs);
    m->sp = tf->sp;
    m->pc = tf->pc;
    m->pstate = tf->pstate;
    m->fault_address = (uint64_t)f->info.si_addr;
    fpu_save(&area);
    struct fpsimd_context *fpu = (void *)m->__reserved;
    memcpy(fpu, area.bytes, sizeof *fpu);
    fpu->head = (struct _aarch64_ctx){FPSIMD_MAGIC, sizeof *fpu};
    /* behind it a record of zeros, the last */
}

int sigframe_push(struct trapframe *tf, int signo, const struct signal_source *source,
                  const struct ksigaction *action, uint64_t old_blocked)
{
    struct signals *s = &current->signals;
    uint64_t sp = tf->sp;
    if (action->flags & SA_ONSTACK && !(s->alt_flags & SS_DISABLE) && !signal_on_alt_stack(s, tf->sp))
        sp = s->alt_sp + s->alt_size;
    uint64_t at = ALIGN_DOWN(sp - sizeof(struct frame), 16);

    /* No fault while `frame` is in use: bringing a page in can let another task run. */
    if (vm_prefault(at, sp - at, VM_WRITE) != 0)
        return -EFAULT;
    memset(&frame, 0, sizeof frame);
    signal_fill_info(&frame.info, signo, source);
    fill_context(&frame, tf, old_blocked);
    frame.record[0] = tf->x[29], frame.record[1] = tf->x[30];
    if (copy_to_user(at, &frame, sizeof frame) != 0)
        return -EFAULT;
    if (s->alt_flags & SS_AUTODISARM && sp == s->alt_sp + s->alt_size) {
        s->alt_sp = s->alt_size = 0;
        s->alt_flags = SS_DISABLE;
    }
    tf->pc = action->handler;
    tf->sp = at;
    tf->x[0] = (uint64_t)signo;
    tf->x[1] = at + offsetof(struct frame, info);
    tf->x[2] = at + offsetof(struct frame, uc);
    tf->x[29] = at + offsetof(struct frame, record);
    tf->x[30] = action->flags & SA_RESTORER ? action->restorer : TRAMPOLINE;
    tf->pstate &= ~PSTATE_SS;
    return 0;
}

/* Finds the record of the floating-point registers: whoever has changed the frame may have moved it. */
static const struct fpsimd_context *find_fpu(const struct sigcontext *m)
{
    for (size_t at = 0; at + sizeof(struct fpsimd_context) <= sizeof m->__reserved;) {
        const struct _aarch64_ctx *head = (const void *)(m->__reserved + at);
        if (head->magic == FPSIMD_MAGIC && head->size == sizeof(struct fpsimd_context))
            return (const void *)head;
        if (!head->magic || head->size < sizeof *head || head->size % 16)
            return NULL;
        at += head->size;
    }
    return NULL;
}

int sigframe_pop(struct trapframe *tf)
{
    uint64_t at = tf->sp;
    struct signals *s = &current->signals;
    if (at % 16 || vm_prefault(at, sizeof frame, VM_READ) != 0 ||
        copy_from_user(&frame, at, sizeof frame) != 0)
        return -EFAULT;
    const struct sigcontext *m = &frame.uc.mcontext;
    const struct fpsimd_context *fpu = find_fpu(m);
    if (!fpu)
        return -EFAULT;
    memcpy(area.bytes, fpu, sizeof *fpu);
    fpu_restore(&area);
    memcpy(tf->x, m->regs, sizeof tf->x);
    tf->sp = m->sp;
    tf->pc = m->pc;
    tf->pstate = m->pstate & PSTATE_NZCV;
    tf->kind = TRAP_OTHER;
    s->blocked = frame.uc.sigmask & ~SIGNALS_UNBLOCKABLE;
    if (!signal_on_alt_stack(s, tf->sp)) {
        s->alt_sp = frame.uc.stack.sp;
        s->alt_size = frame.uc.stack.size;
        s->alt_flags = frame.uc.stack.flags & (SS_DISABLE | SS_AUTODISARM);
    }
    return 0;
}
