/*
 * loader.h - our multiboot loader: a PVH kernel whose module is a pack (multiboot_pack.h).
 *
 *   start.S     out of the kernel's way
 *   main.c      finds the pack; which header the kernel has
 *   elf.c       puts its segments where they belong (or what a header's addresses say)
 *   info1.c     what a multiboot 1 kernel is told; info2.c: a multiboot 2 kernel
 *
 * There is no memory allocation: information is written to one arena, which lies with the loader below the
 * pack. The code runs at another address than it is linked at: no data may hold an address.
 */
#ifndef LOADER_LOADER_H
#define LOADER_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct range {
    uint64_t addr, size;
    uint32_t type, reserved; /* as ACPI's E820: 1 is memory */
};

/* Xen's hvm_start_info, version 1. */
struct start_info {
    uint32_t magic, version, flags, nr_modules;
    uint64_t modlist, cmdline, rsdp, memmap;
    uint32_t memmap_entries, reserved;
};

struct loader {
    const struct start_info *start;
    const struct range *ranges;
    const uint8_t *kernel, *module;
    uint32_t kernel_len, module_len;
    uint32_t low, high; /* where the kernel may go: above the firmware's, below this loader */
    uint8_t *arena, *arena_end;
};

/* Writes why on the first serial port and tells the host of a panic. */
_Noreturn void loader_fail(const char *why);

/* Room in the arena, at a multiple of 8, all zero. */
void *loader_alloc(struct loader *l, uint32_t len);

uint32_t loader_strlen(const char *text);
void *memcpy(void *to, const void *from, size_t n);
void *memset(void *to, int value, size_t n);

/* ---- elf.c ---- */

/* Copies n bytes of the kernel's file at offset to address, and zeros after them up to total. */
void loader_load(struct loader *l, uint32_t address, uint32_t offset, uint32_t n, uint32_t total);
/* Loads an ELF file's segments; returns its entry point's physical address. */
uint32_t loader_load_elf(struct loader *l);

/* ---- info1.c, info2.c: load the kernel by the header at that offset, and enter it ---- */
_Noreturn void loader_multiboot1(struct loader *l, uint32_t header);
_Noreturn void loader_multiboot2(struct loader *l, uint32_t header);

/* start.S */
_Noreturn void loader_enter(uint32_t entry, uint32_t magic, const void *information);

#endif
