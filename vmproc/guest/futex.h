/*
 * futex.h - waiting for a word of a program's memory, futex(2). A word is known by its address space and
 * address, in a shared mapping by its image and offset: whoever maps that waits for the same.
 */
#ifndef GUEST_FUTEX_H
#define GUEST_FUTEX_H

#include "types.h"

struct mm;

/* addr is of mm. Wakes up to n that wait there for one of the bits; their number. */
uint32_t futex_wake(struct mm *mm, uint64_t addr, uint32_t n, uint32_t bits);

/*
 * current waits there if the word is value. 0 when woken; -EAGAIN: it is not; -EFAULT; -EINTR; -ETIMEDOUT.
 * Nothing happens between the look at the word and the wait: the kernel is not preempted.
 */
int futex_wait(uint64_t addr, uint32_t value, uint64_t deadline, uint32_t bits);

/* Wakes up to n, and lets up to m others wait at another address instead; the number of both. */
uint32_t futex_requeue(struct mm *mm, uint64_t addr, uint32_t n, uint32_t m, uint64_t to);

#endif
