/* bounce.c - which parts of the bounce buffer are in use. */
#include "bounce.h"

#include "boot.h"
#include "lib.h"
#include "pmem.h"

#define PART  (32u << 10)
#define PARTS (BOUNCE_BYTES / PART)

static char *memory;  /* NULL: there is none */
static uint32_t used; /* bit n: the n-th part */

_Static_assert(PARTS < 32, "a bit for each part");

void bounce_init(const struct boot_info *boot)
{
    memory = boot->bounce ? pa_to_va(boot->bounce) : NULL;
}

static uint32_t bits(uint32_t n)
{
    return (1u << (n + PART - 1) / PART) - 1;
}

bool bounce_take(uint32_t n, uint32_t *at)
{
    uint32_t want = bits(n);
    if (!memory || !n || n > BOUNCE_MOST)
        return false;
    for (uint32_t i = 0; want << i < 1u << PARTS; i++)
        if (!(used & want << i)) {
            used |= want << i;
            *at = i * PART;
            return true;
        }
    return false;
}

void bounce_give_back(uint32_t at, uint32_t n)
{
    used &= ~(bits(n) << at / PART);
}

char *bounce_bytes(uint32_t at)
{
    return memory + at;
}
