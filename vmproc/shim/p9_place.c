/* p9_place.c - one name at a time: containment is decided here. */
#include "p9_fid.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A single name without '/', "." or "..": from a directory this cannot leave it, and a link is opened, not
 * followed. */
static int open_name(int dir_fd, const char *name)
{
    int fd = openat(dir_fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

/* The object that a granted node gives. */
static int open_node(const struct node *node)
{
    int fd;
    if (node->entry && node->parent != node)
        return open_name(node->parent->fd, node->name);
    fd = fcntl(node->fd, F_DUPFD_CLOEXEC, 0);
    return fd < 0 ? -errno : fd;
}

int place_of_fid(struct place *place, const struct fid *fid)
{
    if (fid->inherited)
        return -ENOTDIR;
    place->node = fid->node;
    place->real = fid->real;
    place->fd = -1;
    strcpy(place->below, fid->real ? fid->below : "");
    if (!fid->real)
        return 0;
    place->fd = fcntl(fid->path_fd, F_DUPFD_CLOEXEC, 0);
    return place->fd < 0 ? -errno : 0;
}

int place_copy(struct place *to, const struct place *from)
{
    to->node = from->node;
    to->real = from->real;
    to->fd = -1;
    strcpy(to->below, from->below);
    if (!from->real)
        return 0;
    to->fd = fcntl(from->fd, F_DUPFD_CLOEXEC, 0);
    return to->fd < 0 ? -errno : 0;
}

void place_release(struct place *place)
{
    if (place->fd >= 0)
        close(place->fd);
    place->fd = -1;
}

int place_into_fid(struct place *place, struct fid *fid)
{
    char *below = place->real ? strdup(place->below) : NULL;
    if (place->real && !below) {
        place_release(place);
        return -ENOMEM;
    }
    if (fid->path_fd >= 0)
        close(fid->path_fd);
    free(fid->below);
    fid->node = place->node;
    fid->real = place->real;
    fid->path_fd = place->fd;
    fid->below = below;
    return 0;
}

static int enter_node(struct place *place, struct node *node)
{
    int fd = -1;
    if (node->granted) {
        fd = open_node(node);
        if (fd < 0)
            return fd;
    }
    place_release(place);
    place->node = node;
    place->real = node->granted;
    place->fd = fd;
    place->below[0] = '\0';
    return 0;
}

/* Follows below from the grant again: what a rename has moved meanwhile is not found rather than left
 * through. */
static int reopen(const struct node *node, const char *below)
{
    char name[P9_NAME_MAX + 1];
    int fd = open_node(node);
    while (fd >= 0 && *below) {
        size_t len = strcspn(below, "/");
        int next;
        memcpy(name, below, len);
        name[len] = '\0';
        next = open_name(fd, name);
        close(fd);
        fd = next;
        below += len + (below[len] == '/');
    }
    return fd;
}

static int step_up(struct place *place)
{
    char above[PATH_MAX], *slash;
    int fd;
    if (!place->real || !place->below[0])
        return place->node->parent == place->node ? 0 : enter_node(place, place->node->parent);
    strcpy(above, place->below);
    slash = strrchr(above, '/');
    *(slash ? slash : above) = '\0';
    fd = reopen(place->node, above);
    if (fd < 0)
        return fd;
    place_release(place);
    place->fd = fd;
    strcpy(place->below, above);
    return 0;
}

static int step_real(struct place *place, const char *name)
{
    size_t len = strlen(place->below);
    int fd;
    if (len + strlen(name) + 2 > sizeof place->below)
        return -ENAMETOOLONG;
    fd = open_name(place->fd, name);
    if (fd < 0)
        return fd;
    place_release(place);
    place->fd = fd;
    if (len)
        place->below[len++] = '/';
    strcpy(place->below + len, name);
    return 0;
}

int place_refused(const struct p9 *p9, const struct node *node, const char *below, const char *name, int err)
{
    if (p9->refused)
        p9->refused(p9->sink, node, below, name, err);
    return err;
}

/* What a program has made in /tmp: false when there is no such thing. */
static bool step_tmpdir(const struct p9 *p9, struct place *place, const char *name)
{
    struct place there = {.fd = -1};
    if (!p9->tree.tmpdir || place->node != p9->tree.tmp)
        return false;
    if (enter_node(&there, p9->tree.tmpdir) || step_real(&there, name)) {
        place_release(&there);
        return false;
    }
    place_release(place);
    *place = there;
    return true;
}

/* What exists but was not given is refused; what does not exist is not there. */
static int step_virtual(const struct p9 *p9, struct place *place, const char *name)
{
    struct node *node = tree_child(&p9->tree, place->node, name);
    struct stat st;
    if (node)
        return enter_node(place, node);
    if (step_tmpdir(p9, place, name))
        return 0;
    if (fstatat(place->node->fd, name, &st, AT_SYMLINK_NOFOLLOW))
        return -errno;
    return place_refused(p9, place->node, "", name, -EACCES);
}

/* Something in a directory that is given for reading may be given for more. */
static struct node *own_grant(const struct p9 *p9, const struct node *node, const char *below,
                              const char *name)
{
    return node->readonly && !below[0] ? tree_child(&p9->tree, node, name) : NULL;
}

int place_step(const struct p9 *p9, struct place *place, const char *name)
{
    struct node *node;
    if (strcmp(name, ".") == 0)
        return 0;
    if (strcmp(name, "..") == 0)
        return step_up(place);
    if (!place->real)
        return step_virtual(p9, place, name);
    node = own_grant(p9, place->node, place->below, name);
    return node ? enter_node(place, node) : step_real(place, name);
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

int fid_tmpdir(const struct p9 *p9, const struct fid *fid, const char *name)
{
    bool is_tmp = !fid->inherited && !fid->real && p9->tree.tmpdir && fid->node == p9->tree.tmp;
    return is_tmp && !is_dots(name) && !tree_child(&p9->tree, fid->node, name) ? p9->tree.tmpdir->fd : -1;
}

/* Given to be changed, and in no directory that is kept from all programs. */
static int changeable(const struct p9 *p9, const struct fid *fid, int dir_fd)
{
    return kept_holds(&p9->tree, dir_fd)
               ? place_refused(p9, fid->node, fid->real ? fid->below : "", "", -EROFS)
               : 0;
}

int fid_entry(const struct p9 *p9, const struct fid *fid, const char *name, int *dir_fd)
{
    const struct node *node;
    if (fid->inherited)
        return -ENOTDIR;
    if (is_dots(name))
        return -EINVAL;
    if (fid->real) {
        *dir_fd = fid->path_fd;
        node = own_grant(p9, fid->node, fid->below, name);
        if (!fid->node->readonly || (node && node->entry && !node->readonly))
            return changeable(p9, fid, *dir_fd);
        return place_refused(p9, fid->node, fid->below, name, -EROFS);
    }
    node = tree_child(&p9->tree, fid->node, name);
    *dir_fd = fid_tmpdir(p9, fid, name);
    if (*dir_fd >= 0 && faccessat(*dir_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return 0;
    if (!node || !node->entry)
        return place_refused(p9, fid->node, "", name, -EACCES);
    *dir_fd = fid->node->fd;
    return node->readonly ? place_refused(p9, node, "", "", -EROFS) : changeable(p9, fid, *dir_fd);
}

int fid_own_entry(const struct p9 *p9, const struct fid *fid, int *dir_fd, const char **name)
{
    const char *slash;
    char above[PATH_MAX];
    int fd;
    if (fid->inherited || !fid->real)
        return -EACCES;
    if (fid->node->readonly)
        return -EROFS;
    if (!fid->below[0]) {
        if (!fid->node->entry || fid->node->parent == fid->node)
            return -EACCES;
        fd = fcntl(fid->node->parent->fd, F_DUPFD_CLOEXEC, 0);
        if (fd < 0)
            return -errno;
        *name = fid->node->name;
    } else {
        slash = strrchr(fid->below, '/');
        *name = slash ? slash + 1 : fid->below;
        memcpy(above, fid->below, (size_t)(*name - fid->below));
        above[slash ? slash - fid->below : 0] = '\0';
        fd = reopen(fid->node, above);
    }
    if (fd < 0)
        return fd;
    if (kept_holds(&p9->tree, fd)) {
        close(fd);
        return -EROFS;
    }
    *dir_fd = fd;
    return 0;
}
