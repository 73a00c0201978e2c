/* fault.c - page faults: pages come when they are touched. */
#include <linux/errno.h>

#include "cpu.h"
#include "image.h"
#include "layout.h"
#include "lib.h"
#include "pagetable.h"
#include "pmem.h"
#include "shared.h"
#include "task.h"
#include "vm.h"

static uint64_t entry_of(void *page, uint32_t prot)
{
    if (prot & VM_EXEC)
        cpu_page_is_code(page);
    return va_to_pa(page) | pte_user(prot & VM_WRITE, prot & VM_EXEC);
}

static void *own_page(struct mm *mm)
{
    void *page = page_alloc_user();
    if (page && ++mm->rss > mm->max_rss)
        mm->max_rss = mm->rss;
    return page;
}

/* The image's share of the page at addr: bytes, 0 when it is all zero-fill. */
static uint64_t image_bytes(const struct vma *v, uint64_t addr)
{
    uint64_t at = addr - v->start;
    if (!v->image || at >= v->image_len || v->image_offset + at >= v->image->size)
        return 0;
    return MIN(PAGE_SIZE, v->image_len - at);
}

/* A page that may be mapped as it is: nobody writes to it and it needs no zero-fill. */
static bool can_borrow(const struct vma *v, uint64_t addr, uint64_t bytes)
{
    /* The rest of a read-only segment's last page may show the file's bytes, as on Linux. */
    return bytes && !(v->prot & VM_WRITE) && (bytes == PAGE_SIZE || addr + PAGE_SIZE == v->end);
}

static int fill(struct mm *mm, struct vma *v, uint64_t addr, uint64_t *entry)
{
    uint64_t bytes = image_bytes(v, addr);
    char *source = NULL;
    int error = 0;
    if (bytes) {
        struct image *image = v->image;
        uint64_t number = (v->image_offset + addr - v->start) / PAGE_SIZE;
        if (!image_has_page(image, number)) {
            /* It has to be read: meanwhile another thread may do anything to the mapping. */
            image_ref(image);
            error = image_page(image, number, &error) ? -EAGAIN : error;
            image_unref(image);
            return error;
        }
        source = image_page(image, number, &error);
        if (can_borrow(v, addr, bytes)) {
            *entry = entry_of(source, v->prot) | PTE_BORROWED;
            return 0;
        }
    }
    char *page = own_page(mm);
    if (!page)
        return -ENOMEM;
    if (source)
        memcpy(page, source, bytes);
    *entry = entry_of(page, v->prot);
    return 0;
}

/* The page is there, but not with the rights that its mapping gives by now. */
static int upgrade(struct mm *mm, struct vma *v, uint64_t addr, uint64_t *entry, uint32_t access)
{
    void *old = pa_to_va(*entry & PTE_ADDR);
    if (*entry & PTE_BORROWED && access & VM_WRITE) {
        char *page = own_page(mm);
        if (!page)
            return -ENOMEM;
        memcpy(page, old, PAGE_SIZE);
        *entry = entry_of(page, v->prot);
    } else if (*entry & PTE_BORROWED) {
        *entry = pte_read_only(entry_of(old, v->prot)) | PTE_BORROWED;
    } else {
        *entry = entry_of(old, v->prot);
    }
    tlb_drop(addr);
    return 0;
}

/*
 * A page of a shared mapping is the image's, whoever writes to it. Of a file it can be written only once that
 * is noted, so that it is known what has to go back there.
 */
static int share(struct vma *v, uint64_t addr, uint64_t *entry, uint32_t access)
{
    struct image *image = v->image;
    uint64_t number = (v->image_offset + addr - v->start) / PAGE_SIZE;
    int error;
    if (!shared_has_page(image, number)) {
        image_ref(image);
        error = shared_bring(image, number);
        image_unref(image);
        return error ? error : -EAGAIN;
    }
    error = access & VM_WRITE ? shared_will_write(image, number) : 0;
    if (error)
        return error;
    uint64_t mapped = entry_of(image->pages[number], v->prot);
    *entry = (shared_is_noted(image, number) ? mapped : pte_read_only(mapped)) | PTE_BORROWED;
    tlb_drop(addr);
    return 0;
}

/* -EAGAIN: its image's page has been read now; look again. */
static int try_fault(struct mm *mm, uint64_t addr, uint32_t access)
{
    struct vma *v = vm_find(mm, addr);
    if (!v)
        return -EFAULT;
    /* A page that can be written or executed can be read: processors know no other. */
    if (!v->prot || (access & (VM_WRITE | VM_EXEC)) & ~v->prot)
        return -EACCES;
    uint64_t *entry = pagetable_entry(mm->root, addr, true);
    if (!entry)
        return -ENOMEM;
    if (v->sharing & VM_SHARED)
        return share(v, addr, entry, access);
    return *entry ? upgrade(mm, v, addr, entry, access) : fill(mm, v, addr, entry);
}

int vm_fault(struct mm *mm, uint64_t addr, uint32_t access)
{
    int error;
    addr = ALIGN_DOWN(addr, PAGE_SIZE);
    if (!mm || addr >= USER_TOP)
        return -EFAULT;
    do
        error = try_fault(mm, addr, access);
    while (error == -EAGAIN);
    return error;
}

int vm_prefault(uint64_t addr, size_t len, uint32_t access)
{
    struct mm *mm = current->mm;
    if (len == 0)
        return 0;
    if (addr >= USER_TOP || len > USER_TOP - addr)
        return -EFAULT;
    for (uint64_t page = ALIGN_DOWN(addr, PAGE_SIZE); page < addr + len; page += PAGE_SIZE) {
        uint64_t *entry = pagetable_entry(mm->root, page, false);
        if (entry && *entry & PTE_P && (!(access & VM_WRITE) || pte_allows_writing(*entry)))
            continue;
        int error = vm_fault(mm, page, access);
        if (error)
            return error == -ENOMEM ? -ENOMEM : -EFAULT;
    }
    return 0;
}

void vm_populate(struct mm *mm, struct vma *v)
{
    if (!v->image || v->image->pages || v->prot & VM_WRITE || !v->prot)
        return;
    for (uint64_t addr = v->start; addr < v->end; addr += PAGE_SIZE) {
        uint64_t bytes = image_bytes(v, addr);
        if (!can_borrow(v, addr, bytes))
            continue;
        uint64_t *entry = pagetable_entry(mm->root, addr, true);
        if (entry && !*entry)
            fill(mm, v, addr, entry); /* the resident program's pages are there */
    }
}
