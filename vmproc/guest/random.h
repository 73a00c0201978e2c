/* random.h - ChaCha20 seeded by the host's entropy (EXEC) and the time-stamp counter; keys are used once. */
#ifndef GUEST_RANDOM_H
#define GUEST_RANDOM_H

#include "types.h"

void random_seed(const uint8_t seed[32]);
void random_bytes(void *to, size_t n);
uint64_t random_pages(uint32_t bytes); /* a multiple of PAGE_SIZE below bytes, a power of two */

#endif
