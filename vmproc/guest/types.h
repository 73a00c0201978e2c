/* types.h - the few types and macros every file of the guest uses. */
#ifndef GUEST_TYPES_H
#define GUEST_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SIZE  4096ul
#define PAGE_SHIFT 12

#define ARRAY_LEN(a)              (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b)                 ((a) < (b) ? (a) : (b))
#define MAX(a, b)                 ((a) > (b) ? (a) : (b))
#define ALIGN_DOWN(x, a)          ((x) & ~((a)-1))
#define ALIGN_UP(x, a)            (((x) + (a)-1) & ~((a)-1))
#define CONTAINER(p, type, field) ((type *)((char *)(p)-offsetof(type, field)))

#define NOINLINE     __attribute__((noinline))
#define NORETURN     __attribute__((noreturn))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

#endif
