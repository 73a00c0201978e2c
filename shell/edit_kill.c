/* edit_kill.c - the ring of cut texts. */
#include "shell/edit_kill.h"
#include "shell/arena.h"
#include <stdlib.h>
#include <string.h>

static char *join_bytes(const char *a, size_t a_len, const char *b, size_t b_len)
{
    char *both = xmalloc(a_len + b_len + 1);

    memcpy(both, a, a_len);
    memcpy(both + a_len, b, b_len);
    both[a_len + b_len] = '\0';
    return both;
}

void edit_kill(struct edit_kills *kills, const char *bytes, size_t len, enum edit_kill_join join)
{
    char *newest = kills->count > 0 ? kills->items[0] : NULL;

    if (len == 0)
        return;
    if (join == EDIT_KILL_NEW || !newest) {
        if (kills->count == EDIT_KILLS)
            free(kills->items[--kills->count]);
        memmove(kills->items + 1, kills->items, kills->count++ * sizeof *kills->items);
        kills->items[0] = join_bytes(bytes, len, "", 0);
        return;
    }
    kills->items[0] = join == EDIT_KILL_BEHIND ? join_bytes(newest, strlen(newest), bytes, len)
                                               : join_bytes(bytes, len, newest, strlen(newest));
    free(newest);
}

const char *edit_kill_get(const struct edit_kills *kills, size_t age)
{
    return age < kills->count ? kills->items[age] : NULL;
}

void edit_kill_rotate(struct edit_kills *kills)
{
    if (kills->count < 2)
        return;
    char *newest = kills->items[0];
    memmove(kills->items, kills->items + 1, (kills->count - 1) * sizeof *kills->items);
    kills->items[kills->count - 1] = newest;
}

void edit_kill_free(struct edit_kills *kills)
{
    while (kills->count > 0)
        free(kills->items[--kills->count]);
}
