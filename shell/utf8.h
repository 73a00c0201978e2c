/*
 * utf8.h - characters in strings. Bytes that form no character are characters of their own, with codes that
 * no character has.
 */
#ifndef SHELL_UTF8_H
#define SHELL_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_INVALID 0x80000000u /* | the byte */

/* The character at p < end, longer than one byte or invalid. Returns its length. */
size_t utf8_decode_slow(const char *p, const char *end, uint32_t *code);

/* The character at p < end in a locale that is UTF-8, or not. */
static inline size_t utf8_decode(const char *p, const char *end, bool utf8, uint32_t *code)
{
    unsigned char c = (unsigned char)*p;
    if (c < 0x80 || !utf8) {
        *code = c;
        return 1;
    }
    return utf8_decode_slow(p, end, code);
}

/* Length of the character that ends before p > start. */
size_t utf8_before(const char *start, const char *p, bool utf8);

size_t utf8_encode(uint32_t code, char out[4]); /* returns the length */

/* Number of characters in the current locale. */
size_t utf8_count(const char *text, size_t len);

#endif
