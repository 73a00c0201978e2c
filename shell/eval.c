/* eval.c - compound commands and lists (XCU 2.9.3, 2.9.4): one function a node kind. */
#include "shell/eval.h"
#include "shell/error.h"
#include "shell/expand.h"
#include "shell/fork.h"
#include "shell/job.h"
#include "shell/pattern.h"
#include "shell/redir.h"
#include "shell/shell.h"
#include "shell/symbol.h"
#include "shell/trap.h"
#include <string.h>

typedef void evaluator(struct shell *sh, const struct node *node, unsigned flags);

void eval_errexit(struct shell *sh)
{
    if (sh->status != 0 && sh->options.errexit && sh->tested == 0 && sh->unwind == UNWIND_NONE)
        sh->unwind = UNWIND_EXIT;
}

/* Runs node while set -e is suspended (XCU set -e). */
static void eval_tested(struct shell *sh, const struct node *node)
{
    sh->tested++;
    eval_node(sh, node, 0);
    sh->tested--;
}

static void eval_sequence(struct shell *sh, const struct node *node, unsigned flags)
{
    unsigned last = node->u.list.count - 1;

    for (unsigned i = 0; i < last; i++) {
        eval_node(sh, node->u.list.items[i], 0);
        if (sh->unwind)
            return;
    }
    eval_node(sh, node->u.list.items[last], flags);
}

/*
 * A whole AND-OR list (XCU 2.9.3.1), from its leftmost operator up to the root. All but its last pipeline are
 * tested.
 */
static void eval_and_or(struct shell *sh, const struct node *root, unsigned flags)
{
    const struct node *op = root->u.binary.first;

    eval_tested(sh, op->u.binary.left);
    for (;; op = op->u.binary.up) {
        bool wanted = (sh->status == 0) == (op->kind == NODE_AND);

        if (sh->unwind)
            return;
        if (op == root) {
            if (wanted)
                eval_node(sh, root->u.binary.right, flags);
            return;
        }
        if (wanted)
            eval_tested(sh, op->u.binary.right);
    }
}

static void eval_not(struct shell *sh, const struct node *node, unsigned flags)
{
    (void)flags;
    eval_tested(sh, node->u.child);
    if (sh->unwind == UNWIND_NONE)
        sh->status = sh->status == 0;
}

static void eval_subshell(struct shell *sh, const struct node *node, unsigned flags)
{
    struct job *job;
    pid_t pid;

    (void)flags;
    job = job_new(sh, node, 1);
    pid = shell_fork(sh, job, FORK_FOREGROUND);
    if (pid == 0) {
        if (!redir_apply(sh, node->redirs, false)) {
            sh->status = 1;
            shell_exit(sh);
        }
        eval_in_child(sh, node->u.child);
    }
    if (pid > 0)
        sh->status = job_wait_foreground(sh, job);
    eval_errexit(sh);
}

static void eval_brace(struct shell *sh, const struct node *node, unsigned flags)
{
    eval_node(sh, node->u.child, flags);
}

static void eval_if(struct shell *sh, const struct node *node, unsigned flags)
{
    eval_tested(sh, node->u.if_.condition);
    if (sh->unwind)
        return;
    if (sh->status == 0)
        eval_node(sh, node->u.if_.then_part, flags);
    else
        eval_node(sh, node->u.if_.else_part, flags); /* NULL: status 0 */
}

/* After the body or the condition of a loop. Returns whether the loop goes on (XCU 2.15 break, continue). */
static bool loop_goes_on(struct shell *sh)
{
    if (sh->unwind == UNWIND_NONE)
        return true;
    if (sh->unwind != UNWIND_BREAK && sh->unwind != UNWIND_CONTINUE)
        return false;
    if (--sh->unwind_count > 0)
        return false; /* meant for a loop further out */
    bool again = sh->unwind == UNWIND_CONTINUE;
    sh->unwind = UNWIND_NONE;
    return again;
}

static void eval_loop(struct shell *sh, const struct node *node, unsigned flags)
{
    bool until = node->kind == NODE_UNTIL;
    int status = 0;

    (void)flags;
    sh->loop_depth++;
    for (;;) {
        eval_tested(sh, node->u.loop.condition);
        if (sh->unwind) {
            bool again = loop_goes_on(sh);

            if (again)
                continue;
            if (sh->unwind)
                status = sh->status;
            break;
        }
        if ((sh->status == 0) == until)
            break;
        eval_node(sh, node->u.loop.body, 0);
        status = sh->status;
        if (sh->unwind && !loop_goes_on(sh))
            break;
    }
    sh->status = status;
    sh->loop_depth--;
}

/* One turn of a for loop. Returns whether there is another. */
static bool for_turn(struct shell *sh, const struct node *node, const char *value)
{
    if (!var_set(sh, node->u.for_.variable, value, strlen(value), 0)) {
        sh->status = 1;
        sh->unwind = UNWIND_ERROR; /* variable assignment error */
        return false;
    }
    eval_node(sh, node->u.for_.body, 0);
    return loop_goes_on(sh);
}

