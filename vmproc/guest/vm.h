/*
 * vm.h - a program's address space: mappings (struct vma), sorted and disjoint, and the page tables filled
 * from them on demand.
 *
 * A mapping is writable and executable at once only when its program has asked for just that, as compilers in
 * programs do. A writable mapping of an image is private unless it is VM_SHARED: a page is copied when first
 * touched for writing. A leaf entry that is not present but not zero keeps a page that the protection hides
 * (PROT_NONE).
 */
#ifndef GUEST_VM_H
#define GUEST_VM_H

#include "types.h"

struct image;

#define VM_READ  1u /* as PROT_* */
#define VM_WRITE 2u
#define VM_EXEC  4u
/* Of vm_map() alone: what is written is the image's, and seen by all who map it; it can never be made writable. */
#define VM_SHARED 8u
#define VM_SEALED 16u

struct vma {
    uint64_t start, end; /* multiples of PAGE_SIZE */
    uint32_t prot;
    uint32_t sharing;      /* VM_SHARED (always with an image), VM_SEALED */
    struct image *image;   /* NULL: zero-filled */
    uint64_t image_offset; /* of start; a multiple of PAGE_SIZE */
    uint64_t image_len;    /* bytes from start on that come from the image; the rest is zero */
    struct vma *next;
};

struct mm {
    unsigned refs; /* tasks that use it */
    uint64_t *root;
    struct vma *first;
    struct vma *hint;        /* found last */
    uint64_t brk_start, brk; /* the heap; brk is the byte after it */
    uint64_t mmap_top;       /* mappings without a wish are placed below, downwards */
    uint64_t total_pages;    /* mapped */
    uint64_t stack_room;   /* of them: pages the stack may grow into, which no limit counts before it does */
    uint64_t rss, max_rss; /* pages of its own in memory */
    uint64_t stack_top, arg_start, arg_end, env_end;
};

struct mm *mm_new(void); /* with one reference; NULL: no memory */
struct mm *mm_ref(struct mm *mm);
void mm_free(struct mm *mm); /* drops a reference; NULL is fine */
/* The same mappings with pages of its own; NULL: no memory. */
struct mm *mm_copy(struct mm *mm);

struct vma *vm_find(struct mm *mm, uint64_t addr); /* the one that contains addr, or NULL */

/* True when [start, end) lies in the program's half, is page-aligned and not empty. */
bool vm_range_ok(uint64_t start, uint64_t len);
/* Start of a free range of len bytes, 0 when there is none. */
uint64_t vm_find_gap(struct mm *mm, uint64_t len);
bool vm_is_free(struct mm *mm, uint64_t start, uint64_t len);

/*
 * Maps a free, checked range. With an image: image_len bytes at image_offset (a reference is taken), zero
 * after. prot may have VM_SHARED and VM_SEALED. 0, -ENOMEM.
 */
int vm_map(struct mm *mm, uint64_t start, uint64_t len, uint32_t prot, struct image *image,
           uint64_t image_offset, uint64_t image_len);
int vm_unmap(struct mm *mm, uint64_t start, uint64_t len);
/* -ENOMEM when part of the range is not mapped; -EACCES: part of it is sealed. */
int vm_protect(struct mm *mm, uint64_t start, uint64_t len, uint32_t prot);
/* Moves the pages of a whole mapping's part to a new place; both are mapped by the caller's doing. */
void vm_move_pages(struct mm *mm, uint64_t from, uint64_t to, uint64_t len);
/* Gives back the pages of a range; they read as fresh ones afterwards. */
void vm_discard(struct mm *mm, uint64_t start, uint64_t len);

/*
 * Makes addr accessible as wanted (VM_READ, VM_WRITE, VM_EXEC). 0; -EFAULT: nothing is mapped there; -EACCES:
 * not so; -ENOMEM; -EIO: the image could not be read. May wait for 9P.
 */
int vm_fault(struct mm *mm, uint64_t addr, uint32_t access);
/* The same for a whole range of current's. 0 or -EFAULT, or -ENOMEM. */
int vm_prefault(uint64_t addr, size_t len, uint32_t access);
/* Maps all pages of a read-only image mapping that are in memory: saves faults. */
void vm_populate(struct mm *mm, struct vma *vma);

#endif
