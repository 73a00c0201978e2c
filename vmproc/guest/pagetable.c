/* pagetable.c - building, walking and freeing page tables. */
#include "pagetable.h"

#include <linux/errno.h>

#include "cpu.h"
#include "lib.h"
#include "log.h"
#include "pmem.h"

#define LARGE_PAGE (2ul << 20)
#define ROOT_HALF  256 /* first root entry of the kernel's half */

extern char kernel_start[], kernel_rodata[], kernel_data[], kernel_end[];

static uint64_t *kernel_root;

static unsigned index_at(uint64_t va, int level)
{
    return va >> (PAGE_SHIFT + 9 * level) & 511;
}

static uint64_t *table_of(uint64_t entry)
{
    return pa_to_va(entry & PTE_ADDR);
}

/* The entry for va in the table of the given level (0: 4 KiB pages, 1: 2 MiB). */
static uint64_t *walk(uint64_t *root, uint64_t va, int level, bool create)
{
    uint64_t *table = root;
    for (int l = 3; l > level; l--) {
        uint64_t *entry = &table[index_at(va, l)];
        if (!(*entry & PTE_P)) {
            uint64_t *next = create ? page_alloc() : NULL;
            if (!next)
                return NULL;
            *entry = va_to_pa(next) | PTE_P | PTE_W | (va < USER_TOP ? PTE_U : 0);
        }
        table = table_of(*entry);
    }
    return &table[index_at(va, level)];
}

static uint64_t *must_walk(uint64_t va, int level)
{
    uint64_t *entry = walk(kernel_root, va, level, true);
    if (!entry)
        panic("no memory for page tables");
    return entry;
}

static void map_direct(uint64_t start, uint64_t end, uint64_t flags)
{
    for (uint64_t pa = ALIGN_DOWN(start, LARGE_PAGE); pa < end; pa += LARGE_PAGE)
        *must_walk(DIRECT_BASE + pa, 1) = pa | flags | PTE_P | PTE_W | PTE_PS | PTE_NX;
}

/* In 4 KiB pages. */
void pagetable_seal(uint64_t start, uint64_t end)
{
    for (uint64_t pa = start; pa < end; pa += PAGE_SIZE) {
        uint64_t *large = must_walk(DIRECT_BASE + pa, 1);
        if (*large & PTE_PS) {
            uint64_t *table = page_alloc();
            if (!table)
                panic("no memory for page tables");
            for (unsigned i = 0; i < 512; i++)
                table[i] = (ALIGN_DOWN(pa, LARGE_PAGE) + i * PAGE_SIZE) | PTE_P | PTE_W | PTE_NX;
            *large = va_to_pa(table) | PTE_P | PTE_W;
        }
        table_of(*large)[index_at(pa, 0)] &= ~PTE_W;
        invlpg(DIRECT_BASE + pa);
    }
}

static void map_kernel(void)
{
    for (uint64_t va = (uint64_t)kernel_start; va < (uint64_t)kernel_end; va += PAGE_SIZE) {
        uint64_t flags = va < (uint64_t)kernel_rodata ? 0
                         : va < (uint64_t)kernel_data ? PTE_NX
                                                      : PTE_NX | PTE_W;
        *must_walk(va, 0) = (va - KERNEL_BASE) | PTE_P | flags;
    }
}

void pagetable_init(const struct boot_info *info)
{
    kernel_root = page_alloc();
    for (unsigned i = 0; i < info->nram; i++)
        map_direct(info->ram[i].start, info->ram[i].end, 0);
    map_direct(MMIO_START, MMIO_END, PTE_CD);
    pagetable_seal((uint64_t)kernel_start - KERNEL_BASE, (uint64_t)kernel_data - KERNEL_BASE);
    map_kernel();
    must_walk(KV_BASE, 1); /* every root shares the kernel's second-level tables, so they must exist now */
    pagetable_use(NULL);
}

void pagetable_use(uint64_t *root)
{
    write_cr3(va_to_pa(root ? root : kernel_root));
}

uint64_t *pagetable_new(void)
{
    uint64_t *root = page_alloc();
    if (root)
        memcpy(root + ROOT_HALF, kernel_root + ROOT_HALF, PAGE_SIZE / 2);
    return root;
}

static void free_level(uint64_t *table, int level, unsigned entries)
{
    for (unsigned i = 0; i < entries; i++) {
        uint64_t e = table[i];
        if (!(e & PTE_P))
            continue;
        if (level > 0)
            free_level(table_of(e), level - 1, 512);
        else if (!(e & PTE_BORROWED))
            page_free(table_of(e));
    }
    page_free(table);
}

void pagetable_free(uint64_t *root)
{
    free_level(root, 3, ROOT_HALF);
}

uint64_t *pagetable_entry(uint64_t *root, uint64_t va, bool create)
{
    return walk(root, va, 0, create);
}

int kernel_map_device(uint64_t va, uint64_t pa, bool registers)
{
    uint64_t *entry = walk(kernel_root, va, 0, true);
    if (!entry)
        return -ENOMEM;
    *entry = pa | PTE_P | PTE_W | PTE_NX | (registers ? PTE_CD : 0);
    return 0;
}

int kernel_map(uint64_t va, void *page)
{
    return kernel_map_device(va, va_to_pa(page), false);
}

void *kernel_unmap(uint64_t va)
{
    uint64_t *entry = walk(kernel_root, va, 0, false);
    void *page = table_of(*entry);
    *entry = 0;
    invlpg(va);
    return page;
}
