/*
 * kept.c - what no program may change, whatever it was given: the user's store of images (vmproc/store.h).
 *
 * Asked of the kernel for each change, as a granted directory may lie above the store or in it. The directories on the way
 * to it stay where they are, so that no other store can be put in its place.
 */
#include "p9_fid.h"
#include "vmproc/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void kept_find(struct tree *tree)
{
    char root[PATH_MAX];
    if (store_root(root) == 0)
        tree->kept = realpath(root, NULL);
}

/* The path of what fd stands for. */
static bool get_path(int fd, char path[PATH_MAX])
{
    char proc[40];
    ssize_t len;
    snprintf(proc, sizeof proc, "/proc/self/fd/%d", fd);
    len = readlink(proc, path, PATH_MAX - 1);
    if (len < 0)
        return false;
    path[len] = '\0';
    return true;
}

static bool is_at_or_below(const char *path, const char *above)
{
    size_t len = strlen(above);
    return strncmp(path, above, len) == 0 && (path[len] == '/' || !path[len]);
}

bool kept_holds(const struct tree *tree, int fd)
{
    char path[PATH_MAX];
    return tree->kept && get_path(fd, path) && is_at_or_below(path, tree->kept);
}

bool kept_leads(const struct tree *tree, int dir_fd, const char *name)
{
    char path[PATH_MAX + P9_NAME_MAX + 2];
    if (!tree->kept || !get_path(dir_fd, path))
        return false;
    strcat(path[1] ? strcat(path, "/") : path, name);
    return is_at_or_below(tree->kept, path);
}
