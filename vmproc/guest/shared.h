/*
 * shared.h - images whose pages those who map them write to, mmap(2) MAP_SHARED: memory that a process shares
 * with its forks, memory files (memfile.h), and files.
 *
 * Memory is zero until it is written to, and one for all of this machine. Of a file that is mapped for
 * writing there is one image for all who map it here; what other machines see of it, and it of theirs, is
 * said in writeback.h.
 */
#ifndef GUEST_SHARED_H
#define GUEST_SHARED_H

#include "image.h"

/* What such an image has besides its pages. */
struct shared {
    /*
     * Of a file, for each page that is mapped for writing: what the file had when it was read or written
     * last. Where the page differs, it has been written to since. NULL: memory, which is kept nowhere else.
     */
    void **twins;
    uint64_t dev, ino;
    struct image *next; /* of the list of those of files */
};

/* One reference; NULL: no memory. */
struct image *shared_memory(uint64_t size);
/* Of memory: what lies behind the new end is zero when it comes back. 0 or -ENOMEM. */
int shared_resize(struct image *image, uint64_t size);

/*
 * A reference to the image of f's file, which is made when f is open for reading and writing. NULL: there is
 * none, and f is open for reading only; or *error: -ENODEV: no regular file, -ENOMEM. May wait.
 */
struct image *shared_of_file(struct file *f, int *error);
/* The one of f's file, or NULL. Not a reference. May wait, when there is any. */
struct image *shared_find(struct file *f);
struct image *shared_files(void); /* the list of those of files */

static inline bool shared_has_page(const struct image *image, uint64_t i)
{
    return i < image->room && image->pages[i];
}

/* Makes page i be there. 0; -EIO: it is behind the end, or cannot be read; -ENOMEM. May wait. */
int shared_bring(struct image *image, uint64_t i);
/* Page i, which is there, is about to be mapped for writing. 0 or -ENOMEM. */
int shared_will_write(struct image *image, uint64_t i);

/* May be written to without saying so. */
static inline bool shared_is_noted(const struct image *image, uint64_t i)
{
    return !image->shared->twins || image->shared->twins[i];
}

/* The last reference to image, of any kind, is gone. */
void shared_forget(struct image *image);

/* The most pages that there have been at once. */
uint64_t shared_peak(void);

#endif
