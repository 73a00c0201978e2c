/*
 * printf format [argument...] - XCU printf: conversions of XBD 5, %b, numbered arguments, reuse of the
 * format.
 * * as width or precision is an extension. An argument that is no number is reported, counts for what could
 * be converted, and makes the status 1.
 */
#include "builtins/builtins.h"
#include "builtins/escape.h"
#include "builtins/printf_number.h"
#include "shell/arena.h"
#include "shell/arith.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/out.h"
#include "shell/shell.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct printf {
    struct shell *sh;
    char **arguments; /* those of this pass over the format */
    size_t count;
    size_t next; /* the next unnumbered one */
    size_t used; /* how many this pass has used: the highest one's number */
    int status;
    bool stopped; /* \c, or an error after which nothing is written */
};

struct conversion {
    char flags[8]; /* those of the five that are given */
    int width;
    int precision; /* -1: none */
    size_t number; /* of the argument, 0: the next one */
    char letter;
};

/* ---- arguments ---- */

static const char *take(struct printf *p, size_t number)
{
    size_t index = number ? number - 1 : p->next++;
    if (index >= p->count) {
        p->used = p->count;
        return NULL;
    }
    if (index >= p->used)
        p->used = index + 1;
    return p->arguments[index];
}

static void report(struct printf *p, const char *text, const char *why)
{
    if (!why)
        return;
    error_print(p->sh, "printf: %s: %s", text, why);
    p->status = 1;
}

static intmax_t take_integer(struct printf *p, size_t number, bool is_unsigned)
{
    const char *text = take(p, number), *why = NULL;
    intmax_t value = text ? printf_integer(text, is_unsigned, &why) : 0;
    report(p, text, why);
    return value;
}

/* ---- output ---- */

static void pad(struct printf *p, size_t len)
{
    static const char spaces[] = "                                ";
    for (size_t n; len; len -= n) {
        n = len < sizeof spaces - 1 ? len : sizeof spaces - 1;
        out_write(p->sh, spaces, n);
    }
}

static void put_padded(struct printf *p, const struct conversion *c, const char *text, size_t len)
{
    if (c->precision >= 0 && (size_t)c->precision < len)
        len = (size_t)c->precision;
    size_t blank = c->width > 0 && (size_t)c->width > len ? (size_t)c->width - len : 0;
    bool left = blank && strchr(c->flags, '-');
    if (blank && !left)
        pad(p, blank);
    out_write(p->sh, text, len);
    if (left)
        pad(p, blank);
}

/* %b: the argument with its escapes done. */
static void put_escaped(struct printf *p, struct conversion *c, const char *text)
{
    struct arena_mark mark = arena_mark(&p->sh->scratch);
    struct arena_string s;
    size_t len;
    char *done;
    arena_string_begin(&s, &p->sh->scratch);
    while (*text && !p->stopped) {
        char bytes[4];
        size_t plain = strcspn(text, "\\");
        arena_string_put(&s, text, plain);
        text += plain;
        if (!*text)
            break;
        text = escape_b(text, bytes, &len);
        if (text)
            arena_string_put(&s, bytes, len);
        else
            p->stopped = true;
        if (!text)
            break;
    }
    done = arena_string_finish(&s, &len);
    put_padded(p, c, done, len);
    arena_release(&p->sh->scratch, mark);
}

static void put_number(struct printf *p, int len, char *text)
{
    if (len < 0) {
        report(p, "field", "too wide");
        return;
    }
    out_write(p->sh, text, (size_t)len);
    free(text);
}

/* The same conversion for printf(3), with width and precision as arguments. */
static const char *c_format(const struct conversion *c, const char *modifier, char format[24])
{
    snprintf(format, 24, "%%%s*.*%s%c", c->flags, modifier, c->letter);
    return format;
}

static void put_integer(struct printf *p, const struct conversion *c, intmax_t value)
{
    char format[24], *text = NULL;
    if ((c->letter == 'd' || c->letter == 'i') && !c->flags[0] && !c->width && c->precision < 0) {
        char digits[ARITH_TEXT_SIZE];
        out_write(p->sh, digits, arith_format(digits, value));
        return;
    }
    int len = asprintf(&text, c_format(c, "j", format), c->width, c->precision, value);
    put_number(p, len, text);
}

static void put_float(struct printf *p, const struct conversion *c)
{
    const char *argument = take(p, c->number), *why = NULL;
    double value = argument ? printf_float(argument, &why) : 0;
    char format[24], *text = NULL;
    report(p, argument, why);
    int len = asprintf(&text, c_format(c, "", format), c->width, c->precision, value);
    put_number(p, len, text);
}

