/* pte.h - entries of x86-64's page tables (pagetable.h). */
#ifndef GUEST_X86_64_PTE_H
#define GUEST_X86_64_PTE_H

#include "../cpu.h"

#define PTE_P        0x1ul
#define PTE_W        0x2ul
#define PTE_U        0x4ul
#define PTE_CD       0x18ul /* device registers: not cached */
#define PTE_PS       0x80ul
#define PTE_BORROWED 0x200ul
#define PTE_NX       (1ul << 63)
#define PTE_ADDR     0x000ffffffffff000ul

/* Of a page: what the program may do to it. */
static inline uint64_t pte_user(bool write, bool execute)
{
    return PTE_P | PTE_U | (write ? PTE_W : 0) | (execute ? 0 : PTE_NX);
}

/* Of a page of the kernel's, or of a large one. */
static inline uint64_t pte_kernel(bool write, bool execute)
{
    return PTE_P | (write ? PTE_W : 0) | (execute ? 0 : PTE_NX);
}

static inline uint64_t pte_large(bool write)
{
    return pte_kernel(write, false) | PTE_PS;
}

static inline uint64_t pte_device(void)
{
    return pte_large(true) | PTE_CD;
}

static inline uint64_t pte_table(bool user)
{
    return PTE_P | PTE_W | (user ? PTE_U : 0);
}

static inline bool pte_is_large(uint64_t entry)
{
    return entry & PTE_PS;
}

static inline bool pte_allows_writing(uint64_t entry)
{
    return entry & PTE_W;
}

static inline uint64_t pte_read_only(uint64_t entry)
{
    return entry & ~PTE_W;
}

/* The page stays, and may not be touched: the next access is a fault. */
static inline uint64_t pte_closed(uint64_t entry)
{
    return (entry & ~(PTE_P | PTE_W)) | PTE_NX;
}

/* The tables of the program's half are root's; those of the kernel's are in every root. */
static inline void pagetable_load(uint64_t root, uint64_t kernel_root)
{
    write_cr3(root);
}

#endif
