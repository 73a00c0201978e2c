/*
 * image.h - the bytes behind a mapping, by pages: the resident program (in the initrd's pages, read-only,
 * never freed) or a file, read over 9P in clusters as pages are asked for. Its pages are shared by the
 * address spaces that map them read-only; who wants to write makes a copy. What is mapped shared and written
 * to is an image, too (shared.h).
 */
#ifndef GUEST_IMAGE_H
#define GUEST_IMAGE_H

#include "types.h"

struct file;

struct image {
    unsigned refs;
    uint64_t size;         /* bytes */
    struct file *file;     /* NULL: the resident program, or memory */
    void **pages;          /* what is there so far; NULL: the resident program */
    uint64_t room;         /* entries of pages */
    struct shared *shared; /* NULL: nobody writes to its pages */
};

/* Once, at boot. Read-only, and the last page is zero beyond the end. */
void image_set_resident(void *start, uint64_t size);
struct image *image_resident(void);  /* a reference, or NULL when there is none */
uint64_t image_resident_bytes(void); /* its size, 0 when there is none */

/*
 * Takes a reference to the file. NULL: no memory, or *error. Of a file that is open for reading only there is
 * one image for all: a library's four segments cost one stat. Only who wants bytes beyond its end (upto) gets
 * a new one, as the file may have grown.
 */
struct image *image_open(struct file *file, uint64_t upto, int *error);
/* With room for the pages of so many bytes, and nobody to read them from; one reference. NULL: no memory. */
struct image *image_new(uint64_t size);
struct image *image_ref(struct image *image);
void image_unref(struct image *image);

bool image_has_page(const struct image *image, uint64_t i); /* image_page() will not wait */

/* Page number i (i * PAGE_SIZE < size), zero-filled after the end. NULL: *error is -EIO, -ENOMEM... May wait.
 */
void *image_page(struct image *image, uint64_t i, int *error);

/* Copies n bytes at offset. 0; -ENOEXEC when they reach beyond the end; or what image_page() says. */
int image_read(struct image *image, uint64_t offset, void *to, uint64_t n);

#endif
