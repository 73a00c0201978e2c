/*
 * The parser on any bytes: it neither crashes nor hangs, and what it made of them, printed, parses to the
 * same again.
 *
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined -std=c11 -D_GNU_SOURCE -I. tests/fuzz/parser.c
 * libshell.a ...
 */
#include "shell/parser.h"
#include "shell/alias.h"
#include "shell/builtin.h"
#include "shell/input.h"
#include "shell/out.h"
#include "shell/shell.h"
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct shell shell;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    out_init(&shell);
    builtin_register();
    return 0;
}

static void set_aliases(void)
{
    static const char *const aliases[][2] = {
        {"a", "echo "},     {"b", "a b"},  {"c", "if x\nthen "}, {"d", "d d "}, {"e", ""},     {"f", "x; f "},
        {"g", "cat <<E\n"}, {"h", "$((1"}, {"i", "'q"},          {"j", "# "},   {"k", "x \\"}, {"l", "( "},
    };

    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        alias_set(symbol_intern(aliases[i][0], 1), aliases[i][1]);
}

/* All commands printed, in lines of their own; NULL after a syntax error. */
static char *print_all(const char *text, size_t len)
{
    struct input *input = input_from_string(text, len);
    struct parser *parser = parser_new(&shell, input, 1);
    enum parse_result result;
    struct ast *ast;
    char *printed;
    size_t printed_size;
    FILE *out = open_memstream(&printed, &printed_size);

    while ((result = parser_next(parser, &ast)) == PARSE_OK) {
        struct arena arena = ARENA_INIT;

        fprintf(out, "%s\n", ast_print(ast->root, false, &arena));
        ast_print(ast->root, true, &arena);
        arena_free(&arena);
        ast_drop(ast);
    }
    parser_free(parser);
    input_free(input);
    fclose(out);
    if (result == PARSE_EOF)
        return printed;
    free(printed);
    return NULL;
}

/* A lone $ is printed in quotes where an expansion follows, and they may join what was quoted before. */
static char *settle(char *first)
{
    char *second;

    if (!first || !strstr(first, "'$'"))
        return first;
    second = print_all(first, strlen(first));
    free(first);
    if (!second)
        abort();
    return second;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    char *first, *second;

    set_aliases();
    free(print_all(text, size));
    alias_remove_all();
    first = settle(print_all(text, size));
    if (first) {
        second = print_all(first, strlen(first));
        if (!second || strcmp(first, second) != 0) {
            printf("--- printed:\n%s\n--- printed again:\n%s\n", first, second ? second : "(syntax error)");
            fflush(stdout);
            abort();
        }
        free(second);
    }
    free(first);
    return 0;
}
