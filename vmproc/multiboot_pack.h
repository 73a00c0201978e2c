/*
 * multiboot_pack.h - what vmprocd gives our multiboot loader as its module: a kernel, and perhaps a module for
 * that. QEMU's own loader knows neither multiboot 2 nor 64-bit ELF files, and is not there on a microvm.
 *
 *   page 0    struct multiboot_pack
 *   page 1..  the kernel's file; the module, from the next page on
 */
#ifndef VMPROC_MULTIBOOT_PACK_H
#define VMPROC_MULTIBOOT_PACK_H

#include <stdint.h>

#define MULTIBOOT_PACK_MAGIC 0x4b50424du /* "MBPK" */
#define MULTIBOOT_PACK_PAGE  4096u

struct multiboot_pack {
    uint32_t magic;
    uint32_t kernel_at, kernel_len; /* bytes; at: from the pack's beginning */
    uint32_t module_at, module_len; /* len 0: none */
};

#endif
