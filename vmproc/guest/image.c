/* image.c - pages of the resident program and of files. */
#include "image.h"

#include <linux/errno.h>

#include "file.h"
#include "kmem.h"
#include "lib.h"
#include "pagetable.h"
#include "pmem.h"
#include "shared.h"

#define CLUSTER 32u /* pages read at once: 128 KiB */

static struct image resident;
static char *resident_start;

void image_set_resident(void *start, uint64_t size)
{
    resident_start = start;
    resident.size = size;
    resident.refs = 1;
}

struct image *image_resident(void)
{
    return resident.size ? image_ref(&resident) : NULL;
}

uint64_t image_resident_bytes(void)
{
    return resident.size;
}

struct image *image_new(uint64_t size)
{
    struct image *image = kmalloc(sizeof *image);
    if (!image)
        return NULL;
    image->refs = 1;
    image->size = size;
    image->room = MAX(1, ALIGN_UP(size, PAGE_SIZE) / PAGE_SIZE);
    image->pages = buffer_alloc(image->room * sizeof(void *));
    if (!image->pages) {
        kfree(image);
        return NULL;
    }
    return image;
}

struct image *image_open(struct file *file, uint64_t upto, int *error)
{
    uint64_t size;
    *error = 0;
    if (file->image && upto <= ALIGN_UP(file->image->size, PAGE_SIZE))
        return image_ref(file->image);
    *error = file_size(file, &size);
    if (*error)
        return NULL;
    *error = -ENOMEM;
    if (size > pmem_total_pages() * PAGE_SIZE)
        return NULL;
    struct image *image = image_new(size);
    if (!image)
        return NULL;
    image->file = file_ref(file);
    if (!file_writable(file))
        file->image = image;
    *error = 0;
    return image;
}

struct image *image_ref(struct image *image)
{
    image->refs++;
    return image;
}

void image_unref(struct image *image)
{
    if (!image || --image->refs)
        return;
    shared_forget(image);
    for (uint64_t i = 0; i < image->room; i++)
        if (image->pages[i])
            page_free(image->pages[i]);
    buffer_free(image->pages, image->room * sizeof(void *));
    if (image->file && image->file->image == image)
        image->file->image = NULL;
    file_unref(image->file);
    kfree(image);
}

/*
 * The run of missing pages around page i within its cluster: by where clusters begin, not by what was asked
 * for, so that pages asked for from the last to the first do not come one by one.
 */
static uint64_t missing_run(const struct image *image, uint64_t i, uint64_t *first)
{
    uint64_t limit = ALIGN_UP(image->size, PAGE_SIZE) / PAGE_SIZE, begin = ALIGN_DOWN(i, CLUSTER);
    uint64_t end = i + 1;
    for (*first = i; *first > begin && !image->pages[*first - 1]; --*first)
        ;
    while (end < limit && end < begin + CLUSTER && !image->pages[end])
        end++;
    return end - *first;
}

/* Reads page i and its neighbours. */
static int read_cluster(struct image *image, uint64_t i)
{
    char *buf = kv_alloc(CLUSTER * PAGE_SIZE);
    if (!buf)
        return -ENOMEM;
    uint64_t first, n = missing_run(image, i, &first);
    uint64_t want = MIN(n * PAGE_SIZE, image->size - first * PAGE_SIZE), have = 0;
    long got = 1;
    while (have < want &&
           (got = file_read_at(image->file, buf + have, want - have, first * PAGE_SIZE + have)) > 0)
        have += (uint64_t)got;
    int error = got < 0 ? (int)got : 0;
    for (uint64_t k = 0; k < n && !error; k++) {
        if (image->pages[first + k])
            continue; /* another task has read it meanwhile */
        char *page = page_alloc_user();
        if (!page) {
            error = image->pages[i] ? 0 : -ENOMEM;
            break;
        }
        memcpy(page, buf + k * PAGE_SIZE, PAGE_SIZE);
        image->pages[first + k] = page;
    }
    kv_free(buf, CLUSTER * PAGE_SIZE);
    return error;
}

bool image_has_page(const struct image *image, uint64_t i)
{
    return !image->pages || image->pages[i];
}

void *image_page(struct image *image, uint64_t i, int *error)
{
    if (!image->pages)
        return resident_start + i * PAGE_SIZE;
    if (!image->pages[i]) {
        *error = read_cluster(image, i);
        if (*error)
            return NULL;
    }
    return image->pages[i];
}

int image_read(struct image *image, uint64_t offset, void *to, uint64_t n)
{
    if (offset > image->size || n > image->size - offset)
        return -ENOEXEC;
    for (char *d = to; n;) {
        int error;
        char *page = image_page(image, offset / PAGE_SIZE, &error);
        if (!page)
            return error;
        uint64_t at = offset % PAGE_SIZE, part = MIN(PAGE_SIZE - at, n);
        memcpy(d, page + at, part);
        d += part;
        offset += part;
        n -= part;
    }
    return 0;
}
