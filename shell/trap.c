/*
 * trap.c - dispositions and actions.
 *
 * For each signal the shell knows the action that the script set, and asks the kernel what the disposition
 * was on entry only when it is first about to change it. SIGCHLD is never ignored by the shell itself:
 * wait(2) would lose statuses; `trap "" CHLD` takes effect in the commands that are run.
 */
#include "shell/trap.h"
#include "shell/eval.h"
#include "shell/shell.h"
#include <stdlib.h>
#include <string.h>

enum entry { ENTRY_UNKNOWN, ENTRY_IGNORED, ENTRY_DEFAULT };

struct traps {
    char *actions[NSIG];        /* NULL: default, "": ignore */
    char *parent_actions[NSIG]; /* in a subshell, until it sets a trap */
    unsigned char entry[NSIG];  /* enum entry */
    bool handled[NSIG];         /* our handler is installed */
    bool running[NSIG];         /* its action runs: not again before it is done */
    unsigned handlers;          /* how many are handled */
    unsigned set;               /* how many actions are neither default nor ignore */
    bool interactive;           /* HUP, INT, QUIT and TERM are the shell's own */
    bool job_control;           /* TSTP, TTIN and TTOU are, and it ignores them */
    bool watches_children;
    bool any_parent_action;
    bool hung_up; /* trap_hung_up() */
    struct running_action {
        bool active;
        int status_before;
        unsigned call_depth, subshell_depth;
    } action; /* the innermost one */
};

volatile sig_atomic_t trap_pending;
static volatile sig_atomic_t noted[NSIG];

static void note(int number)
{
    noted[number] = 1;
    trap_pending = 1;
}

static void wake(int number)
{
    (void)number; /* only ends sigsuspend(2) */
}

