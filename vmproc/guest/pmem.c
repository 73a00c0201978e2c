/* pmem.c - free list in front of bump ranges. */
#include "pmem.h"

#include "lib.h"
#include "log.h"

struct free_page {
    struct free_page *next;
};

static struct boot_range range[BOOT_MAX_RANGES * 2]; /* never used so far */
static unsigned nranges;
static struct free_page *free_list;
static uint64_t total, available;
static uint64_t hidden; /* of both: that the program may not have */

static void add_range(uint64_t start, uint64_t end)
{
    if (start >= end || nranges == ARRAY_LEN(range))
        return;
    range[nranges++] = (struct boot_range){start, end};
    total += (end - start) / PAGE_SIZE;
}

void pmem_init(const struct boot_info *info)
{
    uint64_t res = info->resident_start, res_end = ALIGN_UP(res + info->resident_size, PAGE_SIZE);
    for (unsigned i = 0; i < info->nram; i++) {
        uint64_t start = MAX(info->ram[i].start, info->free_from), end = info->ram[i].end;
        if (start >= end)
            continue;
        if (res_end <= start || res >= end || res == res_end) {
            add_range(start, end);
        } else {
            add_range(start, res);
            add_range(res_end, end);
        }
    }
    available = total;
}

void *page_alloc_dirty(void)
{
    if (free_list) {
        struct free_page *page = free_list;
        free_list = page->next;
        available--;
        return page;
    }
    for (unsigned i = 0; i < nranges; i++) {
        if (range[i].start == range[i].end)
            continue;
        void *page = pa_to_va(range[i].start);
        range[i].start += PAGE_SIZE;
        available--;
        return page;
    }
    return NULL;
}

void *page_alloc(void)
{
    void *page = page_alloc_dirty();
    if (page)
        memset(page, 0, PAGE_SIZE);
    return page;
}

void *page_alloc_user(void)
{
    return pmem_free_pages() > PMEM_RESERVE ? page_alloc() : NULL;
}

void page_free(void *p)
{
    struct free_page *page = p;
    page->next = free_list;
    free_list = page;
    available++;
}

void *pages_contiguous(size_t n)
{
    for (unsigned i = 0; i < nranges; i++) {
        if (range[i].end - range[i].start < n * PAGE_SIZE)
            continue;
        /* Memory of a fresh machine is zero, but for what the firmware left: the loader's part is below. */
        void *p = pa_to_va(range[i].start);
        range[i].start += n * PAGE_SIZE;
        available -= n;
        return p;
    }
    panic("no %lu contiguous pages", n);
}

void pmem_limit(uint64_t bytes)
{
    hidden = bytes && bytes / PAGE_SIZE < total ? total - bytes / PAGE_SIZE : 0;
}

uint64_t pmem_total_pages(void)
{
    return total - hidden;
}

uint64_t pmem_free_pages(void)
{
    return available - MIN(available, hidden);
}
