/* vm.c - the list of mappings. Filling them is in fault.c. */
#include "vm.h"

#include <linux/errno.h>

#include "cpu.h"
#include "image.h"
#include "kmem.h"
#include "layout.h"
#include "lib.h"
#include "pagetable.h"
#include "pmem.h"

#define MAX_VMAS 65530u /* as Linux's max_map_count */

static unsigned nvmas;

struct mm *mm_new(void)
{
    struct mm *mm = kmalloc(sizeof *mm);
    if (!mm)
        return NULL;
    mm->root = pagetable_new();
    if (!mm->root) {
        kfree(mm);
        return NULL;
    }
    mm->refs = 1;
    return mm;
}

struct mm *mm_ref(struct mm *mm)
{
    mm->refs++;
    return mm;
}

static void free_vma(struct vma *v)
{
    image_unref(v->image);
    kfree(v);
    nvmas--;
}

void mm_free(struct mm *mm)
{
    if (!mm || --mm->refs)
        return;
    pagetable_free(mm->root); /* before the images: borrowed pages are theirs */
    while (mm->first) {
        struct vma *v = mm->first;
        mm->first = v->next;
        free_vma(v);
    }
    kfree(mm);
}

struct vma *vm_find(struct mm *mm, uint64_t addr)
{
    struct vma *v = mm->hint && mm->hint->start <= addr ? mm->hint : mm->first;
    while (v && v->end <= addr)
        v = v->next;
    if (!v || v->start > addr)
        return NULL;
    return mm->hint = v;
}

bool vm_range_ok(uint64_t start, uint64_t len)
{
    return len && start % PAGE_SIZE == 0 && len % PAGE_SIZE == 0 && start >= USER_BASE && start < USER_TOP &&
           len <= USER_TOP - start;
}

bool vm_is_free(struct mm *mm, uint64_t start, uint64_t len)
{
    for (struct vma *v = mm->first; v && v->start < start + len; v = v->next)
        if (v->end > start)
            return false;
    return true;
}

/* The highest gap below mmap_top. */
uint64_t vm_find_gap(struct mm *mm, uint64_t len)
{
    uint64_t best = 0, low = USER_BASE;
    for (struct vma *v = mm->first;; v = v->next) {
        uint64_t high = v ? MIN(v->start, mm->mmap_top) : mm->mmap_top;
        if (high > low && high - low >= len)
            best = high - len;
        if (!v || v->start >= mm->mmap_top)
            return best;
        low = MAX(low, v->end);
    }
}

static bool can_join(const struct vma *a, const struct vma *b)
{
    return a->end == b->start && a->prot == b->prot && a->sharing == b->sharing && !a->image && !b->image;
}

int vm_map(struct mm *mm, uint64_t start, uint64_t len, uint32_t prot, struct image *image,
           uint64_t image_offset, uint64_t image_len)
{
    struct vma *v = nvmas < MAX_VMAS ? kmalloc(sizeof *v) : NULL;
    if (!v)
        return -ENOMEM;
    nvmas++;
    *v = (struct vma){.start = start,
                      .end = start + len,
                      .prot = prot & (VM_READ | VM_WRITE | VM_EXEC),
                      .sharing = prot & (VM_SHARED | VM_SEALED),
                      .image = image ? image_ref(image) : NULL,
                      .image_offset = image_offset,
                      .image_len = image_len};
    struct vma **at = &mm->first, *before = NULL;
    while (*at && (*at)->start < start) {
        before = *at;
        at = &(*at)->next;
    }
    v->next = *at;
    *at = v;
    mm->total_pages += len / PAGE_SIZE;
    if (v->next && can_join(v, v->next)) {
        struct vma *gone = v->next;
        v->end = gone->end;
        v->next = gone->next;
        free_vma(gone);
    }
    if (before && can_join(before, v)) {
        before->end = v->end;
        before->next = v->next;
        free_vma(v);
    }
    mm->hint = NULL;
    return 0;
}

/* Makes addr a border between mappings. */
static int split(struct mm *mm, uint64_t addr)
{
    struct vma *v = vm_find(mm, addr);
    if (!v || v->start == addr)
        return 0;
    struct vma *right = nvmas < MAX_VMAS ? kmalloc(sizeof *right) : NULL;
    if (!right)
        return -ENOMEM;
    nvmas++;
    uint64_t left_len = addr - v->start;
    *right = *v;
    right->start = addr;
    right->image_offset += left_len;
    right->image_len = v->image_len > left_len ? v->image_len - left_len : 0;
    if (right->image)
        image_ref(right->image);
    v->end = addr;
    v->image_len = MIN(v->image_len, left_len);
    v->next = right;
    return 0;
}

/* Skips to the next page whose table exists: an empty table covers 2 MiB. */
static uint64_t *next_entry(struct mm *mm, uint64_t *addr, uint64_t end)
{
    while (*addr < end) {
        uint64_t *entry = pagetable_entry(mm->root, *addr, false);
        if (entry)
            return entry;
        *addr = ALIGN_DOWN(*addr, 2ul << 20) + (2ul << 20);
    }
    return NULL;
}

