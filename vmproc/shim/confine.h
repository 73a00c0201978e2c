/*
 * confine.h - a second wall around the shim, which talks to a guest that may be hostile: from when its files
 * are known, the kernel lets it reach no others (Landlock), and make no call that it has no use for
 * (seccomp).
 *
 * The first wall is the tree of grants, and it is the exact one. Landlock knows hierarchies only: of a name
 * that may be made or replaced, all of its directory is allowed. Where the kernel lacks Landlock, the tree
 * stands alone. What the shim starts for its guest, other shims, inherits both walls; so such a shim must not
 * start vmprocd, which is for all.
 */
#ifndef SHIM_CONFINE_H
#define SHIM_CONFINE_H

#include "inherit.h"
#include "network.h"
#include "tree.h"

/* For this thread and those that it starts: to be called before there are workers. */
void confine_files(const struct tree *tree, const struct inherit *inherit, const struct network *network);
void confine_calls(bool with_network);

#endif
