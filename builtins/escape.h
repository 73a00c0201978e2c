/*
 * escape.h - backslash escapes of echo and printf.
 */
#ifndef BUILTINS_ESCAPE_H
#define BUILTINS_ESCAPE_H

#include <stddef.h>

/*
 * text stands on a backslash. Puts what the escape means into bytes (*len of them) and returns what follows
 * it. An unknown escape means itself. escape_b: echo and %b, octal is \0ooo, and NULL for \c. escape_format:
 * octal is \ooo.
 */
const char *escape_b(const char *text, char bytes[4], size_t *len);
const char *escape_format(const char *text, char bytes[4], size_t *len);

#endif
