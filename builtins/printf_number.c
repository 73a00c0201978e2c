/* printf_number.c - numeric arguments (XCU printf, EXTENDED DESCRIPTION). */
#include "builtins/printf_number.h"
#include "shell/locale.h"
#include "shell/utf8.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* 'c and "c: the code of the character. */
static bool character(const char *text, intmax_t *value, const char **why)
{
    if (*text != '\'' && *text != '"')
        return false;
    *value = 0;
    if (text[1]) {
        uint32_t code;
        size_t len = utf8_decode(text + 1, text + strlen(text), locale_is_utf8(), &code);
        *value = code & ~UTF8_INVALID;
        if (text[1 + len])
            *why = "characters after the first are ignored";
    }
    return true;
}

static void check(const char *text, const char *end, const char **why)
{
    if (!*text)
        return; /* nothing is 0, as elsewhere */
    if (end == text)
        *why = "expected a number";
    else if (*end)
        *why = "not completely converted";
    else if (errno == ERANGE)
        *why = "out of range";
}

intmax_t printf_integer(const char *text, bool is_unsigned, const char **why)
{
    intmax_t value;
    char *end;
    if (character(text, &value, why))
        return value;
    errno = 0;
    value = is_unsigned ? (intmax_t)strtoumax(text, &end, 0) : strtoimax(text, &end, 0);
    check(text, end, why);
    return value;
}

double printf_float(const char *text, const char **why)
{
    intmax_t code;
    char *end;
    if (character(text, &code, why))
        return (double)code;
    errno = 0;
    double value = strtod(text, &end);
    check(text, end, why);
    return value;
}
