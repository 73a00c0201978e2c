/*
 * test [expression], [ [expression] ] - XCU test: by the number of arguments up to four; what that leaves
 * open, and more arguments, are parsed with ! ( ) -a -o in the usual precedence.
 */
#include "builtins/builtins.h"
#include "builtins/test_file.h"
#include "shell/error.h"
#include "shell/locale.h"
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct test {
    struct shell *sh;
    const char *name; /* test or [ */
    char **next, **end;
    unsigned nesting; /* parentheses open */
    bool failed;      /* an error was reported */
};

static bool fail(struct test *t, const char *what, const char *why)
{
    if (!t->failed)
        error_print(t->sh, "%s: %s%s%s", t->name, what, *what ? ": " : "", why);
    t->failed = true;
    return false;
}

/* ---- binary primaries ---- */

/* An operator's bytes as a number, so that finding it is comparing numbers. */
#define OP2(a, b)    ((uint32_t)(a) | (uint32_t)(b) << 8)
#define OP3(a, b, c) (OP2(a, b) | (uint32_t)(c) << 16)

static uint32_t op_code(const char *text)
{
    uint32_t code = 0;
    for (unsigned i = 0; text[i]; i++) {
        if (i == 3)
            return 0;
        code |= (uint32_t)(unsigned char)text[i] << (8 * i);
    }
    return code;
}

enum binary {
    BINARY_NONE,
    BINARY_LT, /* numbers first */
    BINARY_EQ,
    BINARY_NE,
    BINARY_GT,
    BINARY_GE,
    BINARY_LE,
    BINARY_SAME,
    BINARY_DIFFERENT,
    BINARY_BEFORE,
    BINARY_AFTER,
    BINARY_NEWER,
    BINARY_OLDER,
    BINARY_SAME_FILE,
};

static const struct {
    uint32_t code;
    enum binary binary;
} binaries[] = {
    {OP3('-', 'l', 't'), BINARY_LT},
    {'=', BINARY_SAME},
    {OP2('!', '='), BINARY_DIFFERENT},
    {OP3('-', 'e', 'q'), BINARY_EQ},
    {OP3('-', 'n', 'e'), BINARY_NE},
    {OP3('-', 'g', 't'), BINARY_GT},
    {OP3('-', 'g', 'e'), BINARY_GE},
    {OP3('-', 'l', 'e'), BINARY_LE},
    {OP2('=', '='), BINARY_SAME},
    {'<', BINARY_BEFORE},
    {'>', BINARY_AFTER},
    {OP3('-', 'n', 't'), BINARY_NEWER},
    {OP3('-', 'o', 't'), BINARY_OLDER},
    {OP3('-', 'e', 'f'), BINARY_SAME_FILE},
};

static enum binary find_binary(const char *text)
{
    uint32_t code = op_code(text);
    for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++)
        if (binaries[i].code == code)
            return binaries[i].binary;
    return BINARY_NONE;
}

static bool number(struct test *t, const char *text, intmax_t *value)
{
    char *end;
    errno = 0;
    *value = strtoimax(text, &end, 10);
    bool digits = end != text;
    while (isspace((unsigned char)*end))
        end++;
    if (!digits || *end)
        return fail(t, text, "not an integer");
    return errno ? fail(t, text, "integer out of range") : true;
}

static bool compare_numbers(struct test *t, const char *left, enum binary op, const char *right)
{
    intmax_t x, y;
    if (!number(t, left, &x) || !number(t, right, &y))
        return false;
    switch (op) {
    case BINARY_LT:
        return x < y;
    case BINARY_EQ:
        return x == y;
    case BINARY_NE:
        return x != y;
    case BINARY_GT:
        return x > y;
    case BINARY_GE:
        return x >= y;
    default:
        return x <= y;
    }
}

static bool binary(struct test *t, const char *left, enum binary op, const char *right)
{
    switch (op) {
    case BINARY_SAME:
        return strcmp(left, right) == 0;
    case BINARY_DIFFERENT:
        return strcmp(left, right) != 0;
    case BINARY_BEFORE:
        return locale_compare(left, right) < 0;
    case BINARY_AFTER:
        return locale_compare(left, right) > 0;
    case BINARY_NEWER:
        return test_file_newer(left, right);
    case BINARY_OLDER:
        return test_file_newer(right, left);
    case BINARY_SAME_FILE:
        return test_file_same(left, right);
    default:
        return compare_numbers(t, left, op, right);
    }
}

