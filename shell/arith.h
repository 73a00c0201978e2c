/*
 * arith.h - arithmetic (XCU 2.6.4, 1.1.2.1): signed 64-bit, wrapping on overflow; every C operator but sizeof, ++ and --
 * are supported as extensions; assignment operators; decimal, octal, hexadecimal constants.
 */
#ifndef SHELL_ARITH_H
#define SHELL_ARITH_H

#include "shell/arena.h"
#include <stdbool.h>
#include <stdint.h>

struct shell;
struct arith; /* a compiled expression */

/* Evaluates text. Reports "fleetsh: ...: arithmetic: why" and returns false on a bad expression or division by zero. */
bool arith_eval(struct shell *sh, const char *text, size_t len, intmax_t *result);

/* Compiles constant text once, in the tree's arena; NULL when it is not worth it or invalid (eval will say so). */
struct arith *arith_compile(const char *text, size_t len, struct arena *arena);
/* The same for a part's word: constant text, or literals and plain parameters ($x $1 $#) each standing as an operand of
 * its own. The parser calls this one: part->u.arith.code = arith_compile_word(word, arena). */
struct word;
struct arith *arith_compile_word(const struct word *word, struct arena *arena);
bool arith_run(struct shell *sh, const struct arith *code, intmax_t *result);

#endif
