/*
 * Words: the input is parsed as commands, whose words and assignments are expanded, but nothing is run:
 * command substitutions give a fixed text (link with -Wl,--wrap=eval_command_substitution).
 */
#include "shell/expand.h"
#include "shell/parser.h"
#include "tests/fuzz/shell.h"
#include <assert.h>
#include <string.h>

char *__wrap_eval_command_substitution(struct shell *sh, const struct ast_command *command, size_t *len);

char *__wrap_eval_command_substitution(struct shell *sh, const struct ast_command *command, size_t *len)
{
    (void)command;
    *len = 5;
    return arena_strndup(&sh->scratch, "o u\nt", 5);
}

/* x=$x$x, again and again, is slow and right. */
#define MAX_ASSIGNMENTS 8

static void expand_simple(struct shell *sh, const struct node *node, unsigned *assignments)
{
    struct fields fields = {0};
    size_t len;
    for (const struct assignment *a = node->u.simple.assignments; a && *assignments > 0; a = a->next) {
        expand_assignment(sh, a, 0);
        --*assignments;
    }
    for (const struct word *word = node->u.simple.words; word; word = word->next) {
        char *text = expand_string(sh, word, &len);
        assert(!text || strlen(text) <= len);
        expand_pattern(sh, word);
        sh->unwind = UNWIND_NONE;
    }
    if (expand_fields(sh, node->u.simple.words, &fields))
        assert(fields.items && !fields.items[fields.count]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shell *sh = fuzz_shell();
    struct arena_mark mark = arena_mark(&sh->scratch);
    struct input *input = input_from_string((const char *)data, size);
    struct parser *parser = parser_new(sh, input, 1);
    struct ast *ast;
    unsigned assignments = MAX_ASSIGNMENTS;
    fuzz_forget(sh);
    var_set_name(sh, "a", "1", 0);
    var_set_name(sh, "c", "x y", 0);
    var_set_name(sh, "d", "*", 0);
    var_set_name(sh, "e", "", 0);
    sh->options.noglob = true;
    var_set_name(sh, "IFS", size && data[0] & 1 ? " \t\n" : ":\xc3\xa9 ", 0);
    while (parser_next(parser, &ast) == PARSE_OK) {
        if (ast->root && ast->root->kind == NODE_SIMPLE)
            expand_simple(sh, ast->root, &assignments);
        ast_drop(ast);
        sh->unwind = UNWIND_NONE;
    }
    parser_free(parser);
    input_free(input);
    arena_release(&sh->scratch, mark);
    return 0;
}