static void install(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

void trap_init(struct shell *sh)
{
    sh->traps = xmalloc(sizeof *sh->traps);
    memset(sh->traps, 0, sizeof *sh->traps);
    install(SIGCHLD, SIG_DFL, 0);
    sh->traps->entry[SIGCHLD] = ENTRY_DEFAULT;
}

static bool ignored_on_entry(struct traps *traps, int number)
{
    struct sigaction old;

    if (number == 0)
        return false;
    if (traps->entry[number] == ENTRY_UNKNOWN) {
        bool ignored = sigaction(number, NULL, &old) == 0 && old.sa_handler == SIG_IGN;

        traps->entry[number] = ignored ? ENTRY_IGNORED : ENTRY_DEFAULT;
    }
    return traps->entry[number] == ENTRY_IGNORED;
}

static void set_handled(struct traps *traps, int number, bool handled)
{
    if (traps->handled[number] != handled)
        traps->handlers += handled ? 1u : -1u;
    traps->handled[number] = handled;
}

static bool is_own(const struct traps *traps, int number)
{
    switch (number) {
    case SIGHUP: /* a shell below nohup stays as it is */
        return traps->interactive && traps->entry[number] != ENTRY_IGNORED;
    case SIGINT:
    case SIGQUIT:
    case SIGTERM:
        return traps->interactive;
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU:
        return traps->job_control;
    default:
        return false;
    }
}

/* Gives the signal the disposition that its action asks for, or the one on entry. */
static void apply(struct shell *sh, int number)
{
    struct traps *traps = sh->traps;
    const char *action = traps->actions[number];
    bool own = is_own(traps, number), ignored = action || own || traps->entry[number] == ENTRY_IGNORED;

    set_handled(traps, number,
                (action && *action) || (own && !action && (number == SIGINT || number == SIGHUP)));
    if (traps->handled[number])
        install(number, note, 0);
    else if (number == SIGCHLD)
        install(number, traps->watches_children ? wake : SIG_DFL, traps->watches_children ? SA_RESTART : 0);
    else
        install(number, ignored ? SIG_IGN : SIG_DFL, 0);
}

/* The shell begins or ceases to have signals of its own. */
static void apply_own(struct shell *sh)
{
    for (const int *own = (const int[]){SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU, 0}; *own;
         own++) {
        ignored_on_entry(sh->traps, *own);
        apply(sh, *own);
    }
}

static void forget_parent_actions(struct traps *traps)
{
    if (!traps->any_parent_action)
        return;
    for (int i = 0; i < NSIG; i++) {
        free(traps->parent_actions[i]);
        traps->parent_actions[i] = NULL;
    }
    traps->any_parent_action = false;
}

static void store(struct traps *traps, int condition, const char *action)
{
    char *old = traps->actions[condition];

    if (old && *old)
        traps->set--;
    if (action && *action)
        traps->set++;
    traps->actions[condition] = action ? xstrdup(action) : NULL;
    free(old);
}

bool trap_set(struct shell *sh, int condition, const char *action)
{
    struct traps *traps = sh->traps;

    if (condition < 0 || condition >= NSIG || condition == SIGKILL || condition == SIGSTOP)
        return false;
    if (!sh->interactive && ignored_on_entry(traps, condition))
        return false;
    forget_parent_actions(traps);
    store(traps, condition, action);
    traps->entry[condition] = ENTRY_DEFAULT; /* an interactive shell's user may undo what was ignored */
    if (condition != 0)
        apply(sh, condition);
    return true;
}

const char *trap_get(struct shell *sh, int condition)
{
    struct traps *traps = sh->traps;

    if (traps->actions[condition])
        return traps->actions[condition];
    if (condition == SIGKILL || condition == SIGSTOP)
        return NULL;
    return ignored_on_entry(traps, condition) ? "" : NULL;
}

const char *trap_shown(struct shell *sh, int condition)
{
    const char *action = sh->traps->parent_actions[condition];

    return action ? action : trap_get(sh, condition);
}

bool trap_any_action(const struct shell *sh)
{
    return sh->traps->set > 0;
}

bool trap_handles_any(const struct shell *sh)
{
    return sh->traps->handlers > 0;
}

void trap_in_subshell(struct shell *sh)
{
    struct traps *traps = sh->traps;
    bool had_own = traps->interactive || traps->job_control;

    traps->interactive = traps->job_control = false;
    if (traps->set > 0) {
        forget_parent_actions(traps);
        for (int i = 0; i < NSIG; i++) {
            if (!traps->actions[i] || !*traps->actions[i])
                continue;
            traps->parent_actions[i] = xstrdup(traps->actions[i]);
            traps->any_parent_action = true;
            store(traps, i, NULL);
            if (i != 0)
                apply(sh, i);
        }
    }
    if (had_own)
        apply_own(sh);
    if (trap_pending) {
        trap_pending = 0;
        memset((void *)noted, 0, sizeof noted);
    }
    memset(traps->running, 0, sizeof traps->running);
}

void trap_ignore_in_async(struct shell *sh)
{
    /* Not as if ignored on entry: the list may set traps for them. */
    for (const int *number = (const int[]){SIGINT, SIGQUIT, 0}; *number; number++) {
        ignored_on_entry(sh->traps, *number);
        install(*number, SIG_IGN, 0);
    }
}

void trap_before_exec(struct shell *sh)
{
    struct traps *traps = sh->traps;

    if (traps->interactive || traps->job_control) {
        traps->interactive = traps->job_control = false;
        apply_own(sh);
    }
    if (traps->actions[SIGCHLD] && !*traps->actions[SIGCHLD])
        install(SIGCHLD, SIG_IGN, 0);
}

void trap_set_interactive(struct shell *sh)
{
    sh->traps->interactive = true;
    apply_own(sh);
}

void trap_default_stops(struct shell *sh)
{
    for (const int *number = (const int[]){SIGTSTP, SIGTTIN, SIGTTOU, 0}; *number; number++) {
        sh->traps->entry[*number] = ENTRY_DEFAULT;
        apply(sh, *number);
    }
}

void trap_set_job_control(struct shell *sh, bool on)
{
    sh->traps->job_control = on;
    apply_own(sh);
}

int trap_signal_was_taken(struct shell *sh)
{
    if (!trap_pending)
        return 0;
    for (int i = 1; i < NSIG; i++)
        if (noted[i] && !sh->traps->running[i])
            return i;
    return 0;
}

bool trap_hangs_up(const struct shell *sh)
{
    return noted[SIGHUP] && sh->traps->interactive && !sh->traps->actions[SIGHUP];
}

bool trap_hung_up(const struct shell *sh)
{
    return sh->traps->hung_up;
}

void trap_watch_children(struct shell *sh)
{
    if (sh->traps->watches_children)
        return;
    sh->traps->watches_children = true;
    apply(sh, SIGCHLD);
}

/* ---- running actions ---- */

bool trap_status_before(const struct shell *sh, bool returns, int *status)
{
    const struct running_action *action = &sh->traps->action;

    if (!action->active || action->subshell_depth != sh->subshell_depth ||
        (returns && action->call_depth != sh->call_depth))
        return false;
    *status = action->status_before;
    return true;
}

/* Runs an action's text: $? is restored unless it unwinds (XCU trap). */
static void run_action(struct shell *sh, const char *action)
{
    struct running_action outer = sh->traps->action;
    char *text = xstrdup(action); /* the action may set the trap anew */
    enum unwind unwind = sh->unwind;
    unsigned unwind_count = sh->unwind_count;
    int status = sh->status, line = sh->line;

    sh->traps->action = (struct running_action){true, status, sh->call_depth, sh->subshell_depth};
    sh->unwind = UNWIND_NONE;
    eval_string(sh, text, strlen(text), line, 0);
    if (sh->unwind == UNWIND_NONE) {
        sh->unwind = unwind;
        sh->unwind_count = unwind_count;
        sh->status = status;
    }
    sh->line = line;
    sh->traps->action = outer;
    free(text);
}

static void run_signal(struct shell *sh, int number)
{
    struct traps *traps = sh->traps;
    const char *action = traps->actions[number];

    if (action && *action) {
        traps->running[number] = true;
        run_action(sh, action);
        traps->running[number] = false;
    } else if (number == SIGINT && sh->interactive) {
        sh->status = 128 + SIGINT;
        sh->unwind = UNWIND_ERROR;
    } else if (number == SIGHUP && traps->interactive) {
        traps->hung_up = true;
        sh->status = 128 + SIGHUP;
        sh->unwind = UNWIND_EXIT;
    }
}

void trap_run_pending_slow(struct shell *sh)
{
    trap_pending = 0;
    for (int i = 1; i < NSIG; i++) {
        if (!noted[i])
            continue;
        if (sh->traps->running[i]) {
            trap_pending = 1; /* when the running one is done */
            continue;
        }
        noted[i] = 0;
        run_signal(sh, i);
    }
}

void trap_run_exit(struct shell *sh)
{
    char *action = sh->traps->actions[0];
    int status = sh->status;

    trap_run_pending(sh);
    if (!action || !*action)
        return;
    sh->traps->actions[0] = NULL;
    sh->traps->set--;
    sh->unwind = UNWIND_NONE;
    sh->loop_depth = 0;
    sh->tested = 0;
    sh->status = status;
    run_action(sh, action);
    free(action);
}
