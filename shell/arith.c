/* arith.c - running compiled arithmetic (XCU 2.6.4). Overflow wraps: all of it is done on unsigned numbers.
 */
#include "shell/arith.h"
#include "shell/arith_code.h"
#include "shell/error.h"
#include "shell/shell.h"
#include "shell/symbol.h"
#include <stdlib.h>
#include <string.h>

static bool is_blank_byte(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A variable's value: blanks, a sign and a constant. Nothing at all is 0. */
static bool value_of(const char *text, const char *end, intmax_t *value)
{
    while (text < end && is_blank_byte(*text))
        text++;
    while (text < end && is_blank_byte(end[-1]))
        end--;
    *value = 0;
    if (text == end)
        return true;
    bool minus = *text == '-';
    if (minus || *text == '+')
        text++;
    while (text < end && is_blank_byte(*text))
        text++;
    if (arith_constant(text, end, value) != end)
        return false;
    if (minus)
        *value = (intmax_t)(0 - (uintmax_t)*value);
    return true;
}

/* The usual value: a few decimal digits. */
static inline bool short_number(const char *text, size_t len, intmax_t *value)
{
    if (len - 1 > 17 || (*text == '0' && len > 1))
        return false;
    intmax_t sum = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned digit = (unsigned)(unsigned char)text[i] - '0';
        if (digit > 9)
            return false;
        sum = sum * 10 + digit;
    }
    *value = sum;
    return true;
}

bool arith_plain_number(const char *text, size_t len, intmax_t *value)
{
    if (len > 1 && *text == '-' && short_number(text + 1, len - 1, value)) {
        *value = -*value;
        return true;
    }
    return short_number(text, len, value);
}

static bool load(struct shell *sh, const struct symbol *symbol, intmax_t *value)
{
    const struct var *var = &symbol->var;
    if ((var->flags & (VAR_SET | VAR_DYNAMIC)) == VAR_SET && short_number(var->value, var->len, value))
        return true;
    const char *text = var_get(sh, symbol);
    if (!text) {
        *value = 0;
        if (sh->options.nounset)
            error_print(sh, "%s: parameter not set", symbol->name);
        return !sh->options.nounset;
    }
    if (value_of(text, text + strlen(text), value))
        return true;
    error_print(sh, "arithmetic: %s: not a number: %.100s", symbol->name, text);
    return false;
}

size_t arith_format(char buffer[ARITH_TEXT_SIZE], intmax_t value)
{
    char reversed[ARITH_TEXT_SIZE];
    size_t digits = 0, len = 0;
    uintmax_t rest = value < 0 ? 0 - (uintmax_t)value : (uintmax_t)value;
    do
        reversed[digits++] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        buffer[len++] = '-';
    while (digits)
        buffer[len++] = reversed[--digits];
    buffer[len] = '\0';
    return len;
}

static bool store(struct shell *sh, struct symbol *symbol, intmax_t value)
{
    char text[ARITH_TEXT_SIZE];
    return var_set(sh, symbol, text, arith_format(text, value), 0);
}

static bool divide(struct shell *sh, enum arith_op op, intmax_t left, intmax_t right, intmax_t *result)
{
    if (right == 0) {
        error_print(sh, "arithmetic: division by zero");
        return false;
    }
    if (right == -1) /* INT64_MIN / -1 would trap */
        *result = op == ARITH_DIVIDE ? (intmax_t)(0 - (uintmax_t)left) : 0;
    else
        *result = op == ARITH_DIVIDE ? left / right : left % right;
    return true;
}

static inline intmax_t combine(enum arith_op op, intmax_t left, intmax_t right)
{
    uintmax_t x = (uintmax_t)left, y = (uintmax_t)right;
    switch (op) {
    case ARITH_MULTIPLY:
        return (intmax_t)(x * y);
    case ARITH_ADD:
        return (intmax_t)(x + y);
    case ARITH_SUBTRACT:
        return (intmax_t)(x - y);
    case ARITH_SHIFT_LEFT:
        return (intmax_t)(x << (y & 63));
    case ARITH_SHIFT_RIGHT:
        return left >> (y & 63);
    case ARITH_LESS:
        return left < right;
    case ARITH_GREATER:
        return left > right;
    case ARITH_LESS_EQUAL:
        return left <= right;
    case ARITH_GREATER_EQUAL:
        return left >= right;
    case ARITH_EQUAL:
        return left == right;
    case ARITH_NOT_EQUAL:
        return left != right;
    case ARITH_BIT_AND:
        return left & right;
    case ARITH_BIT_XOR:
        return left ^ right;
    default:
        return left | right;
    }
}

/* stack has room for code->depth values. */
static bool run(struct shell *sh, const struct arith *code, const intmax_t *params, intmax_t *stack)
{
    intmax_t *top = stack - 1;
    for (unsigned i = 0; i < code->count; i++) {
        const struct arith_instruction *at = &code->code[i];
        switch (at->op) {
        case ARITH_CONSTANT:
            *++top = at->u.number;
            break;
        case ARITH_LOAD:
            if (!load(sh, at->u.symbol, ++top))
                return false;
            break;
        case ARITH_PARAM:
            *++top = params[at->target];
            break;
        case ARITH_STORE:
            if (!store(sh, at->u.symbol, *top))
                return false;
            break;
        case ARITH_DROP:
            top--;
            break;
        case ARITH_AND:
            if (*top == 0)
                i = at->target - 1;
            else
                top--;
            break;
        case ARITH_OR:
            if (*top != 0) {
                *top = 1;
                i = at->target - 1;
            } else {
                top--;
            }
            break;
        case ARITH_UNLESS:
            if (*top-- == 0)
                i = at->target - 1;
            break;
        case ARITH_JUMP:
            i = at->target - 1;
            break;
        case ARITH_BOOLEAN:
            *top = *top != 0;
            break;
        case ARITH_NEGATE:
            *top = (intmax_t)(0 - (uintmax_t)*top);
            break;
        case ARITH_COMPLEMENT:
            *top = ~*top;
            break;
        case ARITH_NOT:
            *top = !*top;
            break;
        case ARITH_DIVIDE:
        case ARITH_REMAINDER:
            top--;
            if (!divide(sh, at->op, top[0], top[1], top))
                return false;
            break;
        default:
            top--;
            *top = combine(at->op, top[0], top[1]);
            break;
        }
    }
    return true;
}

bool arith_run_with(struct shell *sh, const struct arith *code, const intmax_t *params, intmax_t *result)
{
    intmax_t few[16], *stack = few;
    if (code->depth > sizeof few / sizeof *few)
        stack = xmalloc(code->depth * sizeof *stack);
    bool good = run(sh, code, params, stack);
    if (good)
        *result = stack[0];
    if (stack != few)
        free(stack);
    return good;
}

bool arith_eval(struct shell *sh, const char *text, size_t len, intmax_t *result)
{
    struct arith_build build;
    bool good = arith_build(&build, text, len, 0);
    if (good) {
        good = arith_run_with(sh, &build.arith, NULL, result);
    } else {
        size_t rest = len - (size_t)(build.where - text);
        error_print(sh, "arithmetic: %s%s%.*s", build.error, rest ? ": " : "", (int)(rest < 60 ? rest : 60),
                    build.where);
    }
    arith_build_free(&build);
    return good;
}
