/* escape.c - backslash escapes (XBD table 5-1; XCU echo, printf). */
#include "builtins/escape.h"
#include <string.h>

static const char letters[] = "abefnrtv\\", meanings[] = "\a\b\033\f\n\r\t\v\\";

/* Up to three octal digits. */
static const char *octal(const char *digits, char bytes[4], size_t *len)
{
    unsigned value = 0;
    const char *p = digits;
    for (; p < digits + 3 && *p >= '0' && *p <= '7'; p++)
        value = value * 8 + (unsigned)(*p - '0');
    bytes[0] = (char)value;
    *len = 1;
    return p;
}

static const char *letter(const char *text, char bytes[4], size_t *len)
{
    const char *known = text[1] ? strchr(letters, text[1]) : NULL;
    bytes[0] = known ? meanings[known - letters] : '\\';
    *len = 1;
    return known ? text + 2 : text + 1;
}

const char *escape_b(const char *text, char bytes[4], size_t *len)
{
    if (text[1] == 'c')
        return NULL;
    if (text[1] == '0')
        return octal(text + 2, bytes, len);
    return escape_format(text, bytes, len);
}

const char *escape_format(const char *text, char bytes[4], size_t *len)
{
    if (text[1] >= '0' && text[1] <= '7')
        return octal(text + 1, bytes, len);
    return letter(text, bytes, len);
}
