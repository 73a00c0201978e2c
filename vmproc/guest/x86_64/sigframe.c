/*
 * sigframe.c - the frame of a signal handler, as Linux lays it out on x86-64 (unwinders and programs know
 * it):
 *
 *   high   FPU state (XSAVE format, 64-byte aligned, magic words around the extended part)
 *          siginfo
 *          ucontext: stack, sigcontext with all registers, blocked signals
 *   low    return address = SA_RESTORER's function, which calls rt_sigreturn   <- rsp at entry
 */
#include <asm/sigcontext.h>
#include <linux/errno.h>

#include "cpu.h"
#include "lib.h"
#include "signal.h"
#include "task.h"
#include "trap.h"
#include "usercopy.h"
#include "vm.h"

#define RED_ZONE 128

/* What <asm/ucontext.h> has no 64-bit sigset for. */
struct kucontext {
    uint64_t flags, link;
    struct {
        uint64_t sp;
        uint32_t flags, pad;
        uint64_t size;
    } stack;
    struct sigcontext_64 mcontext;
    uint64_t sigmask;
};

struct frame {
    uint64_t restorer;
    struct kucontext uc;
    siginfo_t info;
};

#define UC_FP_XSTATE         1u
#define UC_SIGCONTEXT_SS     2u
#define UC_STRICT_RESTORE_SS 4u
#define USER_RFLAGS          0x254dd5ul /* the flags a program may set: arithmetic, TF, DF, NT, RF, AC, ID */

static struct fpu_area area; /* in passing; the kernel is never preempted */

/* Offset 464 of the FXSAVE image is where software says what follows it. */
#define SW_BYTES 464

static int push_fpu(uint64_t to)
{
    fpu_save(&area);
    uint32_t size = fpu_size();
    struct _fpx_sw_bytes sw = {0};
    if (fpu_features()) {
        sw.magic1 = FP_XSTATE_MAGIC1;
        sw.extended_size = size + FP_XSTATE_MAGIC2_SIZE;
        sw.xfeatures = fpu_features();
        sw.xstate_size = size;
    }
    memcpy(area.bytes + SW_BYTES, &sw, sizeof sw);
    int error = copy_to_user(to, area.bytes, size);
    uint32_t magic2 = FP_XSTATE_MAGIC2;
    if (!error && fpu_features())
        error = put_user(magic2, to + size);
    return error;
}

static int pop_fpu(uint64_t from)
{
    uint32_t size = fpu_size();
    if (from == 0) {
        fpu_reset();
        return 0;
    }
    if (vm_prefault(from, size, VM_READ) != 0 || copy_from_user(area.bytes, from, 512) != 0)
        return -EFAULT;
    if (fpu_features()) {
        struct _fpx_sw_bytes sw;
        memcpy(&sw, area.bytes + SW_BYTES, sizeof sw);
        memset(area.bytes + 512, 0, FPU_MAX - 512);
        if (sw.magic1 == FP_XSTATE_MAGIC1 && sw.xstate_size == size) {
            if (copy_from_user(area.bytes + 512, from + 512, size - 512) != 0)
                return -EFAULT;
        } else {
            area.bytes[512] = 3; /* only x87 and SSE are there */
        }
    }
    return fpu_restore(&area) == 0 ? 0 : -EFAULT;
}

uint64_t sigframe_size(void)
{
    return 1024 + fpu_size();
}

int sigframe_map(struct mm *mm)
{
    return 0; /* programs bring the code that a handler returns to */
}

