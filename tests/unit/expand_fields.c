/* Expansion without a shell around it: words parsed, expanded, cut into fields; what the tests as data cannot
 * see. */
#include "shell/expand.h"
#include "shell/out.h"
#include "shell/parser.h"
#include "shell/symbol.h"
#include "shell/var.h"
#include "tests/unit/tap.h"
#include <fcntl.h>
#include <unistd.h>

static struct shell sh;

/* The fields of `: words`, joined by |; NULL after an error. */
static const char *fields(const char *words)
{
    static char joined[1000];
    struct fields out = {0};
    struct ast *ast = NULL;
    char text[500];
    snprintf(text, sizeof text, ": %s\n", words);
    struct input *input = input_from_string(text, strlen(text));
    struct parser *parser = parser_new(&sh, input, 1);
    joined[0] = '\0';
    sh.unwind = UNWIND_NONE;
    bool good = parser_next(parser, &ast) == PARSE_OK && expand_fields(&sh, ast->root->u.simple.words, &out);
    for (size_t i = 1; good && i < out.count; i++)
        snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s", i > 1 ? "|" : "",
                 out.items[i]);
    good = good && !out.items[out.count];
    ast_drop(ast);
    parser_free(parser);
    input_free(input);
    return good ? joined : NULL;
}

static const struct {
    const char *words, *fields;
} rows[] = {
    {"a b", "a|b"},
    {"$spaces", "x|y"},
    {"\"$spaces\"", " x  y "},
    {"1$spaces'2'", "1|x|y|2"},
    {"$empty", ""},
    {"''$empty", ""},
    {"$colons", ":a::b:"},
    {"\"$@\"", "p q||r"},
    {"$@", "p|q|r"},
    {"\"$*\"", "p q  r"},
    {"x\"$@\"y", "xp q||ry"},
    {"${unset-a 'b c'}", "a|b c"},
    {"\"${unset-a b}\"", "a b"},
    {"${unset?}", NULL},
    {"$((one+1))", "2"},
    {"$((10-$one))", "9"},
    {"$((2*$minus))", "-6"},
    {"$((010+$octal))", "16"},
    {"$((1/0))", NULL},
    {"${long#a*.}", "b.c"},
    {"${long%%.*}", "a"},
};

static void assignments(void)
{
    struct symbol *x = symbol_intern("x", 1);
    struct ast *ast = NULL;
    const char *text = "x=$x$x-$y\n";
    struct input *input = input_from_string(text, strlen(text));
    struct parser *parser = parser_new(&sh, input, 1);
    var_set(&sh, x, "ab", 2, 0);
    var_set_name(&sh, "y", "z", 0);
    check(parser_next(parser, &ast) == PARSE_OK, "an assignment is parsed");
    const struct assignment *assignment = ast->root->u.simple.assignments;
    check(expand_assignment(&sh, assignment, VAR_EXPORT), "x=$x... is assigned");
    check_text(var_get(&sh, x), "abab-z", "its own value may stand twice");
    check(x->var.flags & VAR_EXPORT, "with the attributes asked for");
    x->var.flags |= VAR_READONLY;
    sh.unwind = UNWIND_NONE;
    check(!expand_assignment(&sh, assignment, 0) && sh.unwind == UNWIND_NONE,
          "readonly: false, nothing unwinds");
    ast_drop(ast);
    parser_free(parser);
    input_free(input);
}

/* However often a failing expansion is abandoned half-way, the next one starts clean. */
static void failures(void)
{
    for (int i = 0; i < 1000; i++)
        fields("a\"b$spaces${x#${y%$(())}${unset?gone}}\"$spaces");
    check_text(fields("$spaces"), "x|y", "abandoned expansions leave nothing behind");
}

int main(void)
{
    char *environment[] = {"spaces= x  y ", "empty=",    "colons=:a::b:", "one=1",
                           "minus=-3",      "octal=010", "long=a.b.c",    NULL};
    char *arguments[] = {"p q", "", "r"};
    out_init(&sh);
    dup2(open("/dev/null", O_WRONLY), STDERR_FILENO); /* the errors that are wanted */
    var_import(&sh, environment);
    sh.name = "expand_fields";
    sh.positional = (struct positional){.items = arguments, .count = 3, .borrowed = true};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_text(fields(rows[i].words), rows[i].fields, rows[i].words);
    assignments();
    failures();
    var_set_name(&sh, "IFS", ":", 0);
    check_text(fields("$colons"), "|a||b", "IFS is followed");
    check_text(fields("\"$*\""), "p q::r", "its first character joins");
    return tap_done();
}
