/* boot.h - what this machine consists of, as its loader or its ROM tells. */
#ifndef GUEST_BOOT_H
#define GUEST_BOOT_H

#include "types.h"

#define BOOT_MAX_RANGES 16
#define BOOT_CMDLINE    4096

struct boot_range {
    uint64_t start, end; /* physical; whole pages */
};

struct boot_info {
    struct boot_range ram[BOOT_MAX_RANGES];
    unsigned nram;
    uint64_t ram_bytes;
    struct boot_range rom;                  /* empty: the loader has put everything into RAM */
    uint64_t text;                          /* physical address of what is linked at KERNEL_TEXT */
    uint64_t free_from;                     /* below it lies the kernel */
    uint64_t resident_start, resident_size; /* physical; size 0: no resident program */
    uint64_t bounce;                        /* physical (bounce_abi.h); 0: none */
    uint64_t ring_prev, ring_next;          /* physical (ring_abi.h); 0: none */
    char cmdline[BOOT_CMDLINE];             /* for a program that was linked with us (alone.h) */
};

/*
 * ARCH/boot.c: reads what the loader has left at that physical address; or, with a memory_end, the head of the ROM there
 * (vmproc/rom_abi.h). Returns false when it is not what it should be.
 */
bool boot_read(uint64_t where, uint64_t memory_end, struct boot_info *info);

#endif