static void fill_context(struct frame *f, const struct trapframe *tf, uint64_t old_blocked, uint64_t fpu)
{
    const struct signals *s = &current->signals;
    f->uc.flags = (fpu_features() ? UC_FP_XSTATE : 0) | UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS;
    f->uc.stack.sp = s->alt_sp;
    f->uc.stack.size = s->alt_size;
    f->uc.stack.flags = s->alt_flags | (signal_on_alt_stack(s, tf->rsp) ? SS_ONSTACK : 0);
    f->uc.sigmask = old_blocked;
    f->uc.mcontext = (struct sigcontext_64){
        .r8 = tf->r8,
        .r9 = tf->r9,
        .r10 = tf->r10,
        .r11 = tf->r11,
        .r12 = tf->r12,
        .r13 = tf->r13,
        .r14 = tf->r14,
        .r15 = tf->r15,
        .di = tf->rdi,
        .si = tf->rsi,
        .bp = tf->rbp,
        .bx = tf->rbx,
        .dx = tf->rdx,
        .ax = tf->rax,
        .cx = tf->rcx,
        .sp = tf->rsp,
        .ip = tf->rip,
        .flags = tf->rflags,
        .cs = USER_CS,
        .ss = USER_SS,
        .err = tf->error,
        .trapno = tf->vector,
        .oldmask = old_blocked,
        .cr2 = (uint64_t)f->info.si_addr,
        .fpstate = fpu,
    };
    if (tf->vector == TRAP_SYSCALL)
        f->uc.mcontext.err = f->uc.mcontext.trapno = 0;
}

int sigframe_push(struct trapframe *tf, int signo, const struct signal_source *source,
                  const struct ksigaction *action, uint64_t old_blocked)
{
    struct signals *s = &current->signals;
    uint64_t sp = tf->rsp - RED_ZONE;
    if (action->flags & SA_ONSTACK && !(s->alt_flags & SS_DISABLE) && !signal_on_alt_stack(s, tf->rsp))
        sp = s->alt_sp + s->alt_size;
    uint64_t fpu = ALIGN_DOWN(sp - fpu_size() - FP_XSTATE_MAGIC2_SIZE, 64);
    uint64_t at = ALIGN_DOWN(fpu - sizeof(struct frame), 16) - 8; /* as after a CALL */

    /* No fault while `area` is in use: bringing a page in can let another task run. */
    if (vm_prefault(at, sp - at, VM_WRITE) != 0)
        return -EFAULT;
    struct frame f;
    memset(&f, 0, sizeof f);
    f.restorer = action->restorer;
    signal_fill_info(&f.info, signo, source);
    fill_context(&f, tf, old_blocked, fpu);
    if (!(action->flags & SA_RESTORER) || push_fpu(fpu) != 0 || copy_to_user(at, &f, sizeof f) != 0)
        return -EFAULT;
    if (s->alt_flags & SS_AUTODISARM && sp == s->alt_sp + s->alt_size) {
        s->alt_sp = s->alt_size = 0;
        s->alt_flags = SS_DISABLE;
    }
    fpu_reset();
    tf->rip = action->handler;
    tf->rsp = at;
    tf->rax = 0;
    tf->rdi = (uint64_t)signo;
    tf->rsi = at + offsetof(struct frame, info);
    tf->rdx = at + offsetof(struct frame, uc);
    tf->rflags &= ~(RFLAGS_DF | RFLAGS_TF);
    return 0;
}

int sigframe_pop(struct trapframe *tf)
{
    struct kucontext uc;
    uint64_t at = tf->rsp - 8; /* the handler's RET took the return address */
    if (copy_from_user(&uc, at + offsetof(struct frame, uc), sizeof uc) != 0 ||
        pop_fpu(uc.mcontext.fpstate) != 0)
        return -EFAULT;
    const struct sigcontext_64 *m = &uc.mcontext;
    tf->r8 = m->r8, tf->r9 = m->r9, tf->r10 = m->r10, tf->r11 = m->r11, tf->r12 = m->r12, tf->r13 = m->r13;
    tf->r14 = m->r14, tf->r15 = m->r15, tf->rdi = m->di, tf->rsi = m->si, tf->rbp = m->bp, tf->rbx = m->bx;
    tf->rdx = m->dx, tf->rax = m->ax, tf->rcx = m->cx, tf->rsp = m->sp, tf->rip = m->ip;
    tf->rflags = (m->flags & USER_RFLAGS) | RFLAGS_IF | 2;
    tf->vector = 0; /* IRET: SYSRET would lose rcx and r11 */
    current->signals.blocked = uc.sigmask & ~SIGNALS_UNBLOCKABLE;
    if (!signal_on_alt_stack(&current->signals, tf->rsp)) {
        current->signals.alt_sp = uc.stack.sp;
        current->signals.alt_size = uc.stack.size;
        current->signals.alt_flags = uc.stack.flags & (SS_DISABLE | SS_AUTODISARM);
    }
    return 0;
}
