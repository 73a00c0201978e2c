/* random.c - ChaCha20 (RFC 8439) as a generator with fast key erasure. */
#include "random.h"

#include "cpu.h"
#include "lib.h"

static uint32_t key[8];
static uint64_t counter;

static uint32_t rotate(uint32_t x, int n)
{
    return x << n | x >> (32 - n);
}

static void quarter(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d)
{
    *a += *b, *d = rotate(*d ^ *a, 16);
    *c += *d, *b = rotate(*b ^ *c, 12);
    *a += *b, *d = rotate(*d ^ *a, 8);
    *c += *d, *b = rotate(*b ^ *c, 7);
}

static void block(uint32_t out[16])
{
    uint32_t in[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    memcpy(in + 4, key, sizeof key);
    memcpy(in + 12, &counter, sizeof counter);
    counter++;
    memcpy(out, in, sizeof in);
    for (int i = 0; i < 10; i++) {
        for (int k = 0; k < 4; k++)
            quarter(&out[k], &out[4 + k], &out[8 + k], &out[12 + k]);
        for (int k = 0; k < 4; k++)
            quarter(&out[k], &out[4 + (k + 1) % 4], &out[8 + (k + 2) % 4], &out[12 + (k + 3) % 4]);
    }
    for (int i = 0; i < 16; i++)
        out[i] += in[i];
}

void random_seed(const uint8_t seed[32])
{
    uint32_t words[8];
    memcpy(words, seed, sizeof words);
    for (int i = 0; i < 8; i++)
        key[i] ^= words[i];
    key[0] ^= (uint32_t)ticks_now();
}

void random_bytes(void *to, size_t n)
{
    uint32_t out[16];
    for (char *d = to; n;) {
        size_t part = MIN(n, sizeof out);
        block(out);
        memcpy(d, out, part);
        d += part;
        n -= part;
    }
    block(out);
    memcpy(key, out, sizeof key); /* what was given out cannot be computed again */
}

uint64_t random_pages(uint32_t bytes)
{
    uint32_t r;
    random_bytes(&r, sizeof r);
    return ALIGN_DOWN(r & (bytes - 1), PAGE_SIZE);
}
