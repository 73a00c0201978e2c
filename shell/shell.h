/*
 * shell.h - the state of one shell execution environment (XCU 2.13), threaded through everything.
 */
#ifndef SHELL_SHELL_H
#define SHELL_SHELL_H

#include "shell/arena.h"
#include "shell/option.h"
#include "vmproc/vmproc.h"
#include <stdbool.h>
#include <sys/types.h>

/*
 * Non-local control is data. Whoever runs commands in turn looks at unwind after each and returns at once
 * when it is set; the construct that it is meant for clears it.
 *
 *   BREAK, CONTINUE   loops: unwind_count loops outwards
 *   RETURN            the running function or dot script (XCU 2.15 return)
 *   ERROR             an error of 2.8.1 that makes a non-interactive shell exit: main ends with sh->status;
 *                     an interactive one returns to the prompt
 *   EXIT              exit utility, set -e, end of a subshell: the process ends with sh->status (EXIT trap
 * first)
 */
enum unwind { UNWIND_NONE, UNWIND_BREAK, UNWIND_CONTINUE, UNWIND_RETURN, UNWIND_ERROR, UNWIND_EXIT };

struct positional {
    char **items; /* $1 is items[0]; strings and vector owned unless borrowed */
    char **base;  /* what items was before shift moved it; NULL when borrowed */
    unsigned count;
    bool borrowed; /* a function call's arguments, alive in sh->scratch while it runs */
};

struct ast;
struct input;
struct node;

#define SHELL_ON "FLEETSH_ON" /* environment variable: what router is at the start; no command gets it */

struct shell {
    int status; /* $? */
    enum unwind unwind;
    unsigned unwind_count;              /* BREAK, CONTINUE: loops still to leave */
    unsigned loop_depth;                /* enclosing loops in this function */
    unsigned call_depth;                /* functions and dot scripts entered; limited to SHELL_MAX_CALLS */
    unsigned tested;                    /* >0: set -e is suspended (XCU 2.15 set -e) */
    int line;                           /* LINENO of the running command */
    int status_of_command_substitution; /* of the last one in the running simple command, -1: none (2.9.1) */

    struct options options;
    const char *name; /* $0 */
    struct positional positional;
    const char *router;      /* that external commands run on (the on utility); NULL: any */
    pid_t pid;               /* $$: of the top-level shell */
    pid_t last_async;        /* $!, 0: none */
    unsigned subshell_depth; /* forked environments between the top-level shell and this process */
    bool nested;             /* the shell is in a VM itself (vmproc_in_guest()) */
    bool interactive;
    bool login;
    bool parsing; /* for messages: "syntax error" rather than a command's name */

    struct ast *ast; /* the tree that is running: what a function definition and a job keep alive */
    const struct node
        *command; /* the running simple command, for the text of jobs that built-in utilities start */
    const char *stack_limit; /* recursion that would go below this address is an error (eval.c) */
    bool in_place; /* the external command that the running built-in starts may take this process's place */
    bool shielded; /* `command` runs this special built-in: its own error does not unwind (2.8.1 note 1) */
    struct exec_wiring *wiring; /* in a child that is a stage of a planned pipeline (exec.h), else NULL */

    struct running_input {
        struct input *input;
        struct running_input *outer;
    } * inputs; /* that commands are read from, innermost first (source.c) */

    struct arena scratch; /* expansion results; see expand.h */
    struct vars *vars;    /* scopes and the cached environment (var.c) */
    struct expansion
        *expansion; /* buffers of running expansions and the prepared IFS (expand.c); var_import() makes it */
    struct readahead *readahead; /* what `read` took from descriptor 0 ahead of need, or NULL (readahead.h) */
    unsigned getopts_char; /* getopts: next letter within the operand that OPTIND names, 0: at its start */
    struct jobs *jobs;     /* job.c */
    struct traps *traps;   /* trap.c */
    struct redir_saves
        *saves;      /* descriptors moved away while a built-in utility or compound command runs (redir.c) */
    struct out *out; /* buffered standard output of built-in utilities (out.h) */
    struct edit_bindings *bindings; /* the user's (edit_binding.h); NULL: none */
    struct history *history; /* history.c; NULL before the first prompt and in a non-interactive shell */
    struct vmproc_lifeline lifeline;
    struct vmproc_usage usage;
    struct {
        int fd;             /* where `vm trace` records (vmproc/events.h), -1: nowhere */
        uint64_t forked_ns; /* the last fork(2) by this process or, in a child, of it; 0: none yet */
    } events;
    struct {
        int fd;         /* where `vm strace` has system calls written to; -1: nowhere */
        unsigned flags; /* STRACE_* (vmproc/vmprocd_proto.h) */
    } strace;
};

#define SHELL_MAX_CALLS 5000

/*
 * Whether a command is the program itself, by execve(2): an ordinary process (set -o host), or, where the shell is in a
 * VM, what the guest makes a VM of. Else it is a shim.
 */
static inline bool shell_executes(const struct shell *sh)
{
    return sh->options.host || sh->nested;
}

void positional_free(struct positional *positional);
void positional_set(struct shell *sh, unsigned count, char **items); /* copies */
void positional_shift(struct shell *sh, unsigned n);                 /* n <= count */

/* Everything from here on is for main.c and fork.c. */
void shell_init(struct shell *sh, int argc, char **argv, char **environment);
/* VM mode: the toolbox's directory comes first in PATH unless FLEETSH_TOOLBOX is set and empty. */
void shell_use_toolbox(struct shell *sh);
/* EXIT trap, flush, history, lifeline; does not return. */
_Noreturn void shell_exit(struct shell *sh);

#endif
