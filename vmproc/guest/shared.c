/* shared.c - see shared.h. */
#include "shared.h"

#include <linux/errno.h>

#include "file.h"
#include "kmem.h"
#include "lib.h"
#include "pmem.h"

static struct image *files;
static uint64_t pages_now, pages_peak;

struct image *shared_files(void)
{
    return files;
}

uint64_t shared_peak(void)
{
    return pages_peak;
}

static void *new_page(void)
{
    void *page = page_alloc_user();
    if (page && ++pages_now > pages_peak)
        pages_peak = pages_now;
    return page;
}

static struct image *new_image(uint64_t size)
{
    struct image *image = size <= pmem_total_pages() * PAGE_SIZE ? image_new(size) : NULL;
    if (!image)
        return NULL;
    image->shared = kmalloc(sizeof *image->shared);
    if (!image->shared) {
        image_unref(image);
        return NULL;
    }
    return image;
}

struct image *shared_memory(uint64_t size)
{
    return new_image(size);
}

static void **larger(void **old, uint64_t room, uint64_t wanted)
{
    void **table = buffer_alloc(wanted * sizeof *table);
    if (table)
        memcpy(table, old, room * sizeof *table);
    return table;
}

/* Room for the pages of size bytes. */
static int make_room(struct image *image, uint64_t size)
{
    uint64_t room = image->room, wanted = ALIGN_UP(size, PAGE_SIZE) / PAGE_SIZE;
    struct shared *shared = image->shared;
    if (wanted <= room)
        return 0;
    if (wanted > pmem_total_pages())
        return -ENOMEM;
    wanted = MAX(wanted, 2 * room);
    void **pages = larger(image->pages, room, wanted);
    void **twins = pages && shared->twins ? larger(shared->twins, room, wanted) : NULL;
    if (!pages || (shared->twins && !twins)) {
        buffer_free(pages, wanted * sizeof *pages);
        return -ENOMEM;
    }
    buffer_free(image->pages, room * sizeof *pages);
    buffer_free(shared->twins, room * sizeof *twins);
    image->pages = pages;
    shared->twins = twins;
    image->room = wanted;
    return 0;
}

int shared_resize(struct image *image, uint64_t size)
{
    int error = make_room(image, size);
    if (error)
        return error;
    uint64_t first = size / PAGE_SIZE, kept = size % PAGE_SIZE;
    for (uint64_t i = first; i < image->room && size < image->size; i++, kept = 0)
        if (image->pages[i]) /* it may be mapped: it stays */
            memset((char *)image->pages[i] + kept, 0, PAGE_SIZE - kept);
    image->size = size;
    return 0;
}

/* ---- of files ---- */

struct image *shared_find(struct file *f)
{
    if (!files || file_identify(f) != 0 || !f->regular)
        return NULL;
    struct image *image = files;
    while (image && (image->shared->dev != f->dev || image->shared->ino != f->ino))
        image = image->shared->next;
    return image;
}

static struct image *new_of_file(struct file *f, int *error)
{
    uint64_t size;
    *error = file_size(f, &size);
    if (*error)
        return NULL;
    struct image *image = shared_find(f);
    if (image) /* another task was faster */
        return image_ref(image);
    *error = -ENOMEM;
    image = new_image(size);
    if (!image)
        return NULL;
    image->shared->twins = buffer_alloc(image->room * sizeof(void *));
    if (!image->shared->twins) {
        image_unref(image);
        return NULL;
    }
    image->file = file_ref(f);
    image->shared->dev = f->dev, image->shared->ino = f->ino;
    image->shared->next = files;
    files = image;
    *error = 0;
    return image;
}

struct image *shared_of_file(struct file *f, int *error)
{
    *error = file_identify(f);
    if (!*error && !f->regular)
        *error = -ENODEV;
    struct image *image = *error ? NULL : shared_find(f);
    if (image || *error || !file_writable(f))
        return image ? image_ref(image) : NULL;
    return new_of_file(f, error);
}

int shared_bring(struct image *image, uint64_t i)
{
    uint64_t size;
    int error = 0;
    if (i * PAGE_SIZE >= image->size && image->file) { /* it may have grown */
        error = file_size(image->file, &size);
        if (!error && size > image->size)
            error = make_room(image, size);
        if (!error)
            image->size = MAX(size, image->size);
    }
    if (error || i * PAGE_SIZE >= image->size)
        return error ? error : -EIO;
    if (image->file)
        return image_page(image, i, &error) ? 0 : error;
    image->pages[i] = new_page();
    return image->pages[i] ? 0 : -ENOMEM;
}

int shared_will_write(struct image *image, uint64_t i)
{
    if (shared_is_noted(image, i))
        return 0;
    void *twin = new_page();
    if (!twin)
        return -ENOMEM;
    memcpy(twin, image->pages[i], PAGE_SIZE);
    image->shared->twins[i] = twin;
    return 0;
}

void shared_forget(struct image *image)
{
    struct shared *shared = image->shared;
    if (!shared)
        return;
    struct image **at = &files;
    while (*at && *at != image)
        at = &(*at)->shared->next;
    if (*at)
        *at = shared->next;
    for (uint64_t i = 0; i < image->room; i++) {
        void *own = shared->twins ? shared->twins[i] : NULL;
        if (own)
            page_free(own);
        pages_now -= shared->twins ? own != NULL : image->pages[i] != NULL;
    }
    if (shared->twins)
        buffer_free(shared->twins, image->room * sizeof(void *));
    kfree(shared);
}
