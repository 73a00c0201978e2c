/*
 * pattern.h - pattern matching notation (XCU 2.14) and pathname expansion (2.14.3).
 *
 * A pattern is a string in which a backslash makes the next character literal. Matching is by characters of
 * the current locale (UTF-8); bytes that are no character match themselves and `?`. No recursion on `*`:
 * linear space, at worst quadratic time.
 */
#ifndef SHELL_PATTERN_H
#define SHELL_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

struct shell;
struct fields;

bool pattern_match(const char *pattern, const char *text);

/* Length of the shortest/longest prefix (suffix) of text that matches, or -1. */
enum pattern_end { PATTERN_PREFIX, PATTERN_SUFFIX };
long pattern_trim(const char *pattern, const char *text, size_t len, enum pattern_end end, bool longest);

bool pattern_has_special(const char *pattern); /* any unescaped * ? or [ ... ] */
char *pattern_unescape(char *pattern);         /* quote removal, in place */

/* Pathname expansion: appends the sorted matches; returns the number, 0: none (the caller keeps the word). */
size_t pattern_glob(struct shell *sh, const char *pattern, struct fields *out);

#endif
