/* limit.c - see limit.h. */
#include "limit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int limit_add(struct limit *limit, const char *path, bool below, bool readonly)
{
    if (limit->count == limit->room) {
        unsigned room = limit->room ? limit->room * 2 : 16;
        struct limit_entry *grown = realloc(limit->entry, room * sizeof *grown);
        if (!grown)
            return -ENOMEM;
        limit->entry = grown;
        limit->room = room;
    }
    limit->entry[limit->count++] = (struct limit_entry){path, below, readonly};
    return 0;
}

void limit_free(struct limit *limit)
{
    free(limit->entry);
    *limit = (struct limit){0};
}

static bool covers(const struct limit_entry *e, const char *path)
{
    size_t len = strlen(e->path);
    if (strcmp(e->path, "/") == 0)
        len = 0;
    if (strncmp(e->path, path, len) != 0)
        return false;
    return path[len] == '\0' || (e->below && path[len] == '/');
}

enum limit_allowance limit_allows(const struct limit *limit, const char *path)
{
    enum limit_allowance best = LIMIT_NOTHING;
    for (unsigned i = 0; i < limit->count && best < LIMIT_ALL; i++)
        if (covers(&limit->entry[i], path))
            best = limit->entry[i].readonly ? LIMIT_READ : LIMIT_ALL;
    return best;
}
