/*
 * signal.h - signals: pending and blocked sets, actions, the frame a handler runs on.
 *
 * A signal that would be ignored is dropped when it is posted, unless it is blocked; so pending & ~blocked is
 * what has to be acted on before the program goes on. Faults force their signal: a program that blocks or
 * ignores it ends by it.
 */
#ifndef GUEST_SIGNAL_H
#define GUEST_SIGNAL_H

#include <asm/siginfo.h>
#include <asm/signal.h>

#include "timer.h"
#include "types.h"

struct mm;
struct task;
struct trapframe;

/* The kernel's struct sigaction; <asm/signal.h> has the C library's for i386. */
struct ksigaction {
    uint64_t handler, flags, restorer, mask;
};

/* sigaltstack(2)'s flags, and sigaction(2)'s that <asm/signal.h> keeps from programs. */
#define SS_ONSTACK    1u
#define SS_DISABLE    2u
#define SS_AUTODISARM (1u << 31)
#ifndef SA_RESTORER
#define SA_RESTORER 0x04000000u
#endif

#define NSIGNALS            64
#define SIGNAL_BIT(signo)   (1ul << ((signo)-1))
#define SIGNALS_UNBLOCKABLE (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))

/* What a pending signal says of itself. */
struct signal_source {
    int32_t code;
    uint32_t pid, uid;
    uint64_t addr, value; /* addr: of a fault; posixtimer.h's mark of a timer's signal */
    bool has_addr;        /* it is a fault: addr, not who sent it */
};

struct pending_signals {
    uint64_t set;
    struct signal_source source[NSIGNALS];
};

/* What is the process's, not a thread's, counts in the leader's (task.h). */
struct signals {
    struct pending_signals own;    /* for this thread */
    struct pending_signals shared; /* the process's: for any of its threads that does not block it */
    uint64_t blocked;
    uint64_t awaited;       /* by rt_sigtimedwait(2): let in for now, and yet as good as blocked */
    uint64_t saved_blocked; /* to restore when no handler ran: sigsuspend, pselect, ppoll */
    bool restore_blocked;
    struct ksigaction action[NSIGNALS]; /* the process's */
    uint64_t alt_sp, alt_size;
    uint32_t alt_flags;
    struct timer real_timer; /* ITIMER_REAL, the process's */
    uint64_t real_interval;
};

/* System calls that a signal interrupted; turned into EINTR or a restart before ring 3 (Linux's numbers). */
#define ERESTARTSYS           512 /* restart if the handler says SA_RESTART or there is none */
#define ERESTARTNOHAND        514 /* restart only if there is no handler */
#define ERESTART_RESTARTBLOCK 516 /* likewise, by restart_syscall(2) */

/* At exec of the first program. Signals that came already stay pending. */
void signals_init(struct task *t, uint64_t ignored, uint64_t blocked);
/* At execve(2): handlers become defaults, the alternate stack is gone. */
void signals_exec(struct task *t);

static inline bool signo_valid(uint64_t signo)
{
    return signo >= 1 && signo < NSIGNALS + 1ul;
}

uint64_t signals_pending(const struct task *t); /* for it or its process, blocked ones, too */
bool signal_pending(const struct task *t);      /* one is to be acted on */
uint64_t signals_fatal(const struct task *t);   /* that end its process if they come */

void signal_send(struct task *t, int signo, const struct signal_source *source);        /* to its process */
void signal_send_thread(struct task *t, int signo, const struct signal_source *source); /* to it alone */
/* To current, this thread, as by kill(2) or the kernel (code SI_USER, SI_KERNEL...). */
void signal_post(int signo, int code);
/* to_group: typed at the terminal, for the whole process group. */
void signal_from_host(uint32_t signo, bool to_group);
void signal_queue(int signo, int code, uint64_t value);
/* The action of signo has changed: if it is to be ignored now, it is not pending any more. */
void signal_drop_ignored(int signo);
/* For a wait with another mask: it holds until a handler has its frame, which then restores the old one. */
void signal_swap_blocked(uint64_t set);
void signal_unswap_blocked(void);
/* A fault of the running program; cannot be ignored. */
void signal_force(int signo, const struct signal_source *source);

/* Takes a pending signal of the set: its number, 0 when there is none. */
int signal_take(uint64_t set, struct signal_source *source);
/* With all actions at their default: takes what is pending, stops for what stops; the number of what kills,
 * or 0. */
int signal_take_fatal(void);
void signal_fill_info(siginfo_t *info, int signo, const struct signal_source *source);

/* Acts on everything that is pending and not blocked. Does not return when the program dies of it. */
void signal_deliver(struct trapframe *tf);

static inline bool signal_on_alt_stack(const struct signals *s, uint64_t sp)
{
    return sp > s->alt_sp && sp - s->alt_sp <= s->alt_size;
}

/* ARCH/sigframe.c: 0, or -EFAULT when the stack does not take the frame. */
int sigframe_push(struct trapframe *tf, int signo, const struct signal_source *source,
                  const struct ksigaction *action, uint64_t old_blocked);
/* rt_sigreturn(2): 0 or -EFAULT. */
int sigframe_pop(struct trapframe *tf);
uint64_t sigframe_size(void); /* at most, but for the alignment of the stack */
/* What a handler needs in a new address space. 0 or -ENOMEM. */
int sigframe_map(struct mm *mm);

#endif
