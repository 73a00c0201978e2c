/* pagetable.c - building, walking and freeing page tables. */
#include "pagetable.h"

#include <linux/errno.h>

#include "cpu.h"
#include "lib.h"
#include "log.h"
#include "pmem.h"
#include "vmproc/bounce_abi.h"
#include "vmproc/ring_abi.h"

#define LARGE_PAGE (2ul << 20)
#define ROOT_HALF  256 /* first root entry of the kernel's half */

extern char kernel_data[], kernel_data_end[], kernel_head[], kernel_text[], kernel_rodata[], kernel_end[];

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
            *entry = va_to_pa(next) | pte_table(va < USER_TOP);
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
        *must_walk(DIRECT_BASE + pa, 1) = pa | flags;
}

/* Takes the write permission for a physical range from the direct map, in 4 KiB pages. */
static void seal(uint64_t start, uint64_t end)
{
    for (uint64_t pa = start; pa < end; pa += PAGE_SIZE) {
        uint64_t *large = must_walk(DIRECT_BASE + pa, 1);
        if (pte_is_large(*large)) {
            uint64_t *table = page_alloc();
            if (!table)
                panic("no memory for page tables");
            for (unsigned i = 0; i < 512; i++)
                table[i] = (ALIGN_DOWN(pa, LARGE_PAGE) + i * PAGE_SIZE) | pte_kernel(true, false);
            *large = va_to_pa(table) | pte_table(false);
        }
        uint64_t *entry = &table_of(*large)[index_at(pa, 0)];
        *entry = pte_read_only(*entry);
        tlb_drop(DIRECT_BASE + pa);
    }
}

static void map_kernel(const char *start, const char *end, uint64_t pa, uint64_t flags)
{
    for (uint64_t va = (uint64_t)start; va < (uint64_t)end; va += PAGE_SIZE, pa += PAGE_SIZE)
        *must_walk(va, 0) = pa | flags;
}

/* What the loader has put into RAM becomes read-only; a ROM is. */
static void seal_loaded(const struct boot_info *info)
{
    uint64_t resident = info->resident_start, end = ALIGN_UP(resident + info->resident_size, PAGE_SIZE);
    seal(info->text, info->text + (uint64_t)(kernel_end - kernel_head));
    memset(pa_to_va(resident + info->resident_size), 0, end - resident - info->resident_size);
    seal(resident, end);
}

void pagetable_init(const struct boot_info *info)
{
    kernel_root = page_alloc();
    for (unsigned i = 0; i < info->nram; i++)
        map_direct(info->ram[i].start, info->ram[i].end, pte_large(true));
    map_direct(info->rom.start, info->rom.end, pte_large(false));
    if (info->bounce) /* large pages: what is not there behind it is mapped as well */
        map_direct(info->rom.end, info->rom.end + BOUNCE_BYTES + 2 * RING_FILE_BYTES, pte_large(true));
    map_direct(MMIO_START, MMIO_END, pte_device());
    map_kernel(kernel_data, kernel_data_end, (uint64_t)kernel_data - KERNEL_BASE + KERNEL_PHYS,
               pte_kernel(true, false));
    map_kernel(kernel_head, kernel_text, info->text, pte_kernel(false, false));
    map_kernel(kernel_text, kernel_rodata, info->text + (uint64_t)(kernel_text - kernel_head),
               pte_kernel(false, true));
    map_kernel(kernel_rodata, kernel_end, info->text + (uint64_t)(kernel_rodata - kernel_head),
               pte_kernel(false, false));
    must_walk(KV_BASE, 1); /* every root shares the kernel's second-level tables, so they must exist now */
    pagetable_use(NULL);
    if (info->rom.start == info->rom.end)
        seal_loaded(info); /* which may lie above what the first tables map */
}

void pagetable_use(uint64_t *root)
{
    pagetable_load(va_to_pa(root ? root : kernel_root), va_to_pa(kernel_root));
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
        if (!e)
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

int kernel_map(uint64_t va, void *page)
{
    uint64_t *entry = walk(kernel_root, va, 0, true);
    if (!entry)
        return -ENOMEM;
    *entry = va_to_pa(page) | pte_kernel(true, false);
    barrier();
    return 0;
}

void *kernel_unmap(uint64_t va)
{
    uint64_t *entry = walk(kernel_root, va, 0, false);
    void *page = table_of(*entry);
    *entry = 0;
    tlb_drop(va);
    return page;
}
