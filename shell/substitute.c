/*
 * substitute.c - command substitution (XCU 2.6.3).
 *
 * A built-in utility that changes nothing runs here, its output captured; that cannot be told from a child
 * process.
 */
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/eval.h"
#include "shell/exec.h"
#include "shell/expand.h"
#include "shell/expansion.h"
#include "shell/fork.h"
#include "shell/out.h"
#include "shell/redir.h"
#include "shell/shell.h"
#include "shell/simple.h"
#include "shell/symbol.h"
#include "shell/trace.h"
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shell/job.h"

#define READ_SIZE 4096

/* ---- aliases ---- */

/* May running this command define aliases? */
static bool may_define_aliases(const struct symbol *name)
{
    return name->function || (name->builtin && name->builtin->flags & BUILTIN_RUNS_TEXT);
}

/* Can an alias make something else of the commands than what they were parsed to (ast.h)? */
static bool must_be_read_again(const struct command_text *text)
{
    for (unsigned i = 0; i < text->count; i++)
        if (text->names[i]->alias || (text->lines && may_define_aliases(text->names[i])))
            return true;
    return text->lines && text->unknown;
}

/* ---- without a fork ---- */

static bool word_is_harmless(struct shell *sh, const struct word *word);

/* Digits alone: what a parameter may bring into an expression without bringing an operator. */
static bool is_number(struct shell *sh, const struct param *param)
{
    struct param_value value;

    param_get(sh, param, &value);
    return value.text && value.len > 0 && strspn(value.text, "0123456789") == value.len;
}

/* Arithmetic may assign. Compiled code has no expansions but parameters, whose values may be expressions. */
static bool arith_is_harmless(struct shell *sh, const struct part *part)
{
    const struct word *word = part->u.arith.word;

    if (!part->u.arith.code)
        return false;
    for (const struct part *p = word ? word->parts : NULL; p; p = p->next) {
        if (p->kind == PART_LITERAL && (memchr(p->u.literal.text, '=', p->u.literal.len) ||
                                        memmem(p->u.literal.text, p->u.literal.len, "++", 2) ||
                                        memmem(p->u.literal.text, p->u.literal.len, "--", 2)))
            return false;
        if (p->kind == PART_PARAM && !is_number(sh, p->u.param))
            return false;
    }
    return true;
}

static bool part_is_harmless(struct shell *sh, const struct part *part)
{
    switch (part->kind) {
    case PART_PARAM:
        return part->u.param->op != PARAM_ASSIGN &&
               (!part->u.param->word || word_is_harmless(sh, part->u.param->word));
    case PART_ARITH:
        return arith_is_harmless(sh, part);
    default:
        return true;
    }
}

/* Expanding word changes nothing in the shell. */
static bool word_is_harmless(struct shell *sh, const struct word *word)
{
    for (const struct part *part = word->parts; part; part = part->next)
        if (!part_is_harmless(sh, part))
            return false;
    return true;
}

static const struct builtin *pure_builtin(struct shell *sh, const struct node *node)
{
    struct symbol *symbol;

    if (!node || node->kind != NODE_SIMPLE || node->redirs || node->u.simple.assignments ||
        !node->u.simple.words)
        return NULL;
    symbol = node->u.simple.words->symbol;
    if (!symbol || symbol->function || !symbol->builtin || !(symbol->builtin->flags & BUILTIN_PURE))
        return NULL;
    for (const struct word *word = node->u.simple.words->next; word; word = word->next)
        if (!(word->flags & WORD_STATIC) && !word_is_harmless(sh, word))
            return NULL;
    return exec_builtin(sh, symbol);
}

static char *run_captured(struct shell *sh, const struct node *node, const struct builtin *builtin,
                          size_t *len)
{
    struct fields fields = {0};
    int status = sh->status, line = sh->line;

    out_capture_begin(sh);
    sh->line = node->line;
    if (expand_fields(sh, node->u.simple.words, &fields)) {
        if (sh->options.xtrace)
            trace_command(sh, NULL, fields.items);
        sh->status_of_command_substitution = simple_builtin(sh, builtin, (int)fields.count, fields.items);
    } else {
        sh->status_of_command_substitution = sh->status;
    }
    sh->unwind = UNWIND_NONE; /* what ends a subshell environment ends only that */
    sh->status = status;
    sh->line = line;
    return out_capture_end(sh, len);
}

/* ---- with a fork ---- */

/* Everything that comes through fd, in sh->scratch. *error: errno of what cut it short, or 0. */
static char *read_all(struct shell *sh, int fd, size_t *len, int *error)
{
    struct arena_string s;

    *error = 0;
    arena_string_begin(&s, &sh->scratch);
    for (;;) {
        ssize_t n;

        arena_string_grow(&s, READ_SIZE);
        n = read(fd, s.next, (size_t)(s.end - s.next));
        if (n > 0)
            s.next += n;
        else if (n < 0 && errno != EINTR)
            *error = errno;
        if (n == 0 || *error != 0)
            break;
    }
    return arena_string_finish(&s, len);
}

static int wait_for(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 127;
    return job_status_of(status);
}

/* again: the commands are read from text, each line with the aliases that the lines before have left. */
static char *run_forked(struct shell *sh, const struct ast_command *command, bool again, size_t *len)
{
    int ends[2], error = 0;
    char *text;
    pid_t pid;

    if (!redir_pipe(sh, ends))
        return NULL;
    pid = shell_fork(sh, NULL, FORK_NO_JOB);
    if (pid == 0) {
        close(ends[0]);
        dup2(ends[1], STDOUT_FILENO);
        close(ends[1]);
        if (!again)
            eval_in_child(sh, command->body);
        eval_string(sh, command->text->text, command->text->len, command->text->line, EVAL_EXIT);
        shell_exit(sh);
    }
    close(ends[1]);
    text = pid > 0 ? read_all(sh, ends[0], len, &error) : NULL;
    close(ends[0]);
    if (pid > 0)
        sh->status_of_command_substitution = wait_for(pid);
    if (error != 0)
        error_unwind(sh, 2, "command substitution: %s", strerror(error));
    return text;
}

static size_t drop_nuls(char *text, size_t len)
{
    char *to = memchr(text, '\0', len);

    if (!to)
        return len;
    for (const char *from = to; from < text + len; from++)
        if (*from)
            *to++ = *from;
    return (size_t)(to - text);
}

char *eval_command_substitution(struct shell *sh, const struct ast_command *command, size_t *len)
{
    bool again = command->text && must_be_read_again(command->text);
    const struct builtin *builtin = again ? NULL : pure_builtin(sh, command->body);
    char *text =
        builtin ? run_captured(sh, command->body, builtin, len) : run_forked(sh, command, again, len);

    if (!text) {
        *len = 0;
        return arena_strndup(&sh->scratch, "", 0);
    }
    *len = drop_nuls(text, *len);
    while (*len > 0 && text[*len - 1] == '\n')
        --*len;
    text[*len] = '\0';
    return text;
}
