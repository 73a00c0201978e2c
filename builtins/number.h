/*
 * number.h - decimal operands of built-in utilities.
 */
#ifndef BUILTINS_NUMBER_H
#define BUILTINS_NUMBER_H

#include <stdbool.h>

/* What a utility without options finds behind its name, a first `--` skipped (XBD 12.2); NULL: nothing. */
const char *number_operand(int argc, char **argv);
/* A decimal number, all of text, not negative. false: it is none, or too large for *value. */
bool number_parse(const char *text, long *value);

#endif
