/* What comes before the grammar: aliases, here-documents, inputs, and what the parser is after an error. */
#include "shell/alias.h"
#include "tests/unit/parser_kit.h"
#include <fcntl.h>

/* ---- here-documents: printed in lines, body and all ---- */

static const struct kit_row heredocs[] = {
    {"a <<E\nb $c\nE\n", "a <<EOF\nb $c\nEOF"},
    {"a <<'E'; b\nc $d\nE\n", "a <<\\EOF\nc $d\nEOF\nb"},
    {"a <<\\E\n$c\nE", "a <<\\EOF\n$c\nEOF"},
    {"a <<\"E F\"\n$c\nE F", "a <<\\EOF\n$c\nEOF"},
    {"a <<$'E\\tF'\n$c\nE\tF", "a <<\\EOF\n$c\nEOF"},
    {"a <<A <<B\na\nA\nb\nB\nc", "a <<\\EOF <<\\EOF\na\nEOF\nb\nEOF\nc"},
    {"a <<-E\n\tb\n\t\tc\n\td\te\n\tE\nf", "a <<\\EOF\nb\nc\nd\te\nEOF\nf"},
    {"a <<E\nb", "a <<\\EOF\nb\nEOF"},
    {"a <<E", "a <<\\EOF\nEOF"},
    {"a <<E\nE\nb", "a <<\\EOF\nEOF\nb"},
    {"a <<E\nE \n E\nEE\nE\n", "a <<\\EOF\nE \n E\nEE\nEOF"},
    {"a <<E\nb\\\nc\nd\\\nE\nE\\\n\nE\n", "a <<\\EOF\nbc\ndE\nEOF\nE"},
    {"a <<E\nb\\\\\nE\n", "a <<\\EOF\nb\\\nEOF"},
    {"a <<'E'\nb\\\nE\n", "a <<\\EOF\nb\\\nEOF"},
    {"a <<E\n\\$b \\`c \\\\ \\\" \"d\" 'e'\nE", "a <<\\EOF\n$b `c \\ \\\" \"d\" 'e'\nEOF"},
    {"a <<E\n${b-\"c\"'d'}\nE", "a <<EOF\n${b-c'd'}\nEOF"},
    {"a <<E\n$(b <<F\nc\nF\n)\nE\n", "a <<EOF1\n$(b <<\\EOF\nc\nEOF\n)\nEOF1"},
    {"a $(b <<E\nc\nE\n)", "a $(b <<\\EOF\nc\nEOF\n)"},
    {"a $(b <<E)\nc\nE\nd", "a $(b <<\\EOF\nc\nEOF\n)\nd"},
    {"a <<A $(b <<B\nb\nB\n)\na\nA\n", "a $(b <<\\EOF\nb\nEOF\n) <<\\EOF\na\nEOF"},
    {"a `b <<E\nc\nE\n`", "a $(b <<\\EOF\nc\nEOF\n)"},
    {"while a <<A; do b <<B\na\nA\nb\nB\ndone <<C\nc\nC\n",
     "while a <<\\EOF\na\nEOF\ndo\n    b <<\\EOF\nb\nEOF\ndone <<\\EOF\nc\nEOF"},
    {"a <<E && b\nE\n", "a <<\\EOF && b\nEOF"},
    {"a <<E |\nE\nb", "a <<\\EOF | b\nEOF"},
    {"a 3<<E {b}<<E\nE\nE\n", "a 3<<\\EOF {b}<<\\EOF\nEOF\nEOF"},
    {"f() { a <<E\n$b\nE\n}", "f() {\n    a <<EOF\n$b\nEOF\n}"},
    {"a <<E\n$(b <<F)\nE\n", "a <<EOF1\n$(b <<\\EOF\nEOF\n)\nEOF1"},
    {"a <<E\n${b%\\\\\n}\nE\n", "a <<EOF\n${b%\"\\\\\n\"}\nEOF"},
    {"a <<E\nEOF\nE\n", "a <<\\EOF1\nEOF\nEOF1"},
};

/* ---- aliases ---- */