/* ---- unary primaries ---- */

static bool is_unary(const char *text)
{
    return text[0] == '-' && text[1] && !text[2] && (strchr("nzt", text[1]) || test_file_has(text[1]));
}

static bool unary(struct test *t, const char *op, const char *operand)
{
    intmax_t descriptor;
    switch (op[1]) {
    case 'n':
        return *operand != '\0';
    case 'z':
        return *operand == '\0';
    case 't':
        return number(t, operand, &descriptor) && test_file_terminal(descriptor);
    default:
        return test_file(op[1], operand);
    }
}

/* ---- the grammar of longer expressions ---- */

#define MAX_NESTING 1000

static bool parse_or(struct test *t);

static bool at(const struct test *t, const char *text)
{
    return t->next < t->end && !strcmp(*t->next, text);
}

static bool parse_primary(struct test *t)
{
    size_t left = (size_t)(t->end - t->next);
    if (!left)
        return fail(t, "", "argument expected");
    char **words = t->next;
    enum binary op = left >= 3 ? find_binary(words[1]) : BINARY_NONE;
    if (op) {
        t->next += 3;
        return binary(t, words[0], op, words[2]);
    }
    if (left >= 2 && is_unary(words[0])) {
        t->next += 2;
        return unary(t, words[0], words[1]);
    }
    t->next++;
    if (strcmp(words[0], "(") != 0 || left == 1)
        return words[0][0] != '\0';
    if (++t->nesting > MAX_NESTING)
        return fail(t, "", "nested too deeply");
    bool result = parse_or(t);
    t->nesting--;
    if (!at(t, ")"))
        return fail(t, "", "missing )");
    t->next++;
    return result;
}

static bool parse_not(struct test *t)
{
    bool negated = false;
    for (; at(t, "!") && t->end - t->next > 1 && !(t->end - t->next >= 3 && find_binary(t->next[1]));
         t->next++)
        negated = !negated;
    return parse_primary(t) != negated;
}

static bool parse_and(struct test *t)
{
    bool result = parse_not(t);
    while (!t->failed && at(t, "-a")) {
        t->next++;
        result &= parse_not(t);
    }
    return result;
}

static bool parse_or(struct test *t)
{
    bool result = parse_and(t);
    while (!t->failed && at(t, "-o")) {
        t->next++;
        result |= parse_and(t);
    }
    return result;
}

static bool parse_all(struct test *t)
{
    bool result = parse_or(t);
    if (!t->failed && t->next < t->end)
        return fail(t, *t->next, "unexpected argument");
    return result;
}

/* ---- by the number of arguments (XCU test, OPERANDS) ---- */

static bool by_count(struct test *t)
{
    char **words = t->next;
    enum binary op;
    switch (t->end - words) {
    case 0:
        return false;
    case 1:
        return words[0][0] != '\0';
    case 2:
        if (!strcmp(words[0], "!"))
            return words[1][0] == '\0';
        if (is_unary(words[0]))
            return unary(t, words[0], words[1]);
        return fail(t, words[0], "unary operator expected");
    case 3:
        if ((op = find_binary(words[1])))
            return binary(t, words[0], op, words[2]);
        if (!strcmp(words[1], "-a"))
            return words[0][0] && words[2][0];
        if (!strcmp(words[1], "-o"))
            return words[0][0] || words[2][0];
        if (!strcmp(words[0], "(") && !strcmp(words[2], ")"))
            return words[1][0] != '\0';
        break;
    case 4:
        if (!strcmp(words[0], "(") && !strcmp(words[3], ")")) {
            t->next++;
            t->end--;
            return by_count(t);
        }
        break;
    default:
        return parse_all(t);
    }
    if (!strcmp(words[0], "!")) {
        t->next++;
        return !by_count(t);
    }
    return parse_all(t);
}

int builtin_test(struct shell *sh, int argc, char **argv)
{
    struct test t = {.sh = sh, .name = argv[0], .next = argv + 1, .end = argv + argc};
    if (argv[0][0] == '[' && (argc == 1 || strcmp(*--t.end, "]") != 0)) {
        error_print(sh, "[: missing ]");
        return 2;
    }
    bool result = by_count(&t);
    return t.failed ? 2 : !result;
}
