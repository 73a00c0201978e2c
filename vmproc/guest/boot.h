/* boot.h - what the loader told (Xen's PVH start info), copied out before its memory is used again. */
#ifndef GUEST_BOOT_H
#define GUEST_BOOT_H

#include "types.h"

#define BOOT_MAX_RANGES 16

struct boot_range {
    uint64_t start, end;
};

struct boot_info {
    struct boot_range ram[BOOT_MAX_RANGES];
    unsigned nram;
    uint64_t ram_bytes;
    uint64_t resident_start, resident_size; /* physical; size 0: no module */
};

/* Reads the start info at physical address pa. Returns false when it is not one. */
bool boot_read(uint64_t pa, struct boot_info *info);

#endif
