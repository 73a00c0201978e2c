/* source.c - running text: a string or an input, one complete command after the other (XCU 2.10). */
#include "shell/eval.h"
#include "shell/input.h"
#include "shell/parser.h"
#include "shell/readahead.h"
#include "shell/shell.h"

static void run_tree(struct shell *sh, struct ast *ast, unsigned flags)
{
    struct ast *outer = sh->ast;

    sh->ast = ast;
    eval_node(sh, ast->root, flags);
    sh->ast = outer;
}

/* One complete command. Returns false at the end of the input or when something unwinds. */
static bool run_next(struct shell *sh, struct parser *parser, struct input *input, unsigned flags, bool *ran)
{
    struct ast *ast;

    readahead_sync(sh);
    switch (parser_next(parser, &ast)) {
    case PARSE_OK:
        break;
    case PARSE_EOF:
        return false;
    case PARSE_ERROR:
        sh->unwind = UNWIND_ERROR; /* shell language syntax error (2.8.1) */
        return false;
    case PARSE_INTERRUPTED:
        return sh->unwind == UNWIND_NONE;
    }
    if (ast->root && !sh->options.noexec) {
        *ran = true;
        input_sync(input);
        run_tree(sh, ast, (flags & EVAL_EXIT) && input_at_end(input) ? EVAL_EXIT : 0);
    }
    ast_drop(ast);
    return sh->unwind == UNWIND_NONE;
}

static int run_all(struct shell *sh, struct input *input, int first_line, unsigned flags)
{
    struct parser *parser = parser_new(sh, input, first_line);
    struct running_input running = {input, sh->inputs};
    bool ran = false;

    sh->inputs = &running;

    while (run_next(sh, parser, input, flags, &ran))
        ;
    sh->inputs = running.outer;
    parser_free(parser);
    if (!ran && sh->unwind == UNWIND_NONE && !(flags & EVAL_MORE))
        sh->status = 0;
    return sh->status;
}

int eval_input(struct shell *sh, struct input *input, unsigned flags)
{
    return run_all(sh, input, 1, flags);
}

int eval_string(struct shell *sh, const char *text, size_t len, int first_line, unsigned flags)
{
    struct input *input = input_from_string(text, len);
    int status = run_all(sh, input, first_line, flags);

    input_free(input);
    return status;
}
