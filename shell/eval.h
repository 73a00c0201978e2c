/*
 * eval.h - running the tree (XCU 2.9). The status is in sh->status, unwinding in sh->unwind (shell.h).
 */
#ifndef SHELL_EVAL_H
#define SHELL_EVAL_H

#include "shell/ast.h"

struct shell;
struct input;

#define EVAL_EXIT                                                                                            \
    0x1u /* this process has nothing to do afterwards: the last command may exec without a fork */
#define EVAL_MORE 0x2u /* the rest of an input of which commands ran already: without one $? stays */

void eval_node(struct shell *sh, const struct node *node, unsigned flags); /* node may be NULL: status 0 */

/* set -e: unwinds when the command just run failed where failure counts (sh->tested is 0). */
void eval_errexit(struct shell *sh);
/* The body of a forked child: runs node, then ends the process. */
_Noreturn void eval_in_child(struct shell *sh, const struct node *node);

/* The rows of eval.c's table that live in files of their own. */
void eval_simple(struct shell *sh, const struct node *node, unsigned flags);
void eval_pipeline(struct shell *sh, const struct node *node, unsigned flags);
void eval_async(struct shell *sh, const struct node *node, unsigned flags);
void eval_time(struct shell *sh, const struct node *node, unsigned flags);

/* eval, dot, trap actions, -c: parses and runs text/input to its end. Returns sh->status. */
int eval_string(struct shell *sh, const char *text, size_t len, int first_line, unsigned flags);
int eval_input(struct shell *sh, struct input *input, unsigned flags);

/*
 * Command substitution (XCU 2.6.3): runs body in a subshell environment and returns its output in
 * sh->scratch, trailing newlines removed, NUL bytes dropped. Sets sh->status_of_command_substitution. Never
 * NULL; on fork failure reports and unwinds.
 */
char *eval_command_substitution(struct shell *sh, const struct ast_command *command, size_t *len);

/* Calls a function with argv (argv[0] is its name) in the current environment (XCU 2.9.5). */
struct function {
    struct ast *ast; /* keeps body's memory */
    struct node *body;
    unsigned references; /* running calls and the definition */
};
void function_define(struct shell *sh, struct symbol *symbol, struct ast *ast, struct node *body);
/* What set -h asks for; node may be NULL. */
void function_locate_utilities(struct shell *sh, const struct node *node);
bool function_unset(struct symbol *symbol);
void function_hold(struct function *function);
void function_drop(struct function *function);
int function_call(struct shell *sh, struct function *function, int argc, char **argv);

#endif
