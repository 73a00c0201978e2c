/*
 * arena.h - regions: memory that is given back all at once.
 *
 * Two uses. A parsed complete command lives in one arena and dies with it (struct ast). The results of
 * expansion live in sh->scratch between a mark and its release, so that one command's fields vanish in O(1).
 * Allocation never returns NULL: without memory the shell says so and exits 2 (XCU 2.8.1 leaves this open).
 */
#ifndef SHELL_ARENA_H
#define SHELL_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *chunk; /* newest first; NULL before the first use */
    char *next, *end;          /* free space of the newest chunk */
};

struct arena_mark {
    struct arena_chunk *chunk;
    char *next;
};

#define ARENA_INIT                                                                                           \
    {                                                                                                        \
        NULL, NULL, NULL                                                                                     \
    }

void *arena_alloc(struct arena *arena, size_t size); /* aligned for all but long double; not zeroed */
void *arena_zalloc(struct arena *arena, size_t size);
char *arena_strndup(struct arena *arena, const char *text, size_t len); /* adds the NUL */

struct arena_mark arena_mark(const struct arena *arena);
/* Everything allocated since mark is gone. Keeps one chunk in hand so that a loop does not call malloc. */
void arena_release(struct arena *arena, struct arena_mark mark);
void arena_free(struct arena *arena);

/*
 * A growing string at the end of an arena: no other allocation from that arena may happen while it is open.
 * Begin, append..., finish: the result is NUL-terminated and lives as any allocation.
 */
struct arena_string {
    struct arena *arena;
    char *start, *next, *end;
};

void arena_string_begin(struct arena_string *s, struct arena *arena);
void arena_string_grow(struct arena_string *s, size_t more); /* room for more bytes and a NUL */
char *arena_string_finish(struct arena_string *s, size_t *len);

static inline void arena_string_putc(struct arena_string *s, char c)
{
    if (s->next == s->end)
        arena_string_grow(s, 1);
    *s->next++ = c;
}
void arena_string_put(struct arena_string *s, const char *text, size_t len);

/* malloc(3) and friends that never return NULL, for what outlives every arena. */
void *xmalloc(size_t size);
void *xrealloc(void *old, size_t size);
void *xcalloc(size_t count, size_t size);
char *xstrdup(const char *text);

#endif
