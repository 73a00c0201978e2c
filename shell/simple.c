/*
 * simple.c - simple commands (XCU 2.9.1): expansion, then an assignment, a function, a built-in or an
 * external utility.
 *
 * The common case costs nothing but the work itself: static words are used where the parser left them, the
 * first word's symbol is in the tree, and argv is on the stack.
 */
#include "shell/simple.h"
#include "shell/builtin.h"
#include "shell/complete.h"
#include "shell/error.h"
#include "shell/eval.h"
#include "shell/exec.h"
#include "shell/expand.h"
#include "shell/fork.h"
#include "shell/job.h"
#include "shell/out.h"
#include "shell/redir.h"
#include "shell/shell.h"
#include "shell/spawn.h"
#include "shell/symbol.h"
#include "shell/trace.h"
#include "shell/trap.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INLINE_FIELDS 20 /* more fields than that go to the scratch arena */

static bool expand_words(struct shell *sh, const struct word *words, struct fields *fields)
{
    for (; words && (words->flags & WORD_STATIC) && fields->count + 1 < fields->cap; words = words->next)
        fields->items[fields->count++] = (char *)words->text;
    fields->items[fields->count] = NULL;
    return !words || expand_fields(sh, words, fields);
}

/* The assignments of a command, in order. A failure unwinds (2.8.1 variable assignment error, expansion
 * error). */
static bool assign(struct shell *sh, const struct assignment *assignments, bool scoped, unsigned add_flags)
{
    for (; assignments; assignments = assignments->next) {
        if ((scoped && !var_save_in_scope(sh, assignments->symbol)) ||
            !expand_assignment(sh, assignments, add_flags)) {
            if (sh->unwind == UNWIND_NONE) {
                sh->status = 1;
                sh->unwind = UNWIND_ERROR;
            }
            return false;
        }
    }
    return true;
}

static bool redirect(struct shell *sh, const struct redir *redirs, bool special)
{
    if (redir_apply(sh, redirs, true))
        return true;
    if (sh->unwind == UNWIND_NONE) {
        sh->status = 1;
        if (special)
            sh->unwind = UNWIND_ERROR; /* 2.8.1: redirection error with special built-in utilities */
    }
    return false;
}

/* Can expanding the word change the shell's variables, or end it? */
static bool word_acts(const struct shell *sh, const struct word *word)
{
    if (!word || word->flags & WORD_STATIC)
        return false;
    for (const struct part *part = word->parts; part; part = part->next) {
        if (part->kind == PART_ARITH)
            return true;
        if (part->kind != PART_PARAM)
            continue;
        switch (part->u.param->op) {
        case PARAM_ASSIGN:
        case PARAM_ERROR:
        case PARAM_BAD:
            return true;
        default:
            if (sh->options.nounset || word_acts(sh, part->u.param->word))
                return true;
        }
    }
    return false;
}

/*
 * Without a command name redirections are performed in a subshell environment (2.9.1), which nobody can tell
 * from this one unless their words act. Returns false when they failed; *forked: nothing is to be undone.
 */
static bool redirect_nameless(struct shell *sh, const struct node *node, bool *forked)
{
    const struct redir *redir = node->redirs;
    struct job *job;
    pid_t pid;

    while (redir && !redir->fd_name && !word_acts(sh, redir->word))
        redir = redir->next;
    *forked = redir && !redir->fd_name;
    if (!*forked)
        return !node->redirs || redirect(sh, node->redirs, false);
    job = job_new(sh, node, 1);
    pid = shell_fork(sh, job, FORK_FOREGROUND);
    if (pid == 0) {
        sh->status = redir_apply(sh, node->redirs, false) ? 0 : 1;
        shell_exit(sh);
    }
    if (pid > 0)
        sh->status = job_wait_foreground(sh, job);
    return pid > 0 && sh->status == 0;
}

/* No command name: assignments affect the current environment, redirections are made and undone. */
static void run_nameless(struct shell *sh, const struct node *node)
{
    bool forked;

    if (!redirect_nameless(sh, node, &forked))
        return;
    if (assign(sh, node->u.simple.assignments, false, 0)) {
        if (sh->options.xtrace)
            trace_command(sh, node->u.simple.assignments, NULL);
        sh->status = sh->status_of_command_substitution >= 0 ? sh->status_of_command_substitution : 0;
    }
    if (node->redirs && !forked)
        redir_undo(sh);
}

int simple_builtin(struct shell *sh, const struct builtin *builtin, int argc, char **argv)
{
    int status = builtin->run(sh, argc, argv);

    if (out_is_pending(sh)) {
        int error = out_flush(sh);

        if (error != 0) {
            error_print_errno(sh, error, "%s: write error", argv[0]);
            if (status == 0)
                status = 1;
        }
    }
    return status;
}

static void report_missing(struct shell *sh, const char *name, int error)
{
    bool typed = sh->options.interactive && isatty(STDERR_FILENO);
    char *nearest = error == ENOENT && typed ? complete_nearest(sh, name) : NULL;

    if (nearest)
        error_print(sh, "%s: not found; did you mean %s?", name, nearest);
    else if (error == ENOENT && typed && !strchr(name, '/'))
        error_print(
            sh,
            "%s: not found: no function or built-in utility (`help` lists these), and no file in PATH "
            "(`vm image add` adds a program or an image)",
            name);
    else if (error == ENOENT)
        error_print(sh, "%s: not found", name);
    else
        error_print_errno(sh, error, "%s", name);
    free(nearest);
    sh->status = error == ENOENT || error == ENOTDIR ? 127 : 126;
}

