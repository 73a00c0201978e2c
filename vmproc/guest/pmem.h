/*
 * pmem.h - pages of physical memory, named by their address in the direct map.
 *
 * Pages that were never used are handed out by bumping a pointer, so that an idle guest touches little of its
 * memory; freed pages are kept in a list. The program may not take the last PMEM_RESERVE pages: the kernel
 * goes on when the program has used up everything.
 */
#ifndef GUEST_PMEM_H
#define GUEST_PMEM_H

#include "boot.h"
#include "layout.h"

#define PMEM_RESERVE 512ul

static inline void *pa_to_va(uint64_t pa)
{
    return (void *)(DIRECT_BASE + pa);
}

static inline uint64_t va_to_pa(const void *va)
{
    return (uint64_t)va - DIRECT_BASE;
}

void pmem_init(const struct boot_info *info);

void *page_alloc(void);       /* zeroed; NULL when there is none */
void *page_alloc_dirty(void); /* with old contents: only for what is overwritten whole */
void *page_alloc_user(void);  /* zeroed, keeps the reserve */
void page_free(void *page);

/* Physically contiguous, zeroed, for ever: device rings and buffers. Panics when there is none. */
void *pages_contiguous(size_t n);

/* Before the program: it shall find no more than that. 0: as much as there is. */
void pmem_limit(uint64_t bytes);
uint64_t pmem_total_pages(void);
uint64_t pmem_free_pages(void);

#endif
