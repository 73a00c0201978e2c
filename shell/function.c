/* function.c - functions (XCU 2.9.5). A function keeps the tree it was defined in; a running call keeps the
 * function. */
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/eval.h"
#include "shell/redir.h"
#include "shell/shell.h"
#include "shell/symbol.h"
#include <stdlib.h>

void function_hold(struct function *function)
{
    function->references++;
}

void function_drop(struct function *function)
{
    if (--function->references > 0)
        return;
    ast_drop(function->ast);
    free(function);
}

void function_define(struct shell *sh, struct symbol *symbol, struct ast *ast, struct node *body)
{
    struct function *function;

    if (symbol->builtin && symbol->builtin->flags & BUILTIN_SPECIAL)
        return; /* nobody could call it (2.9.1.4) */
    function = xmalloc(sizeof *function);
    *function = (struct function){.ast = ast_hold(ast), .body = body, .references = 1};
    function_unset(symbol);
    symbol->function = function;
    if (sh->options.hashall)
        function_locate_utilities(sh, body);
}

bool function_unset(struct symbol *symbol)
{
    struct function *function = symbol->function;

    if (!function)
        return false;
    symbol->function = NULL;
    function_drop(function);
    return true;
}

int function_call(struct shell *sh, struct function *function, int argc, char **argv)
{
    struct positional outer = sh->positional;
    struct ast *outer_ast = sh->ast;
    unsigned outer_loops = sh->loop_depth;

    if (sh->call_depth == SHELL_MAX_CALLS) {
        error_unwind(sh, 2, "%s: functions are nested more than %d deep", argv[0], SHELL_MAX_CALLS);
        return sh->status;
    }
    sh->positional = (struct positional){.items = argv + 1, .count = (unsigned)argc - 1, .borrowed = true};
    sh->ast = function->ast;
    sh->loop_depth = 0;
    sh->call_depth++;
    function_hold(function);
    var_scope_push(sh);

    eval_node(sh, function->body, 0);

    if (sh->unwind == UNWIND_RETURN)
        sh->unwind = UNWIND_NONE;
    var_scope_pop(sh);
    function_drop(function);
    sh->call_depth--;
    sh->loop_depth = outer_loops;
    sh->ast = outer_ast;
    positional_free(&sh->positional); /* `set` in the function made its own */
    sh->positional = outer;
    return sh->status;
}
