/*
 * job.c - signals on their way to the program, stops, and the user's patience.
 *
 * A signal is the program's: it runs its handler, ignores it, or takes the default action, and the guest
 * tells how it ended. The one exception is the user in front of a command that does not care:
 *
 *   ^C or ^\ typed on the terminal, and typed again within 5 s while the program has neither ended nor asked
 * its terminal for input since: the VM is ended, and the shim dies of that signal.
 *
 * "Typed" is what the kernel's terminal driver raised; kill(2) never counts, so TERM stays a request. A
 * program that waits for its user's input, as an editor or another shell does, attends; so ^C may be typed
 * there as often as one likes.
 */
#include "shim.h"

#include <unistd.h>

#define BIT(signo)  (1ull << ((signo)-1))
#define PATIENCE_NS 5000000000u

static bool waits_for_terminal(const struct shim *shim)
{
    return shim->attended || p9_reads_terminal(&shim->p9);
}

static void note_typed(struct shim *shim, int signo)
{
    uint64_t now = now_ns();
    bool ignored = shim->signals.ignored >> (signo - 1) & 1;
    if (ignored)
        return;
    if (shim->impatient_signal && now - shim->impatient_at < PATIENCE_NS && !waits_for_terminal(shim)) {
        close(shim->vmprocd_fd); /* the VM's life */
        signals_die_of(signo);
    }
    shim->impatient_signal = signo;
    shim->impatient_at = now;
    shim->attended = false;
}

bool job_was_killed(const struct shim *shim)
{
    return shim->exited && shim->end.how == CTL_EXIT_SIGNAL && (shim->passed_signals & BIT(shim->end.value));
}

void job_attended(struct shim *shim)
{
    shim->attended = true;
}

#define STOPS (BIT(SIGSTOP) | BIT(SIGTSTP) | BIT(SIGTTIN) | BIT(SIGTTOU))

static void send_signal(struct shim *shim, int signo, bool to_group)
{
    shim->signal_sent[signo - 1] = ++shim->signals_sent;
    ctl_send_signal(shim, signo, to_group);
}

/*
 * One of each kind waits at most, as in a kernel, so that a guest that does not read its port costs no
 * memory; stopping and continuing undo each other there, too.
 */
static void pass_on(struct shim *shim, int signo, bool to_group)
{
    shim->passed_signals |= BIT(signo);
    if (!stream_has_backlog(&shim->ctl)) {
        send_signal(shim, signo, to_group);
        return;
    }
    if (BIT(signo) & STOPS)
        shim->held_signals &= ~BIT(SIGCONT);
    if (signo == SIGCONT)
        shim->held_signals &= ~STOPS;
    shim->held_signals |= BIT(signo);
    shim->held_to_group = to_group ? shim->held_to_group | BIT(signo) : shim->held_to_group & ~BIT(signo);
}

void job_send_held(struct shim *shim)
{
    while (shim->held_signals && !stream_has_backlog(&shim->ctl)) {
        int signo = __builtin_ctzll(shim->held_signals) + 1;
        shim->held_signals &= ~BIT(signo);
        send_signal(shim, signo, shim->held_to_group & BIT(signo));
    }
}

/* Whoever was stopped, by SIGSTOP perhaps, which nobody can catch: vmprocd has paused the VM by now. */
static void go_on(struct shim *shim)
{
    lease_resume(shim);
    ctl_send_clock(shim);
}

void job_signals(struct shim *shim)
{
    bool typed;
    int signo;
    while ((signo = signals_next(&typed))) {
        if (shim->exited) {
            /* The program has ended; what is left is our waiting for the readers of its output. */
            if (!(shim->signals.ignored >> (signo - 1) & 1))
                signals_default_action(signo);
            continue;
        }
        if (signo == SIGCHLD) {
            children_reap(shim);
            continue;
        }
        if (signo == SIGCONT)
            go_on(shim);
        /* Who continues a job means all of it; of other signals only the typed ones are sure to be for all.
         */
        pass_on(shim, signo, typed || signo == SIGCONT);
        if (typed && (signo == SIGINT || signo == SIGQUIT))
            note_typed(shim, signo);
    }
}

static uint64_t not_taken(const struct shim *shim)
{
    uint64_t signals = shim->held_signals;
    for (int signo = 1; signo <= 64; signo++)
        if (shim->signal_sent[signo - 1] > shim->end.signals_taken)
            signals |= BIT(signo);
    return signals;
}

/*
 * A process group is killed as one: all of its processes have the signal before any of them can see another one's end.
 * Of two VMs one may see the other's end (end of file, a broken pipe) before its own signal has come to it. So what had
 * come to the shim by the time that it reads EXITED counts as before the program's end. It may in truth have come
 * shortly after it, when a process would have been a zombie: who sends a signal to a process that is there cannot tell.
 */
void job_ended(struct shim *shim)
{
    uint64_t fatal;
    signals_let_in(&shim->signals.wait_mask_worker);
    job_signals(shim);
    fatal = not_taken(shim) & shim->end.signals_fatal;
    if (fatal) {
        shim->end.how = CTL_EXIT_SIGNAL;
        shim->end.value = (uint32_t)__builtin_ctzll(fatal) + 1; /* the lowest, as a kernel takes them */
    }
}

static bool is_parked(const struct port *port)
{
    return port->writing && port->op.place == OP_PARKED;
}

/*
 * The program wrote to its terminal from the background and has ended since, or is about to: the signal that
 * it was sent for that stops nobody. What is left to be written is ours, and so is the stop.
 */
void job_stop_for_output(struct shim *shim)
{
    if (!is_parked(&shim->out) && !is_parked(&shim->err))
        return;
    signals_default_action(SIGTTOU);
    ops_resume(&shim->ops);
}

/*
 * The VM first, then ourselves: who sees the job stopped may rely on it. In an orphaned process group the
 * kernel does not stop us, and we go on at once, as any program would.
 */
void job_stop(struct shim *shim)
{
    int signo = shim->stop_signal;
    shim->stop_signal = 0;
    shim->ops.stopped = true;
    lease_suspend(shim);
    signals_default_action(signo);
    signals_take_continue();
    signals_discard_stops(); /* a read that the guest repeated before it stopped has raised SIGTTIN again */
    go_on(shim);
    pass_on(shim, SIGCONT, true);
    ops_resume(&shim->ops);
}