static bool copy_page(struct mm *mm, uint64_t addr, uint64_t entry)
{
    uint64_t *dest = pagetable_entry(mm->root, addr, true);
    void *page = NULL;
    if (dest && !(entry & PTE_BORROWED) && pmem_free_pages() > PMEM_RESERVE)
        page = page_alloc_dirty();
    if (!dest || (!page && !(entry & PTE_BORROWED)))
        return false;
    if (page) {
        memcpy(page, pa_to_va(entry & PTE_ADDR), PAGE_SIZE);
        entry = (entry & ~PTE_ADDR) | va_to_pa(page);
        mm->rss++;
    }
    *dest = entry;
    return true;
}

/* At once, not when one of the two writes: a fork here mostly executes another program or has little to do.
 */
struct mm *mm_copy(struct mm *old)
{
    struct mm *mm = mm_new();
    bool ok = mm != NULL;
    for (struct vma *v = old->first; v && ok; v = v->next) {
        uint64_t *entry;
        ok = vm_map(mm, v->start, v->end - v->start, v->prot | v->sharing, v->image, v->image_offset,
                    v->image_len) == 0;
        for (uint64_t addr = v->start; ok && (entry = next_entry(old, &addr, v->end)); addr += PAGE_SIZE)
            ok = !*entry || copy_page(mm, addr, *entry);
    }
    if (!ok) {
        mm_free(mm);
        return NULL;
    }
    mm->brk_start = old->brk_start, mm->brk = old->brk, mm->mmap_top = old->mmap_top;
    mm->stack_top = old->stack_top, mm->arg_start = old->arg_start, mm->arg_end = old->arg_end;
    mm->env_end = old->env_end, mm->max_rss = mm->rss, mm->stack_room = old->stack_room;
    return mm;
}

void vm_discard(struct mm *mm, uint64_t start, uint64_t len)
{
    uint64_t *entry;
    for (uint64_t addr = start; (entry = next_entry(mm, &addr, start + len)) != NULL; addr += PAGE_SIZE) {
        if (!*entry)
            continue;
        if (!(*entry & PTE_BORROWED)) {
            page_free(pa_to_va(*entry & PTE_ADDR));
            mm->rss--;
        }
        *entry = 0;
        tlb_drop(addr);
    }
}

int vm_unmap(struct mm *mm, uint64_t start, uint64_t len)
{
    int error = split(mm, start);
    if (!error)
        error = split(mm, start + len);
    if (error)
        return error;
    struct vma **at = &mm->first;
    while (*at && (*at)->end <= start)
        at = &(*at)->next;
    while (*at && (*at)->start < start + len) {
        struct vma *v = *at;
        *at = v->next;
        vm_discard(mm, v->start, v->end - v->start);
        mm->total_pages -= (v->end - v->start) / PAGE_SIZE;
        free_vma(v);
    }
    mm->hint = NULL;
    return 0;
}

/* All of it is mapped, and may be given that protection. */
static int can_protect(struct mm *mm, uint64_t start, uint64_t end, uint32_t prot)
{
    for (uint64_t addr = start; addr < end;) {
        struct vma *v = vm_find(mm, addr);
        if (!v)
            return -ENOMEM;
        if (prot & VM_WRITE && v->sharing & VM_SEALED)
            return -EACCES;
        addr = v->end;
    }
    return 0;
}

/* Present entries lose what the new protection forbids; what it allows more, faults will give. */
static void restrict_entries(struct mm *mm, struct vma *v)
{
    uint64_t *entry;
    for (uint64_t addr = v->start; (entry = next_entry(mm, &addr, v->end)) != NULL; addr += PAGE_SIZE) {
        if (!*entry)
            continue;
        *entry = pte_closed(*entry);
        tlb_drop(addr);
    }
}

int vm_protect(struct mm *mm, uint64_t start, uint64_t len, uint32_t prot)
{
    int error = can_protect(mm, start, start + len, prot);
    if (!error)
        error = split(mm, start);
    if (!error)
        error = split(mm, start + len);
    if (error)
        return error;
    for (struct vma *v = vm_find(mm, start); v && v->start < start + len; v = v->next) {
        v->prot = prot;
        restrict_entries(mm, v);
    }
    return 0;
}

void vm_move_pages(struct mm *mm, uint64_t from, uint64_t to, uint64_t len)
{
    uint64_t *entry;
    for (uint64_t addr = from; (entry = next_entry(mm, &addr, from + len)) != NULL; addr += PAGE_SIZE) {
        if (!*entry)
            continue;
        uint64_t *dest = pagetable_entry(mm->root, to + (addr - from), true);
        if (dest) {
            *dest = *entry;
        } else if (!(*entry & PTE_BORROWED)) {
            page_free(pa_to_va(*entry & PTE_ADDR)); /* no memory for a table: the page's contents are lost */
            mm->rss--;
        }
        *entry = 0;
        tlb_drop(addr);
    }
}
