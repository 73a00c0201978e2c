/* kmem.c - size classes cut out of pages; whole pages above half a page. */
#include "kmem.h"

#include "layout.h"
#include "lib.h"
#include "pagetable.h"
#include "pmem.h"

#define MIN_SHIFT 5  /* 32 bytes */
#define MAX_SHIFT 10 /* 1 KiB; larger objects are pages */
#define CLASSES   (MAX_SHIFT - MIN_SHIFT + 1)

/* First in each page that is cut up, so objects are never page-aligned: kfree() tells them by that. */
struct slab {
    unsigned shift;
};

struct free_object {
    struct free_object *next;
};

static struct free_object *free_objects[CLASSES];
static uint64_t kv_next = KV_BASE;

static bool refill(unsigned shift)
{
    struct slab *slab = page_alloc_dirty();
    if (!slab)
        return false;
    slab->shift = shift;
    size_t size = 1ul << shift;
    for (size_t at = MAX(size, 64); at + size <= PAGE_SIZE; at += size) {
        struct free_object *o = (void *)((char *)slab + at);
        o->next = free_objects[shift - MIN_SHIFT];
        free_objects[shift - MIN_SHIFT] = o;
    }
    return true;
}

void *kmalloc(size_t size)
{
    if (size > 1ul << MAX_SHIFT)
        return size > PAGE_SIZE ? NULL : page_alloc();
    unsigned shift = MIN_SHIFT;
    while (1ul << shift < size)
        shift++;
    struct free_object **list = &free_objects[shift - MIN_SHIFT];
    if (!*list && !refill(shift))
        return NULL;
    struct free_object *o = *list;
    *list = o->next;
    memset(o, 0, 1ul << shift);
    return o;
}

void kfree(void *p)
{
    if (!p)
        return;
    if ((uint64_t)p % PAGE_SIZE == 0) {
        page_free(p);
        return;
    }
    struct slab *slab = (void *)ALIGN_DOWN((uint64_t)p, PAGE_SIZE);
    struct free_object *o = p;
    o->next = free_objects[slab->shift - MIN_SHIFT];
    free_objects[slab->shift - MIN_SHIFT] = o;
}

static void unmap(uint64_t va, size_t pages)
{
    for (size_t i = 0; i < pages; i++)
        page_free(kernel_unmap(va + i * PAGE_SIZE));
}

/* Addresses are not used twice: 64 TiB of them outlast any program. */
void *kv_alloc(size_t size)
{
    size_t pages = ALIGN_UP(size, PAGE_SIZE) / PAGE_SIZE;
    uint64_t va = kv_next;
    for (size_t i = 0; i < pages; i++) {
        void *page = pmem_free_pages() > PMEM_RESERVE / 2 ? page_alloc() : NULL;
        if (page && kernel_map(va + i * PAGE_SIZE, page) == 0)
            continue;
        if (page)
            page_free(page);
        unmap(va, i);
        return NULL;
    }
    kv_next += (pages + 1) * PAGE_SIZE;
    return (void *)va;
}

void kv_free(void *p, size_t size)
{
    if (p)
        unmap((uint64_t)p, ALIGN_UP(size, PAGE_SIZE) / PAGE_SIZE);
}

void *buffer_alloc(size_t size)
{
    return size <= PAGE_SIZE ? kmalloc(size) : kv_alloc(size);
}

void buffer_free(void *p, size_t size)
{
    if (size <= PAGE_SIZE)
        kfree(p);
    else
        kv_free(p, size);
}
