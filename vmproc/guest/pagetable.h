/*
 * pagetable.h - four-level page tables: the kernel's sealed half, and roots for programs.
 *
 * Nothing of the kernel's is mapped writable and executable at once, of a program's only what it has asked for
 * (layout.h says what is where).
 */
#ifndef GUEST_PAGETABLE_H
#define GUEST_PAGETABLE_H

#include "boot.h"
#include "cpu.h"

/*
 * An entry: PTE_P, present; PTE_ADDR, the physical address; PTE_BORROWED, software's: the page belongs to an
 * image (image.h), not to the address space. The rest by the functions of ARCH/pte.h. 0: nothing is there.
 */
#if defined __x86_64__
#include "x86_64/pte.h"
#elif defined __aarch64__
#include "aarch64/pte.h"
#endif

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