static const char *const aliases[][2] = {
    {"e", "echo"},          {"b", "echo "},     {"x", "e y"},
    {"r", "r r"},           {"p", "q p"},       {"q", "p q"},
    {"o", "if true"},       {"nl", "a\nz"},     {"com", "a # "},
    {"quote", "echo 'a"},   {"blank", " "},     {"empty", ""},
    {"qb", "echo '' "},     {"semi", "a; e"},   {"hd", "cat <<E\nx\nE\n"},
    {"open", "echo $(a b"}, {"bs", "echo a\\"}, {"loop", "for i "},
    {"in_", "in"},          {"esc", "a\\ "},    {"trail", "b e "},
    {"chain", "b"},         {"to", "echo >"},   {"cat1", "e <<F"},
};

static const struct kit_row alias_rows[] = {
    {"e", "echo"},
    {"e e", "echo e"},
    {"\\e 'e' \"e\"", "'e' 'e' 'e'"},
    {"x", "echo y"},
    {"b e e", "echo echo e"},
    {"b b e e", "echo echo echo e"},
    {"b b nope e", "echo echo nope e"},
    {"trail e e", "echo echo echo e"},
    {"chain e", "echo echo"},
    {"r", "r r"},
    {"p", "p q p"},
    {"e; e && e | e & (e); { e; }", "echo; echo && echo | echo & (echo); echo"},
    {"v=1 >f e", "v=1 echo >f"},
    {"! e", "! echo"},
    {"if e; then e; else e; fi", "if echo; then echo; else echo; fi"},
    {"while e; do e; done", "while echo; do echo; done"},
    {"for e in e; do e; done", "for e in e; do echo; done"},
    {"case e in e) e;; esac", "case e in (e) echo; ;; esac"},
    {"e() { e; }", "echo() { echo; }"},
    {"echo $(e) `e` ${v-$(e)} \"$(e)\"", "echo $(e) $(e) ${v-$(e)} \"$(e)\""},
    {"o; then b; fi", "if true; then echo; fi"},
    {"nl c", "a\nz c"},
    {"{ nl c; }", "a; z c"},
    {"com b\nc", "a\nc"},
    {"quote b'", "echo 'a b'"},
    {"blank e", "echo"},
    {"empty e", "echo"},
    {"empty; e", "line 1: syntax error: unexpected \";\""},
    {"b empty e", "echo e"},
    {"b blank e", "echo echo"},
    {"qb e", "echo '' echo"},
    {"esc e", "'a ' e"},
    {"semi x", "a; echo x"},
    {"hd\ne", "cat <<\\EOF\necho"},
    {"open) e", "echo $(a b) e"},
    {"loop in_ e; do e; done", "for i in e; do echo; done"},
    {"to e", "echo >e"},
    {"cat1 e\ne\nF\ne", "echo e <<\\EOF\necho"},
    {"e\\\n", "echo"},
    {"b\\\n e", "echo echo"},
    {"e<e>e", "echo <e >e"},
    {"1>e e", "echo >e"},
    {"$((e); (e))", "$( (e); (e))"},
    {"$((b e) )", "$( (b e))"},
    {"$((1 + $(e) ) )", "$( (1 + $(e)))"},
    {"$(o; then e $(e); fi) `o; then e; fi`", "$(if true; then echo $(echo); fi) $(if true; then echo; fi)"},
    {"$(e <<E)\ne\nE\n", "$(echo <<\\EOF)"},
    {"e $((e))", "echo $((e))"},
};

static void check_aliases(void)
{
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        alias_set(symbol_intern(aliases[i][0], strlen(aliases[i][0])), aliases[i][1]);
    for (size_t i = 0; i < sizeof alias_rows / sizeof *alias_rows; i++) {
        char *have = kit_print(alias_rows[i].text, strlen(alias_rows[i].text), true), sentence[120];

        snprintf(sentence, sizeof sentence, "aliases: %s", alias_rows[i].text);
        for (char *c = sentence; *c; c++)
            *c = *c == '\n' ? ' ' : *c == '#' ? '%' : *c;
        check_text(have, alias_rows[i].want, sentence);
        free(have);
    }
    alias_remove_all();
}

/* ---- one complete command at a time ---- */

/* Parses the next command of parser: printed, or the message, or what else came. Valid until the next call.
 */
