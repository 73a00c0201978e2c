/* pte.h - entries of aarch64's page tables (pagetable.h): Arm ARM D5.3, stage 1, 4 KiB granule. */
#ifndef GUEST_AARCH64_PTE_H
#define GUEST_AARCH64_PTE_H

#include "../cpu.h"

#define PTE_P        0x1ul
#define PTE_PAGE     0x2ul /* no block; of a table, too */
#define PTE_DEVICE   0x4ul /* MAIR's second kind */
#define PTE_EL0      0x40ul
#define PTE_RO       0x80ul
#define PTE_SHARED   0x300ul /* inner */
#define PTE_ACCESSED 0x400ul
#define PTE_NG       0x800ul /* not global */
#define PTE_PXN      (1ul << 53)
#define PTE_UXN      (1ul << 54)
#define PTE_BORROWED (1ul << 55)
#define PTE_ADDR     0x0000fffffffff000ul

#define PTE_MEMORY (PTE_P | PTE_PAGE | PTE_SHARED | PTE_ACCESSED)

/* Of a page: what the program may do to it. */
static inline uint64_t pte_user(bool write, bool execute)
{
    return PTE_MEMORY | PTE_EL0 | PTE_NG | PTE_PXN | (write ? 0 : PTE_RO) | (execute ? 0 : PTE_UXN);
}

/* Of a page of the kernel's, or of a large one. */
static inline uint64_t pte_kernel(bool write, bool execute)
{
    return PTE_MEMORY | PTE_UXN | (write ? 0 : PTE_RO) | (execute ? 0 : PTE_PXN);
}

static inline uint64_t pte_large(bool write)
{
    return pte_kernel(write, false) & ~PTE_PAGE;
}

static inline uint64_t pte_device(void)
{
    return pte_large(true) | PTE_DEVICE;
}

static inline uint64_t pte_table(bool user)
{
    return PTE_P | PTE_PAGE;
}

static inline bool pte_is_large(uint64_t entry)
{
    return !(entry & PTE_PAGE);
}

static inline bool pte_allows_writing(uint64_t entry)
{
    return !(entry & PTE_RO);
}

static inline uint64_t pte_read_only(uint64_t entry)
{
    return entry | PTE_RO;
}

/* The page stays, and may not be touched: the next access is a fault. */
static inline uint64_t pte_closed(uint64_t entry)
{
    return (entry & ~PTE_P) | PTE_RO | PTE_UXN;
}

/* The tables of the program's half are root's, those of the kernel's the kernel's. */
static inline void pagetable_load(uint64_t root, uint64_t kernel_root)
{
    __asm__ volatile(
        "dsb ishst; msr ttbr0_el1, %0; msr ttbr1_el1, %1; isb; tlbi vmalle1; dsb nsh; isb" ::"r"(root),
        "r"(kernel_root)
        : "memory");
}

#endif
