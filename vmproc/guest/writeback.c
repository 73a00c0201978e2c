/* writeback.c - see writeback.h. A page and its twin (shared.h) tell what has been written to it. */
#include "writeback.h"

#include <linux/errno.h>

#include "file.h"
#include "kmem.h"
#include "lib.h"
#include "log.h"
#include "shared.h"
#include "task.h"
#include "vm.h"

#define WORDS    (PAGE_SIZE / sizeof(uint32_t))
#define MAX_RUNS 64u /* of one page that are written one by one */
#define CLUSTER  32u /* pages read at once */

/* Words that differ, from first on. */
struct run {
    uint32_t first, end;
};

static bool next_run(const uint32_t *a, const uint32_t *b, struct run *r)
{
    uint32_t i = r->end;
    while (i < WORDS && a[i] == b[i])
        i++;
    r->first = i;
    while (i < WORDS && a[i] != b[i])
        i++;
    r->end = i;
    return r->first < r->end;
}

static unsigned count_runs(const uint32_t *a, const uint32_t *b, struct run *span)
{
    struct run r = {0, 0};
    unsigned n = 0;
    while (next_run(a, b, &r)) {
        span->first = n++ ? span->first : r.first;
        span->end = r.end;
    }
    return n;
}

/* A signal must not end what is under way here: the bytes would be lost. The old set of blocked ones. */
static uint64_t hold_signals(void)
{
    uint64_t blocked = current->signals.blocked;
    current->signals.blocked = ~0ul;
    return blocked;
}

/* ---- from the file ---- */

/* Words that were written here stay; the others become the file's. */
static void merge(uint32_t *page, uint32_t *twin, const uint32_t *file)
{
    if (!twin) {
        memcpy(page, file, PAGE_SIZE);
        return;
    }
    for (uint32_t i = 0; i < WORDS; i++) {
        if (page[i] == twin[i])
            page[i] = file[i];
        twin[i] = file[i];
    }
}

/* Pages [first, first + n), those of them that are there. */
static int reload_pages(struct image *image, uint64_t first, uint64_t n, char *buf)
{
    uint64_t have = 0, want = n * PAGE_SIZE;
    long got = 1;
    while (have < want &&
           (got = file_read_at(image->file, buf + have, want - have, first * PAGE_SIZE + have)) > 0)
        have += (uint64_t)got;
    if (got < 0)
        return (int)got;
    memset(buf + have, 0, want - have);
    for (uint64_t i = first; i < first + n; i++)
        if (shared_has_page(image, i))
            merge(image->pages[i], image->shared->twins[i], (void *)(buf + (i - first) * PAGE_SIZE));
    return 0;
}

static void reload(struct image *image)
{
    char *buf = kv_alloc(CLUSTER * PAGE_SIZE);
    int error = buf ? 0 : -ENOMEM;
    uint64_t blocked = hold_signals();
    image_ref(image);
    for (uint64_t i = 0; i < image->room && !error;) {
        uint64_t n = 0;
        while (n < CLUSTER && shared_has_page(image, i + n))
            n++;
        error = n ? reload_pages(image, i, n, buf) : 0;
        i += MAX(n, 1);
    }
    if (error)
        log_line("a file that is mapped could not be read again (error %d)", -error);
    kv_free(buf, CLUSTER * PAGE_SIZE);
    image_unref(image);
    current->signals.blocked = blocked;
}

void writeback_reload(struct file *f)
{
    struct image *image = shared_find(f);
    uint64_t size;
    if (!image)
        return;
    reload(image);
    if (file_size(f, &size) == 0 && size < image->size)
        image->size = size;
}

/* Calls for all of the list, which may change while one waits. */
static int for_each(int (*what)(struct image *image))
{
    int error = 0;
    struct image *image = shared_files();
    if (image)
        image_ref(image);
    while (image) {
        int e = what(image);
        error = error ? error : e;
        struct image *next = image->shared->next;
        if (next)
            image_ref(next);
        image_unref(image);
        image = next;
    }
    return error;
}

static int reload_one(struct image *image)
{
    reload(image);
    return 0;
}

void writeback_reload_all(void)
{
    for_each(reload_one);
}

/* ---- to the file ---- */

static int write_words(struct image *image, uint64_t i, const uint32_t *words, struct run r, uint64_t size)
{
    uint64_t at = i * PAGE_SIZE + r.first * sizeof *words, end = i * PAGE_SIZE + r.end * sizeof *words;
    const char *from = (const char *)(words + r.first);
    uint32_t *twin = image->shared->twins[i];
    end = MIN(end, size); /* a mapping does not make a file longer */
    while (at < end) {
        long n = file_write_at(image->file, from, end - at, at);
        if (n <= 0)
            return n ? (int)n : -EIO;
        at += (uint64_t)n, from += n;
    }
    memcpy(twin + r.first, words + r.first, (r.end - r.first) * sizeof *words);
    return 0;
}

/*
 * The words go one run at a time, so that nothing is written that was not written here. A page that has been
 * written to all over goes at once, with what the file has in between.
 */
static int write_page(struct image *image, uint64_t i, uint64_t size, char *buf)
{
    uint32_t *words = (uint32_t *)buf, *page = image->pages[i], *twin = image->shared->twins[i];
    struct run r = {0, 0}, span = {0, 0};
    int error = 0;
    if (count_runs(page, twin, &span) > MAX_RUNS) {
        error = reload_pages(image, i, 1, buf);
        count_runs(page, twin, &span);
        memcpy(words, page, PAGE_SIZE);
        return error ? error : write_words(image, i, words, span, size);
    }
    memcpy(words, page, PAGE_SIZE); /* the page may change while we wait */
    while (!error && next_run(words, twin, &r))
        error = write_words(image, i, words, r, size);
    return error;
}

static int write_back(struct image *image, uint64_t first, uint64_t end)
{
    uint64_t size;
    char *buf = NULL;
    int error = 0;
    uint64_t blocked = hold_signals();
    image_ref(image);
    for (uint64_t i = first; i < MIN(end, image->room) && !error; i++) {
        if (!image->shared->twins[i] || memcmp(image->pages[i], image->shared->twins[i], PAGE_SIZE) == 0)
            continue;
        if (!buf) {
            buf = buffer_alloc(PAGE_SIZE);
            error = buf ? file_size(image->file, &size) : -ENOMEM;
        }
        if (!error && i * PAGE_SIZE < size)
            error = write_page(image, i, size, buf);
    }
    if (error)
        log_line("what was written to a file's mapping could not be written back (error %d)", -error);
    buffer_free(buf, PAGE_SIZE);
    image_unref(image);
    current->signals.blocked = blocked;
    return error;
}

static int write_back_one(struct image *image)
{
    return write_back(image, 0, UINT64_MAX);
}

int writeback_all(void)
{
    return for_each(write_back_one);
}

bool writeback_of(struct file *f)
{
    struct image *image = shared_find(f);
    if (image)
        write_back_one(image);
    return image != NULL;
}

int writeback_range(struct mm *mm, uint64_t start, uint64_t len)
{
    int error = 0;
    for (uint64_t at = start; shared_files() && at < start + len;) {
        const struct vma *v = mm->first;
        while (v && (v->end <= at || !(v->sharing & VM_SHARED) || !v->image->file))
            v = v->next;
        if (!v || v->start >= start + len)
            break;
        uint64_t from = MAX(at, v->start), to = MIN(start + len, v->end);
        uint64_t first = (v->image_offset + from - v->start) / PAGE_SIZE;
        int e = write_back(v->image, first, first + (to - from) / PAGE_SIZE);
        error = error ? error : e;
        at = to;
    }
    return error;
}
