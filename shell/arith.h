/*
 * arith.h - arithmetic (XCU 2.6.4, 1.1.2.1): signed 64-bit, wrapping on overflow; every C operator but
 * sizeof;
 * ++, -- and the comma are extensions; decimal, octal and hexadecimal constants.
 *
 * A variable counts for its value when that is an integer constant, with blanks around it and a sign if need
 * be; unset or empty for 0. A value that is itself an expression is an error, as in dash and yash.
 */
#ifndef SHELL_ARITH_H
#define SHELL_ARITH_H

#include "shell/arena.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct shell;
struct word;
struct arith; /* a compiled expression (arith_code.h) */

/* Evaluates text. Reports "fleetsh: ...: arithmetic: why" and returns false on a bad expression or division
 * by zero. */
bool arith_eval(struct shell *sh, const char *text, size_t len, intmax_t *result);

/*
 * Compiles, once, in the tree's arena, the word of a PART_ARITH: constant text, or literals and plain
 * parameters
 * ($x $1 $#) each standing as an operand of its own. NULL when it is not worth it or invalid (eval will say
 * so). expand_arith() runs it.
 */
struct arith *arith_compile_word(const struct word *word, struct arena *arena);
/* The same for constant text. */
struct arith *arith_compile(const char *text, size_t len, struct arena *arena);

/* A value that stands for itself wherever it is put: decimal, no leading zero, a minus sign at most. */
bool arith_plain_number(const char *text, size_t len, intmax_t *value);

#define ARITH_TEXT_SIZE 24
size_t arith_format(char buffer[ARITH_TEXT_SIZE], intmax_t value); /* returns the length */

#endif