/* This process has nothing to do after the command, which can take its place. */
static bool may_become(struct shell *sh, unsigned flags)
{
    return (flags & EVAL_EXIT) && !trap_any_action(sh);
}

/* A function or a built-in utility: in this process, between assignments and redirections that are undone. */
static void run_inside(struct shell *sh, const struct node *node, struct symbol *symbol,
                       const struct fields *fields, unsigned flags)
{
    struct function *function = symbol->function;
    const struct builtin *builtin = function ? NULL : symbol->builtin;
    bool special = builtin && (builtin->flags & BUILTIN_SPECIAL);
    const struct assignment *assignments = node->u.simple.assignments;
    bool scoped = assignments && !special;
    bool ready;

    if (node->redirs && !redirect(sh, node->redirs, special))
        return;
    if (scoped)
        var_scope_push(sh);
    ready = assign(sh, assignments, scoped, assignments ? VAR_EXPORT : 0);
    if (ready) {
        if (sh->options.xtrace)
            trace_command(sh, assignments, fields->items);
        if (function)
            sh->status = function_call(sh, function, (int)fields->count, fields->items);
        else if (!scoped || exec_builtin(sh, symbol)) {
            sh->in_place = may_become(sh, flags);
            sh->status = simple_builtin(sh, builtin, (int)fields->count, fields->items);
        } else { /* PATH was assigned: that is the one which counts (2.9.1.4, XBD 8.3) */
            report_missing(sh, fields->items[0], ENOENT);
        }
    }
    if (scoped)
        var_scope_pop(sh);
    if (node->redirs)
        redir_undo(sh);
}

/* In the process that becomes the command. redirs is NULL when they are in place already. */
_Noreturn static void become(struct shell *sh, const struct redir *redirs, char **argv, const char *path,
                             int error, char **environment, const struct external *how)
{
    static const struct exec_wiring unwired = {.lease_fd = -1};
    struct external here = *how;

    here.own_files = redir_own_files(redirs);
    if (!redir_apply(sh, redirs, false)) {
        sh->status = 1;
        shell_exit(sh);
    }
    if (!path) {
        report_missing(sh, argv[0], error);
        shell_exit(sh);
    }
    exec_command(sh, path, argv, environment, sh->wiring ? sh->wiring : &unwired, &here);
}

/* Forks unless in_place, and waits. */
static void run_process(struct shell *sh, const struct node *node, char **argv, const struct redir *redirs,
                        const struct external *how)
{
    bool on_host = how->on_host || shell_executes(sh);

    if (!on_host && sh->subshell_depth > 0 && vmproc_lifeline_cut(&sh->lifeline)) {
        sh->status = 128 + SIGHUP; /* the top-level shell was killed: no VM is started for nobody */
        sh->unwind = UNWIND_EXIT;
        return;
    }
    char **environment = var_environment(sh); /* before the fork: every child shares the work */
    int error = 0;
    const char *path = exec_find(sh, symbol_intern(argv[0], strlen(argv[0])), how->path, &error);
    struct job *job;
    pid_t pid;

    if (how->in_place && !path && sh->interactive && sh->subshell_depth == 0) { /* 2.8.1: it shall not exit */
        report_missing(sh, argv[0], error);
        sh->unwind = UNWIND_ERROR;
        return;
    }
    if (how->in_place)
        become(sh, redirs, argv, path, error, environment, how);
    job = job_new(sh, node, 1);
    pid = on_host && path && !redirs ? spawn_host_process(sh, job, path, argv, environment) : -1;
    if (pid < 0)
        pid = shell_fork(sh, job, FORK_FOREGROUND);
    if (pid == 0)
        become(sh, redirs, argv, path, error, environment, how);
    if (pid > 0)
        sh->status = job_wait_foreground(sh, job);
}

static void run_outside(struct shell *sh, const struct node *node, const struct fields *fields,
                        unsigned flags)
{
    const struct assignment *assignments = node->u.simple.assignments;
    struct external how = {.in_place = may_become(sh, flags)};

    if (assignments)
        var_scope_push(sh);
    if (assign(sh, assignments, true, VAR_EXPORT)) {
        if (sh->options.xtrace)
            trace_command(sh, assignments, fields->items);
        run_process(sh, node, fields->items, node->redirs, &how);
    }
    if (assignments)
        var_scope_pop(sh);
}

int simple_external(struct shell *sh, char **argv, const struct external *how)
{
    struct external here = *how;

    here.in_place |= sh->in_place; /* so that $! of `with ... &` is the command's own */
    run_process(sh, sh->command, argv, NULL, &here);
    return sh->status;
}

void eval_simple(struct shell *sh, const struct node *node, unsigned flags)
{
    char *items[INLINE_FIELDS];
    struct fields fields = {.items = items, .cap = INLINE_FIELDS};
    const struct word *words = node->u.simple.words;
    struct arena_mark mark = arena_mark(&sh->scratch);
    struct symbol *symbol;

    sh->line = node->line;
    sh->command = node;
    sh->status_of_command_substitution = -1;
    if (words && !expand_words(sh, words, &fields))
        goto done;
    if (fields.count == 0) {
        run_nameless(sh, node);
        goto done;
    }
    symbol = words->symbol ? words->symbol : symbol_find(fields.items[0], strlen(fields.items[0]));
    if (symbol && (symbol->function || exec_builtin(sh, symbol)))
        run_inside(sh, node, symbol, &fields, flags);
    else
        run_outside(sh, node, &fields, flags);
done:
    arena_release(&sh->scratch, mark);
    eval_errexit(sh);
}
