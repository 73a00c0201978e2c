/* arena.c - regions of memory (arena.h), and malloc(3) that never fails. */
#include "shell/arena.h"
#include "shell/error.h"
#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Chunks double from FIRST to LARGEST; the first is small because most arenas hold one line of a script. */
#define FIRST_CHUNK   1000
#define LARGEST_CHUNK (4 * 1024 * 1024)
#define KEPT_CHUNK    (256 * 1024) /* the largest that arena_release() keeps in hand */
#define HUGE_PAGE     (2 * 1024 * 1024)
/* Of everything but long double, which nothing here has. */
#define ALIGNMENT alignof(intmax_t)

struct arena_chunk {
    struct arena_chunk *older;
    size_t size; /* of the whole chunk */
    alignas(ALIGNMENT) char space[];
};

void *xmalloc(size_t size)
{
    void *result = malloc(size ? size : 1);

    if (!result)
        error_fatal("out of memory");
    return result;
}

void *xrealloc(void *old, size_t size)
{
    void *result = realloc(old, size ? size : 1);

    if (!result)
        error_fatal("out of memory");
    return result;
}

void *xcalloc(size_t count, size_t size)
{
    void *result = calloc(count ? count : 1, size);

    if (!result)
        error_fatal("out of memory");
    return result;
}

char *xstrdup(const char *text)
{
    size_t size = strlen(text) + 1;

    return memcpy(xmalloc(size), text, size);
}

static void use_chunk(struct arena *arena, struct arena_chunk *chunk, char *next)
{
    arena->chunk = chunk;
    arena->next = next;
    arena->end = chunk ? (char *)chunk + chunk->size : NULL;
}

/*
 * From HUGE_PAGE on the system is asked for huge pages: touching a tree of 30 MB for the first time costs
 * more, by small pages, than parsing what it was made from.
 */
static struct arena_chunk *new_chunk(size_t size)
{
    void *chunk;

    if (size < HUGE_PAGE)
        return xmalloc(size);
    if (posix_memalign(&chunk, HUGE_PAGE, size) != 0)
        error_fatal("out of memory");
    madvise(chunk, size & ~(size_t)(HUGE_PAGE - 1), MADV_HUGEPAGE);
    return chunk;
}

static void add_chunk(struct arena *arena, size_t payload)
{
    size_t size = arena->chunk ? arena->chunk->size * 2 : FIRST_CHUNK;
    struct arena_chunk *chunk;

    if (payload > SIZE_MAX / 2)
        error_fatal("out of memory");
    if (size > LARGEST_CHUNK)
        size = LARGEST_CHUNK;
    if (size < sizeof *chunk + payload)
        size = sizeof *chunk + payload;
    chunk = new_chunk(size);
    chunk->older = arena->chunk;
    chunk->size = size;
    use_chunk(arena, chunk, chunk->space);
}

/* Strings are packed without gaps, so the free space begins anywhere. */
static char *aligned(char *address)
{
    return (char *)(((uintptr_t)address + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1));
}

void *arena_alloc(struct arena *arena, size_t size)
{
    char *result = aligned(arena->next);

    if (result > arena->end || size > (size_t)(arena->end - result)) {
        add_chunk(arena, size);
        result = arena->next;
    }
    arena->next = result + size;
    return result;
}

void *arena_zalloc(struct arena *arena, size_t size)
{
    return memset(arena_alloc(arena, size), 0, size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
    char *copy;

    if (len >= (size_t)(arena->end - arena->next))
        add_chunk(arena, len + 1);
    copy = arena->next;
    arena->next += len + 1;
    if (len)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->chunk, arena->next};
}

/*
 * The newest, hence largest, of the chunks that go is kept unless it was made for a single huge object: a
 * loop whose turn crosses the end of a chunk would call malloc and free each time.
 */
void arena_release(struct arena *arena, struct arena_mark mark)
{
    struct arena_chunk *keep = arena->chunk, *chunk;

    if (keep == mark.chunk) {
        if (keep)
            arena->next = mark.next;
        return;
    }
    chunk = keep->older;
    while (chunk != mark.chunk) {
        struct arena_chunk *older = chunk->older;

        free(chunk);
        chunk = older;
    }
    if (keep->size <= KEPT_CHUNK) {
        keep->older = mark.chunk;
        use_chunk(arena, keep, keep->space);
    } else {
        free(keep);
        use_chunk(arena, mark.chunk, mark.next);
    }
}

void arena_free(struct arena *arena)
{
    struct arena_chunk *chunk = arena->chunk;

    *arena = (struct arena)ARENA_INIT;
    while (chunk) {
        struct arena_chunk *older = chunk->older;

        free(chunk);
        chunk = older;
    }
}

void arena_string_begin(struct arena_string *s, struct arena *arena)
{
    if (arena->next == arena->end)
        add_chunk(arena, 1);
    s->arena = arena;
    s->start = s->next = arena->next;
    s->end = arena->end - 1; /* the NUL's place */
}

void arena_string_grow(struct arena_string *s, size_t more)
{
    size_t len = (size_t)(s->next - s->start);
    char *old = s->start;

    if ((size_t)(s->end - s->next) >= more)
        return;
    add_chunk(s->arena, len + (more > len ? more : len) + 1);
    if (len)
        memcpy(s->arena->next, old, len);
    s->start = s->arena->next;
    s->next = s->start + len;
    s->end = s->arena->end - 1;
}

void arena_string_put(struct arena_string *s, const char *text, size_t len)
{
    if ((size_t)(s->end - s->next) < len)
        arena_string_grow(s, len);
    if (len)
        memcpy(s->next, text, len);
    s->next += len;
}

char *arena_string_finish(struct arena_string *s, size_t *len)
{
    *s->next = '\0';
    if (len)
        *len = (size_t)(s->next - s->start);
    s->arena->next = s->next + 1;
    return s->start;
}