static const char *next(struct parser *parser)
{
    static struct arena arena = ARENA_INIT;
    struct ast *ast;
    const char *text;

    arena_free(&arena);
    switch (parser_next(parser, &ast)) {
    case PARSE_OK:
        text = ast_print(ast->root, true, &arena);
        ast_drop(ast);
        return text;
    case PARSE_EOF:
        return "(end)";
    case PARSE_ERROR:
        return kit_messages();
    case PARSE_INTERRUPTED:
        return "(interrupted)";
    }
    return NULL;
}

static void check_recovery(void)
{
    static const char text[] = "a; b\nif )\necho 'c\nd' ; }\ne <<E; )\nbody\nE\nf";
    struct input *input = input_from_string(text, sizeof text - 1);
    struct parser *parser = parser_new(&kit_shell, input, 10);

    check_text(next(parser), "a; b", "a line is one complete command");
    check_text(next(parser), "line 11: syntax error: unexpected \")\"", "an error names its line");
    check_text(next(parser), "line 13: syntax error: unexpected \"}\"",
               "the line after an error is parsed anew");
    check_text(next(parser), "line 14: syntax error: unexpected \")\"",
               "an error before a here-document's body");
    check_text(next(parser), "body", "the rest of the erroneous line alone is discarded");
    check_text(next(parser), "E", "so a here-document whose line was in error is commands");
    check_text(next(parser), "f", "a last line without newline is a command");
    check_text(next(parser), "(end)", "and then the input ends");
    check_text(next(parser), "(end)", "more than once if one asks");
    parser_free(parser);
    input_free(input);
}

/* A descriptor with text in it. */
static int file_of(const char *text, size_t len, bool seekable)
{
    int fds[2];

    if (seekable) {
        fds[0] = memfd_create("input", 0);
        if (pwrite(fds[0], text, len, 0) != (ssize_t)len)
            abort();
    } else {
        if (pipe(fds) != 0 || write(fds[1], text, len) != (ssize_t)len)
            abort();
        close(fds[1]);
    }
    return fds[0];
}

static void check_shared(bool seekable)
{
    static const char text[] = "read x\nfirst\necho a\n";
    int fd = file_of(text, sizeof text - 1, seekable);
    struct input *input = input_from_fd(fd, true);
    struct parser *parser = parser_new(&kit_shell, input, 1);
    char bytes[6];

    check_text(next(parser), "read x", seekable ? "a shared file is read" : "a shared pipe is read");
    input_sync(input);
    check(read(fd, bytes, 6) == 6 && memcmp(bytes, "first\n", 6) == 0,
          "the command finds the next line unread");
    check_text(next(parser), "echo a", "and the shell what the command left");
    input_sync(input);
    check_text(next(parser), "(end)", "up to the end");
    parser_free(parser);
    input_free(input);
    check(close(fd) == 0, "a shared descriptor is left open");
}

static void check_inputs(void)
{
    size_t len = 1 << 20;
    char *text = malloc(len + 100);
    int fd;
    struct input *input;
    struct parser *parser;

    memset(text, 'a', len);
    memcpy(text + len, " b\0c\xff\xc3(\n\0\0\nd", 12);
    fd = file_of(text, len + 12, true);
    input = input_from_fd(fd, false);
    parser = parser_new(&kit_shell, input, 1);
    check(strstr(next(parser), "unexpected \"(\""), "a long word, NUL bytes and broken UTF-8 are read");
    check_text(next(parser), "d", "NUL bytes are no characters");
    parser_free(parser);
    input_free(input);
    check(fcntl(fd, F_GETFD) < 0, "a script's descriptor is closed");
    free(text);
}

static void check_verbose(void)
{
    int fd = file_of("a\n\n# b\nc\nd", 10, true);
    struct input *input = input_from_fd(fd, true);
    struct parser *parser = parser_new(&kit_shell, input, 1);

    kit_shell.options.verbose = true;
    next(parser);
    check_text(kit_messages(), "a", "set -v writes a line when it is read");
    next(parser);
    check_text(kit_messages(), "\n# b\nc", "and empty ones and comments");
    next(parser);
    check_text(kit_messages(), "d", "and the last one without newline");
    kit_shell.options.verbose = false;
    parser_free(parser);
    input_free(input);
    close(fd);
}

int main(void)
{
    kit_init();
    kit_check_rows(heredocs, sizeof heredocs / sizeof *heredocs, false);
    check_aliases();
    check_recovery();
    check_shared(true);
    check_shared(false);
    check_inputs();
    check_verbose();
    return tap_done();
}
