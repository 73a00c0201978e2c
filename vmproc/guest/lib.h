/* lib.h - the C library's part that the kernel needs. */
#ifndef GUEST_LIB_H
#define GUEST_LIB_H

#include <stdarg.h>

#include "types.h"

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);

static inline bool has_prefix(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* %d %u %x %lx %ld %lu %s %c %.*s %% and a width with 0; returns the length that was stored (< size). */
int format(char *buf, size_t size, const char *fmt, ...) PRINTF(3, 4);
int vformat(char *buf, size_t size, const char *fmt, va_list ap);

/* Decimal digits only, no sign: the value, or -1. *end is the first character not used. */
long parse_number(const char *s, const char **end);

#endif
