/*
 * pagetable.h - four-level page tables: the kernel's sealed half, and roots for programs.
 *
 * Nothing is mapped writable and executable at once, in either half (layout.h says what is where).
 */
#ifndef GUEST_PAGETABLE_H
#define GUEST_PAGETABLE_H

#include "boot.h"
#include "types.h"

#define PTE_P  0x1ul
#define PTE_W  0x2ul
#define PTE_U  0x4ul
#define PTE_CD 0x18ul /* device registers: not cached */
#define PTE_A  0x20ul
#define PTE_D  0x40ul
#define PTE_PS 0x80ul
#define PTE_BORROWED                                                                                         \
    0x200ul /* software: the page belongs to an image (image.h), not to the address space                    \
             */
#define PTE_NX   (1ul << 63)
#define PTE_ADDR 0x000ffffffffff000ul

/* Builds the final kernel tables and switches to them. */
void pagetable_init(const struct boot_info *info);

/* A root with the kernel's half and an empty program's half; NULL when out of memory. */
uint64_t *pagetable_new(void);
/* Frees a root, its tables and the pages mapped in the program's half (not the borrowed ones). */
void pagetable_free(uint64_t *root);
void pagetable_use(uint64_t *root); /* NULL: the kernel's own */

/* The entry that maps va as a 4 KiB page, or NULL: no table there (create: out of memory). */
uint64_t *pagetable_entry(uint64_t *root, uint64_t va, bool create);

/* One page of kernel data, never executable, at va. 0 or -ENOMEM. */
int kernel_map(uint64_t va, void *page);
void *kernel_unmap(uint64_t va); /* the page that was there */

#endif
