/*
 * kmem.h - the kernel's heap. kmalloc() serves objects up to a page, kv_alloc() larger ones, page by page.
 * Both return zeroed memory or NULL; nobody may take success for granted.
 */
#ifndef GUEST_KMEM_H
#define GUEST_KMEM_H

#include "types.h"

void *kmalloc(size_t size); /* size <= PAGE_SIZE */
void kfree(void *p);        /* NULL is fine */

void *kv_alloc(size_t size);
void kv_free(void *p, size_t size);

/* Either, by size. */
void *buffer_alloc(size_t size);
void buffer_free(void *p, size_t size);

#endif
