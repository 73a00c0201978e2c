/*
 * printf_number.h - numeric arguments of printf: C constants, or a quote and a character whose code is meant.
 */
#ifndef BUILTINS_PRINTF_NUMBER_H
#define BUILTINS_PRINTF_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* The value of what could be converted; *why is set when that is not all of text, or not the number meant. */
intmax_t printf_integer(const char *text, bool is_unsigned, const char **why);
double printf_float(const char *text, const char **why);

#endif
