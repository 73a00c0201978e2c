/* openflags.h - flags of open(2) where they leave the guest: x86-64's values (guest_abi.h, 9P2000.L). */
#ifndef GUEST_OPENFLAGS_H
#define GUEST_OPENFLAGS_H

#include <linux/fcntl.h>

#include "types.h"

#define WIRE_O_DIRECT    040000u
#define WIRE_O_LARGEFILE 0100000u
#define WIRE_O_DIRECTORY 0200000u
#define WIRE_O_NOFOLLOW  0400000u

/* Those of the program's, and all others, which have one value everywhere. */
static inline uint32_t open_flags_to_wire(uint32_t flags)
{
    return (flags & ~(uint32_t)(O_DIRECT | O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW)) |
           (flags & O_DIRECT ? WIRE_O_DIRECT : 0) | (flags & O_LARGEFILE ? WIRE_O_LARGEFILE : 0) |
           (flags & O_DIRECTORY ? WIRE_O_DIRECTORY : 0) | (flags & O_NOFOLLOW ? WIRE_O_NOFOLLOW : 0);
}

static inline uint32_t open_flags_from_wire(uint32_t flags)
{
    return (flags & ~(WIRE_O_DIRECT | WIRE_O_LARGEFILE | WIRE_O_DIRECTORY | WIRE_O_NOFOLLOW)) |
           (flags & WIRE_O_DIRECT ? O_DIRECT : 0) | (flags & WIRE_O_LARGEFILE ? O_LARGEFILE : 0) |
           (flags & WIRE_O_DIRECTORY ? O_DIRECTORY : 0) | (flags & WIRE_O_NOFOLLOW ? O_NOFOLLOW : 0);
}

#endif
