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

bool word_runs(const struct word *word)
{
    if (!word || word->flags & WORD_STATIC)
        return false;
    for (const struct part *part = word->parts; part; part = part->next)
        if (part->kind == PART_COMMAND || part->kind == PART_ARITH ||
            (part->kind == PART_PARAM && word_runs(part->u.param->word)))
            return true;
    return false;
}
