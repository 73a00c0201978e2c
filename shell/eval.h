/*
 * eval.h - running the tree (XCU 2.9). The status is in sh->status, unwinding in sh->unwind (shell.h).
 */
#ifndef SHELL_EVAL_H
#define SHELL_EVAL_H

#include "shell/ast.h"

struct shell;

#define EVAL_EXIT   0x1u /* this process has nothing to do afterwards: the last command may exec without a fork */
#define EVAL_TESTED 0x2u /* status is being tested: set -e does not apply */

void eval_node(struct shell *sh, const struct node *node, unsigned flags); /* node may be NULL: status 0 */

/* eval, dot, trap actions, -c: parses and runs text/input to its end. Returns sh->status. */
int eval_string(struct shell *sh, const char *text, size_t len, int first_line, unsigned flags);
struct input;
int eval_input(struct shell *sh, struct input *input, unsigned flags);

/*
 * Command substitution (XCU 2.6.3): runs body in a subshell environment and returns its output in sh->scratch,
 * trailing newlines removed, NUL bytes dropped. Sets sh->status_of_command_substitution. Never NULL; on fork failure
 * reports and unwinds.
 */
char *eval_command_substitution(struct shell *sh, const struct ast_command *command, size_t *len);

/* Calls a function with argv (argv[0] is its name) in the current environment (XCU 2.9.5). */
struct function {
    struct ast *ast;   /* keeps body's memory */
    struct node *body;
    unsigned references; /* running calls and the definition */
};
void function_define(struct shell *sh, struct symbol *symbol, struct ast *ast, struct node *body);
bool function_unset(struct symbol *symbol);
int function_call(struct shell *sh, struct function *function, int argc, char **argv);

#endif
