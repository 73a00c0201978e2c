/*
 * number.h - decimal operands of built-in utilities.
 */
#ifndef BUILTINS_NUMBER_H
#define BUILTINS_NUMBER_H

#include <stdbool.h>

/* A decimal number, all of text, not negative. false: it is none, or too large for *value. */
bool number_parse(const char *text, long *value);

#endif
