/*
 * usercopy.h - the program's memory, reached only through these. A pointer outside the program's half or to
 * nothing is -EFAULT, never a crash. Pages that are not there yet are brought in (vm.h), which may wait for
 * 9P; where that must not happen, vm_prefault() them first.
 */
#ifndef GUEST_USERCOPY_H
#define GUEST_USERCOPY_H

#include "layout.h"
#include "types.h"

/* usercopy.S */
int usercopy_raw(void *to, const void *from, size_t n);
int userzero_raw(void *to, size_t n);
long userstring_raw(char *to, const char *from, size_t max);

static inline bool user_range(uint64_t addr, size_t n)
{
    return addr <= USER_TOP && n <= USER_TOP - addr;
}

static inline void copy_words(void *to, const void *from, size_t n)
{
    usercopy_raw(to, from, n);
}

/* 0 or -EFAULT; then part of the bytes may have been copied. */
int copy_from_user(void *to, uint64_t from, size_t n);
int copy_to_user(uint64_t to, const void *from, size_t n);
int zero_user(uint64_t to, size_t n);

/* Length without the NUL, -EFAULT, or -ENAMETOOLONG when max bytes hold no NUL. */
long copy_string_from_user(char *to, uint64_t from, size_t max);

#define get_user(var, addr) copy_from_user(&(var), (addr), sizeof(var))
#define put_user(var, addr) copy_to_user((addr), &(var), sizeof(var))

#endif