static void eval_for(struct shell *sh, const struct node *node, unsigned flags)
{
    struct arena_mark mark = arena_mark(&sh->scratch);
    struct fields fields = {0};

    (void)flags;
    sh->line = node->line;
    if (node->u.for_.over_positional) {
        /* A copy: the body may `set` and `shift`. */
        fields.items = arena_alloc(&sh->scratch, (sh->positional.count + 1) * sizeof *fields.items);
        for (; fields.count < sh->positional.count; fields.count++) {
            const char *item = sh->positional.items[fields.count];

            fields.items[fields.count] = arena_strndup(&sh->scratch, item, strlen(item));
        }
    } else if (!expand_fields(sh, node->u.for_.words, &fields)) {
        arena_release(&sh->scratch, mark);
        return;
    }
    if (fields.count == 0)
        sh->status = 0; /* else $? is the first command's to ask for */
    sh->loop_depth++;
    for (size_t i = 0; i < fields.count; i++)
        if (!for_turn(sh, node, fields.items[i]))
            break;
    sh->loop_depth--;
    arena_release(&sh->scratch, mark);
}

static bool case_word_matches(struct shell *sh, const struct word *word, const char *subject)
{
    struct arena_mark mark;
    char *pattern;
    bool matches;

    if (word->flags & WORD_STATIC)
        return strcmp(word->text, subject) == 0;
    mark = arena_mark(&sh->scratch);
    pattern = expand_pattern(sh, word);
    matches = pattern && pattern_match(pattern, subject);
    arena_release(&sh->scratch, mark);
    return matches;
}

/* The first item one of whose patterns matches, or NULL. */
static const struct case_item *case_find(struct shell *sh, const struct node *node, const char *subject)
{
    for (const struct case_item *item = node->u.case_.items; item; item = item->next)
        for (const struct word *word = item->patterns; word; word = word->next) {
            if (case_word_matches(sh, word, subject))
                return item;
            if (sh->unwind)
                return NULL;
        }
    return NULL;
}

static void eval_case(struct shell *sh, const struct node *node, unsigned flags)
{
    struct arena_mark mark = arena_mark(&sh->scratch);
    const struct word *word = node->u.case_.subject;
    const struct case_item *item;
    bool ran = false;
    const char *subject;
    size_t len;

    sh->line = node->line;
    sh->status_of_command_substitution = -1;
    subject = word->flags & WORD_STATIC ? word->text : expand_string(sh, word, &len);
    if (!subject)
        return;
    item = case_find(sh, node, subject);
    arena_release(&sh->scratch, mark);
    if (sh->unwind)
        return;
    for (; item && !sh->unwind; item = item->fall_through ? item->next : NULL) {
        if (!item->body)
            continue; /* falling through an empty list leaves $? */
        eval_node(sh, item->body, item->fall_through ? 0 : flags);
        ran = true;
    }
    if (!ran)
        sh->status = 0;
}

static void eval_function(struct shell *sh, const struct node *node, unsigned flags)
{
    (void)flags;
    sh->line = node->line;
    sh->status = 0;
    function_define(sh, node->u.function.name, sh->ast, node->u.function.body);
}

static evaluator *const evaluators[] = {
    [NODE_SIMPLE] = eval_simple,     [NODE_SEQUENCE] = eval_sequence,
    [NODE_ASYNC] = eval_async,       [NODE_AND] = eval_and_or,
    [NODE_OR] = eval_and_or,         [NODE_NOT] = eval_not,
    [NODE_PIPELINE] = eval_pipeline, [NODE_SUBSHELL] = eval_subshell,
    [NODE_BRACE] = eval_brace,       [NODE_IF] = eval_if,
    [NODE_WHILE] = eval_loop,        [NODE_UNTIL] = eval_loop,
    [NODE_FOR] = eval_for,           [NODE_CASE] = eval_case,
    [NODE_FUNCTION] = eval_function, [NODE_TIME] = eval_time,
};

/* A compound command with redirections: they hold for the whole of it (XCU 2.9.4). */
static void eval_redirected(struct shell *sh, const struct node *node)
{
    sh->line = node->line;
    if (!redir_apply(sh, node->redirs, true)) {
        if (sh->unwind == UNWIND_NONE)
            sh->status = 1;
        eval_errexit(sh);
        return;
    }
    evaluators[node->kind](sh, node, 0);
    redir_undo(sh);
}

void eval_node(struct shell *sh, const struct node *node, unsigned flags)
{
    if (!node) {
        sh->status = 0;
        return;
    }
    if (sh->options.noexec) /* set -n, maybe just now */
        return;
    if ((const char *)__builtin_frame_address(0) < sh->stack_limit) {
        error_unwind(sh, 2, "commands are nested too deeply");
        return;
    }
    if (node->redirs && node->kind != NODE_SIMPLE && node->kind != NODE_SUBSHELL &&
        node->kind != NODE_FUNCTION)
        eval_redirected(sh, node);
    else
        evaluators[node->kind](sh, node, flags);
    trap_run_pending(sh);
}

_Noreturn void eval_in_child(struct shell *sh, const struct node *node)
{
    eval_node(sh, node, EVAL_EXIT);
    shell_exit(sh);
}
