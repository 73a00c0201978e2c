/* ast.c - the life of a syntax tree: it is one arena with a count of its users. */
#include "shell/ast.h"
#include <assert.h>

struct ast *ast_hold(struct ast *ast)
{
    ast->references++;
    return ast;
}

void ast_drop(struct ast *ast)
{
    struct arena arena;

    if (!ast)
        return;
    assert(ast->references > 0);
    if (--ast->references)
        return;
    arena = ast->arena; /* the struct itself lives in there */
    arena_free(&arena);
}
