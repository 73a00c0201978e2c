/*
 * pattern_code.h - a pattern cut at its asterisks, for pattern.c, bracket.c and glob.c.
 *
 * Every element of a segment (a character, `?`, a bracket expression) matches exactly one character, so a
 * segment has a fixed number of characters, the leftmost (rightmost) place of each segment is the best one,
 * and no backtracking is needed.
 */
#ifndef SHELL_PATTERN_CODE_H
#define SHELL_PATTERN_CODE_H

#include "shell/pattern.h"
#include <stdint.h>

struct pattern_segment {
    const char *start, *end;
    size_t characters;
    bool literal; /* its bytes are compared as they are */
};

struct pattern_code {
    struct pattern_segment *segments, local[12];
    size_t count, cap; /* count is at least 1 */
    const char *end;   /* of the pattern: what is a bracket expression is decided by all of it */
    bool utf8;
};

void pattern_compile(struct pattern_code *code, const char *pattern, size_t len);
void pattern_code_free(struct pattern_code *code);
bool pattern_code_match(const struct pattern_code *code, const char *text, const char *end);
/* As pattern_trim(). */
long pattern_code_trim(const struct pattern_code *code, const char *text, size_t len, enum pattern_end side,
                       bool longest);

/* p stands on [: the place behind the closing ], or NULL: an ordinary character. */
const char *bracket_end(const char *p, const char *end);
/* Does the bracket expression start..end match the character? */
bool bracket_match(const char *start, const char *end, uint32_t code, bool utf8);

#endif