static void convert(struct printf *p, struct conversion *c)
{
    const char *text;
    switch (c->letter) {
    case 's':
        text = take(p, c->number);
        put_padded(p, c, text ? text : "", text ? strlen(text) : 0);
        break;
    case 'b':
        text = take(p, c->number);
        put_escaped(p, c, text ? text : "");
        break;
    case 'c':
        text = take(p, c->number);
        c->precision = -1;
        put_padded(p, c, text ? text : "", 1); /* of an empty one, as elsewhere, the NUL */
        break;
    case 'd':
    case 'i':
        put_integer(p, c, take_integer(p, c->number, false));
        break;
    case 'o':
    case 'u':
    case 'x':
    case 'X':
        put_integer(p, c, take_integer(p, c->number, true));
        break;
    default:
        put_float(p, c);
    }
}

/* ---- the format ---- */

static int take_size(struct printf *p)
{
    intmax_t value = take_integer(p, 0, false);
    return value > INT_MAX ? INT_MAX : value < -INT_MAX ? -INT_MAX : (int)value;
}

/* Digits or an asterisk. */
static const char *parse_size(struct printf *p, const char *at, int *size)
{
    intmax_t value = 0;
    if (*at == '*') {
        *size = take_size(p);
        return at + 1;
    }
    for (; *at >= '0' && *at <= '9'; at++)
        if (value < INT_MAX)
            value = value * 10 + (*at - '0');
    *size = value < INT_MAX ? (int)value : INT_MAX;
    return at;
}

/* n$ */
static const char *parse_number(const char *at, size_t *number)
{
    size_t digits = strspn(at, "0123456789");
    if (!digits || digits > 9 || at[digits] != '$')
        return at;
    *number = strtoul(at, NULL, 10);
    return at + digits + 1;
}

static const char *parse_flags(const char *at, char flags[8])
{
    size_t len = 0;
    for (; *at && strchr("-+ #0", *at); at++)
        if (!memchr(flags, *at, len))
            flags[len++] = *at;
    flags[len] = '\0';
    return at;
}

/* at stands behind a %. Returns what follows the conversion specification. */
static const char *conversion(struct printf *p, const char *at)
{
    const char *start = at;
    struct conversion c = {.precision = -1};
    at = parse_number(at, &c.number);
    at = parse_flags(at, c.flags);
    at = parse_size(p, at, &c.width);
    if (c.width < 0) {
        c.width = -c.width;
        if (!strchr(c.flags, '-'))
            strcat(c.flags, "-");
    }
    if (*at == '.')
        at = parse_size(p, at + 1, &c.precision);
    at += strspn(at, "hlLjzt"); /* as in C; all numbers are as wide as can be */
    c.letter = *at;
    if (c.width == INT_MAX || c.precision == INT_MAX) {
        error_print(p->sh, "printf: %.*s: too wide", (int)(at - start) + (*at != '\0'), start);
        p->status = 1;
        p->stopped = true;
        return at;
    }
    if (!c.letter || !strchr("sbcdiouxXaAeEfFgG", c.letter)) {
        error_print(p->sh, "printf: %%%.*s: invalid conversion", (int)(at - start) + (*at != '\0'), start);
        p->status = 1;
        p->stopped = true;
        return at;
    }
    convert(p, &c);
    return at + 1;
}

static void pass(struct printf *p, const char *format)
{
    while (!p->stopped) {
        char bytes[4];
        size_t plain = strcspn(format, "%\\"), len;
        out_write(p->sh, format, plain);
        format += plain;
        if (!*format)
            return;
        if (*format == '\\') {
            format = escape_format(format, bytes, &len);
            out_write(p->sh, bytes, len);
        } else if (format[1] == '%') {
            out_putc(p->sh, '%');
            format += 2;
        } else {
            format = conversion(p, format + 1);
        }
    }
}

int builtin_printf(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    if (builtin_option(sh, &options, argc, argv, "") != -1)
        return 2;
    if (options.index >= argc) {
        error_print(sh, "printf: usage: printf format [argument...]");
        return 2;
    }
    const char *format = argv[options.index];
    struct printf p = {.sh = sh, .arguments = argv + options.index + 1};
    p.count = (size_t)(argc - options.index - 1);
    do {
        p.arguments += p.used;
        p.count -= p.used;
        p.next = p.used = 0;
        pass(&p, format);
    } while (!p.stopped && p.used && p.used < p.count);
    return p.status;
}
