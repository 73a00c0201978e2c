/*
 * limit.h - what a command that another command started may be given at most: the grants of that one, as
 * text. They travel in the parcel (parcel.h).
 *
 * Paths are absolute and without symbolic links; what is allowed is decided by name, while the tree of grants
 * is built without following links (tree.h), so that a link or a rename at any time leads nowhere else.
 */
#ifndef SHIM_LIMIT_H
#define SHIM_LIMIT_H

#include <stdbool.h>

enum limit_allowance { LIMIT_NOTHING, LIMIT_READ, LIMIT_ALL };

struct limit_entry {
    const char *path;
    bool below; /* and all below it */
    bool readonly;
};

struct limit {
    struct limit_entry *entry;
    unsigned count, room;
};

/* path stays the caller's. 0 or -ENOMEM. */
int limit_add(struct limit *limit, const char *path, bool below, bool readonly);
void limit_free(struct limit *limit);

enum limit_allowance limit_allows(const struct limit *limit, const char *path);

#endif
