/*
 * parser_kit.h - for the parser's tests: text in, trees printed as source (or as parts) and messages out.
 */
#ifndef TESTS_UNIT_PARSER_KIT_H
#define TESTS_UNIT_PARSER_KIT_H

#include "shell/builtin.h"
#include "shell/input.h"
#include "shell/out.h"
#include "shell/parser.h"
#include "shell/shell.h"
#include "tests/unit/tap.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static struct shell kit_shell;
static int kit_stderr; /* a memory file in place of standard error */

static inline void kit_init(void)
{
    out_init(&kit_shell);
    builtin_register();
    fflush(stdout);
    kit_stderr = memfd_create("stderr", 0);
    dup2(kit_stderr, STDERR_FILENO);
}

/* The messages since the last call, without "fleetsh: " and the final newline. */
static inline const char *kit_messages(void)
{
    static char text[8192];
    ssize_t len = pread(kit_stderr, text, sizeof text - 1, 0);

    text[len > 0 ? len : 0] = '\0';
    if (len > 0 && text[len - 1] == '\n')
        text[len - 1] = '\0';
    if (ftruncate(kit_stderr, 0) != 0 || lseek(kit_stderr, 0, SEEK_SET) != 0)
        abort();
    return strncmp(text, "fleetsh: ", 9) ? text : text + 9;
}

/* All commands of text in one line each, `|` between them; the message if there was an error. Freed by the
 * caller. */
static inline char *kit_print(const char *text, size_t len, bool one_line)
{
    struct input *input = input_from_string(text, len);
    struct parser *parser = parser_new(&kit_shell, input, 1);
    char *result = NULL;
    size_t size;
    FILE *out = open_memstream(&result, &size);
    enum parse_result status;
    struct ast *ast;
    bool first = true;

    while ((status = parser_next(parser, &ast)) == PARSE_OK) {
        struct arena arena = ARENA_INIT;

        fprintf(out, "%s%s", first ? "" : "\n", ast_print(ast->root, one_line, &arena));
        first = false;
        arena_free(&arena);
        ast_drop(ast);
    }
    fclose(out);
    parser_free(parser);
    input_free(input);
    if (status == PARSE_ERROR) {
        free(result);
        result = strdup(kit_messages());
    }
    return result;
}

struct kit_row {
    const char *text, *want;
};

/* Each row's text prints as want: NULL means as itself. What is printed prints as itself. */
static inline void kit_check_rows(const struct kit_row *rows, size_t count, bool one_line)
{
    for (size_t i = 0; i < count; i++) {
        const char *want = rows[i].want ? rows[i].want : rows[i].text;
        char *have = kit_print(rows[i].text, strlen(rows[i].text), one_line), *again;
        char sentence[120];

        snprintf(sentence, sizeof sentence, "%s", rows[i].text);
        for (char *c = sentence; *c; c++)
            *c = *c == '\n' ? ' ' : *c == '#' ? '%' : *c; /* TAP's own characters */
        check_text(have, want, sentence);
        if (!strstr(want, "syntax error")) {
            again = kit_print(have, strlen(have), one_line);
            snprintf(sentence, sizeof sentence, "row %zu printed is parsed to the same", i);
            check_text(again, have, sentence);
            free(again);
        }
        free(have);
    }
}

#endif
