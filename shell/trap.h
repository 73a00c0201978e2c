/*
 * trap.h - signals and traps (XCU 2.12, trap).
 *
 * Signal handlers only note the number in trap_pending; actions run between commands (trap_run_pending),
 * while waiting in `wait`, and after each foreground command, never inside a handler.
 */
#ifndef SHELL_TRAP_H
#define SHELL_TRAP_H

#include <signal.h>
#include <stdbool.h>

struct shell;

extern volatile sig_atomic_t trap_pending; /* some signal is noted */

void trap_init(struct shell *sh);
void trap_run_pending_slow(struct shell *sh);
static inline void trap_run_pending(struct shell *sh)
{
    if (trap_pending)
        trap_run_pending_slow(sh);
}
void trap_run_exit(struct shell *sh);
/* Condition 0 is EXIT. action NULL: default; "": ignore. false: it was ignored on entry of a non-interactive
 * shell (silently no effect, XCU trap) or cannot be set. */
bool trap_set(struct shell *sh, int condition, const char *action);
const char *trap_get(struct shell *sh, int condition); /* NULL: default */
/* What `trap` prints: in a subshell the parent's actions until the first change (XCU trap). */
const char *trap_shown(struct shell *sh, int condition);
bool trap_any_action(
    const struct shell *sh); /* EXIT or a signal has an action: this process must not be replaced */
void trap_in_subshell(
    struct shell *sh); /* XCU 2.13: caught ones become default; trap still prints the parent's */
void trap_ignore_in_async(struct shell *sh); /* XCU 2.11: INT and QUIT are ignored in an asynchronous list */
void trap_before_exec(struct shell *sh);     /* what only the shell ignores becomes default */
bool trap_handles_any(const struct shell *sh); /* some handler is installed: fork must block signals */
void trap_set_interactive(struct shell *sh);   /* sh -i: INT caught, QUIT and TERM ignored (2.12) */
/*
 * TSTP, TTIN and TTOU are as if they had not been ignored on entry: a user at a terminal wants ^Z, and tmux (3.3)
 * starts its shells with the other two ignored. A command that reads in the background would get EIO, not stop.
 */
void trap_default_stops(struct shell *sh);
void trap_set_job_control(struct shell *sh,
                          bool on); /* a shell with a terminal ignores TSTP, TTIN and TTOU */
int trap_signal_was_taken(
    struct shell *sh); /* number of a pending signal with a trap: wait returns > 128; 0: none */
/*
 * SIGHUP, without an action of the user's, ends an interactive shell: trap_run_pending() unwinds to the exit.
 * trap_hangs_up(): it has come. trap_hung_up(): that is why the shell ends.
 */
bool trap_hangs_up(const struct shell *sh);
bool trap_hung_up(const struct shell *sh);
void trap_watch_children(struct shell *sh); /* from now on SIGCHLD ends sigsuspend(2) */
/* exit, and return (returns), without an operand where they end a trap action: $? before it. false elsewhere.
 */
bool trap_status_before(const struct shell *sh, bool returns, int *status);

int signal_number(const char *name); /* "INT", "SIGINT", "0"/"EXIT", numbers; -1 */
const char *signal_name(int number); /* "INT"; NULL */

#endif
