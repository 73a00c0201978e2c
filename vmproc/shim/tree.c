/* tree.c - builds the tree of grants by following paths as the kernel would. */
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LINKS_MAX 40 /* as the kernel */

static unsigned hash(const struct tree *tree, const struct node *parent, const char *name)
{
    uint64_t h = (uintptr_t)parent * 0x9e3779b97f4a7c15u;
    for (; *name; name++)
        h = (h ^ (unsigned char)*name) * 0x100000001b3u;
    return (unsigned)(h >> 20) & (tree->buckets - 1);
}

struct node *tree_child(const struct tree *tree, const struct node *parent, const char *name)
{
    for (struct node *n = tree->bucket[hash(tree, parent, name)]; n; n = n->hash_next)
        if (n->parent == parent && strcmp(n->name, name) == 0)
            return n;
    return NULL;
}

static int rehash(struct tree *tree, unsigned buckets)
{
    struct node **old = tree->bucket, **fresh = calloc(buckets, sizeof *fresh);
    unsigned count = tree->buckets;
    if (!fresh)
        return -ENOMEM;
    tree->bucket = fresh;
    tree->buckets = buckets;
    for (unsigned i = 0; i < count; i++) {
        for (struct node *n = old[i], *next; n; n = next) {
            unsigned slot = hash(tree, n->parent, n->name);
            next = n->hash_next;
            n->hash_next = fresh[slot];
            fresh[slot] = n;
        }
    }
    free(old);
    return 0;
}

/* The child of that name, made without a grant and without a descriptor when there is none. */
static struct node *child_or_new(struct tree *tree, struct node *parent, const char *name)
{
    struct node *node = tree_child(tree, parent, name);
    unsigned slot;
    if (node)
        return node;
    if (tree->nodes >= tree->buckets * 2 && rehash(tree, tree->buckets * 4))
        return NULL;
    node = calloc(1, sizeof *node);
    if (!node || !(node->name = strdup(name))) {
        free(node);
        return NULL;
    }
    node->parent = parent;
    node->fd = -1;
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    slot = hash(tree, parent, name);
    node->hash_next = tree->bucket[slot];
    tree->bucket[slot] = node;
    tree->nodes++;
    return node;
}

int tree_path(const struct node *node, char path[PATH_MAX])
{
    char *at = path + PATH_MAX - 1;
    *at = '\0';
    for (; node->parent != node; node = node->parent) {
        size_t len = strlen(node->name);
        if (len + 1 > (size_t)(at - path))
            return -ENAMETOOLONG;
        at -= len;
        memcpy(at, node->name, len);
        *--at = '/';
    }
    if (!*at)
        *--at = '/';
    memmove(path, at, strlen(at) + 1);
    return 0;
}

/* What name in directory at may be given as: kind, less, or -EACCES. */
static int within_limit(const struct tree *tree, const struct node *at, const char *name,
                        enum grant_kind *kind)
{
    char path[PATH_MAX];
    size_t len;
    if (!tree->limit)
        return 0;
    if (tree_path(at, path))
        return -EACCES;
    len = strlen(path);
    if (name && len + strlen(name) + 2 > sizeof path)
        return -EACCES;
    if (name)
        strcpy(path + (len > 1 ? len : 0), "/");
    if (name)
        strcat(path, name);
    switch (limit_allows(tree->limit, path)) {
    case LIMIT_READ:
        *kind = GRANT_READONLY;
        return 0;
    case LIMIT_ALL:
        return 0;
    default:
        return -EACCES;
    }
}

/* ---- following a path ---- */

struct follow {
    struct node *at;
    char rest[2 * PATH_MAX]; /* what is left of the path */
    unsigned links;
};

/* Takes the next component off rest. False at the end. */
static bool next_name(struct follow *f, char name[NAME_MAX + 1], int *err)
{
    char *start = f->rest + strspn(f->rest, "/");
    size_t len = strcspn(start, "/");
    *err = 0;
    if (!len)
        return false;
    if (len > NAME_MAX) {
        *err = -ENAMETOOLONG;
        return false;
    }
    memcpy(name, start, len);
    name[len] = '\0';
    memmove(f->rest, start + len, strlen(start + len) + 1);
    return true;
}

/* A granted directory already gives all of rest, unless a link on the way leads out of it. */
static bool is_covered(const struct follow *f)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC | O_NOFOLLOW,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
    const char *rest = f->rest + strspn(f->rest, "/");
    struct stat st;
    bool covered;
    int fd;
    if (!f->at->granted || f->at->readonly || f->at->fd < 0)
        return false;
    fd = (int)syscall(SYS_openat2, f->at->fd, rest[0] ? rest : ".", &how, sizeof how);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR || errno == EACCES;
    covered = fstat(fd, &st) == 0 && !S_ISLNK(st.st_mode);
    close(fd);
    return covered;
}

static int follow_link(struct follow *f, const struct tree *tree, int link_fd)
{
    char target[PATH_MAX];
    ssize_t len = readlinkat(link_fd, "", target, sizeof target);
    size_t rest = strlen(f->rest);
    if (len < 0)
        return -errno;
    if (++f->links > LINKS_MAX)
        return -ELOOP;
    if ((size_t)len + rest + 2 > sizeof f->rest)
        return -ENAMETOOLONG;
    memmove(f->rest + len + 1, f->rest, rest + 1);
    memcpy(f->rest, target, (size_t)len);
    f->rest[len] = '/';
    if (target[0] == '/')
        f->at = (struct node *)&tree->root;
    return 0;
}

static void grant_node(struct node *node, enum grant_kind kind)
{
    bool readonly = kind == GRANT_READONLY;
    node->readonly = node->granted ? node->readonly && readonly : readonly;
    node->granted = true;
    if (kind == GRANT_ENTRY)
        node->entry = true;
}

/* f->at becomes the child that fd, if any, is of; or what a link points to is put before rest. Consumes fd.
 */
static int enter(struct tree *tree, struct follow *f, struct node *node, int fd, mode_t mode, bool last,
                 enum grant_kind kind)
{
    int err = 0;
    f->at = node;
    if (last)
        grant_node(node, kind);
    if (fd < 0)
        return 0; /* a name that can be created */
    if (S_ISLNK(mode)) {
        if (!node->granted)
            grant_node(node, GRANT_READONLY);
        f->at = node->parent;
        err = follow_link(f, tree, fd);
    }
    if (node->fd < 0 && (!last || kind == GRANT_READONLY || S_ISDIR(mode))) {
        node->fd = fd;
        node->is_dir = S_ISDIR(mode);
        return err;
    }
    close(fd);
    return err;
}

static int step(struct tree *tree, struct follow *f, const char *name, enum grant_kind kind)
{
    bool last = f->rest[strspn(f->rest, "/")] == '\0';
    struct node *node = tree_child(tree, f->at, name);
    struct stat st = {0};
    int fd;
    if (node && node->is_dir && !last) {
        f->at = node;
        return 0;
    }
    fd = openat(f->at->fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && !(errno == ENOENT && last && kind == GRANT_ENTRY))
        return -errno;
    if (last || (fd >= 0 && fstat(fd, &st) == 0 && S_ISLNK(st.st_mode))) {
        int err = within_limit(tree, f->at, name, &kind);
        if (!err && fd < 0 && kind == GRANT_READONLY)
            err = -ENOENT;
        if (err) {
            close(fd);
            return err;
        }
    }
    if (fd >= 0 && fstat(fd, &st) == 0 && !last && !S_ISDIR(st.st_mode) && !S_ISLNK(st.st_mode)) {
        close(fd);
        return -ENOTDIR;
    }
    if (!node && !(node = child_or_new(tree, f->at, name))) {
        close(fd);
        return -ENOMEM;
    }
    return enter(tree, f, node, fd, st.st_mode, last, kind);
}

static int start(struct tree *tree, struct follow *f, const char *path)
{
    if (!path[0])
        return -ENOENT;
    if (path[0] != '/' && !tree->cwd_node)
        return -ENOENT;
    if (strlen(path) >= PATH_MAX)
        return -ENAMETOOLONG;
    f->at = path[0] == '/' ? &tree->root : tree->cwd_node;
    f->links = 0;
    strcpy(f->rest, path);
    return 0;
}

static int follow(struct tree *tree, struct follow *f, enum grant_kind kind)
{
    char name[NAME_MAX + 1];
    int err = 0;
    while (!is_covered(f) && next_name(f, name, &err)) {
        if (strcmp(name, ".") == 0)
            continue;
        if (strcmp(name, "..") == 0) {
            f->at = f->at->parent;
            continue;
        }
        err = step(tree, f, name, kind);
        if (err)
            break;
    }
    return err;
}

int tree_grant(struct tree *tree, const char *path, enum grant_kind kind)
{
    struct follow f;
    int err = start(tree, &f, path);
    if (!err)
        err = follow(tree, &f, kind);
    /* A path that ends in "..", "." or "/" names a directory that is already a node. */
    if (!err && !f.at->granted && !is_covered(&f)) {
        err = within_limit(tree, f.at, NULL, &kind);
        if (!err)
            grant_node(f.at, kind);
    }
    return err;
}

/* The node at path, which has no symbolic links; NULL: none. */
static struct node *find_node(const struct tree *tree, const char *path)
{
    const struct node *node = &tree->root;
    while (node && *(path += strspn(path, "/"))) {
        char name[NAME_MAX + 1];
        size_t len = strcspn(path, "/");
        if (len > NAME_MAX)
            return NULL;
        memcpy(name, path, len);
        name[len] = '\0';
        node = tree_child(tree, node, name);
        path += len;
    }
    return (struct node *)node;
}

void tree_set_tmpdir(struct tree *tree, const char *tmpdir)
{
    char real[PATH_MAX];
    struct node *tmp = find_node(tree, "/tmp"), *dir = realpath(tmpdir, real) ? find_node(tree, real) : NULL;
    if (!tmp || tmp->granted || !dir || !dir->granted || dir->readonly || !dir->is_dir || dir == tmp)
        return;
    tree->tmp = tmp;
    tree->tmpdir = dir;
}

struct node *tree_grant_fd(struct tree *tree, int fd, uint32_t number)
{
    char name[16];
    struct node *node;
    snprintf(name, sizeof name, "/%u", number); /* no walk asks for a name with a slash */
    node = child_or_new(tree, &tree->root, name);
    if (!node || node->fd >= 0)
        return node;
    node->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (node->fd < 0)
        return NULL;
    node->is_dir = true;
    node->granted = true;
    return node;
}

/* ---- the tree itself ---- */

/* Its ancestors need not be readable or searchable for us: the directory itself is opened as it is. */
static int grant_cwd(struct tree *tree)
{
    struct follow f;
    char name[NAME_MAX + 1];
    enum grant_kind kind = GRANT_ENTRY;
    int err, fd = open(".", O_PATH | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    err = start(tree, &f, tree->cwd);
    while (!err && next_name(&f, name, &err)) {
        struct node *node = child_or_new(tree, f.at, name);
        if (!node)
            err = -ENOMEM;
        else if (node->fd < 0)
            node->fd = openat(f.at->fd, name, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);
        if (!err)
            node->is_dir = node->fd >= 0;
        f.at = node;
    }
    if (err) {
        close(fd);
        return err;
    }
    if (f.at->fd >= 0)
        close(f.at->fd);
    f.at->fd = fd;
    f.at->is_dir = true;
    tree->cwd_node = f.at;
    if (within_limit(tree, f.at, NULL, &kind) == 0)
        grant_node(f.at, kind);
    f.at->entry = false; /* this directory, whatever stands at its name later */
    return 0;
}

int tree_cwd(char path[PATH_MAX])
{
    const char *base;
    ssize_t len;
    if (getcwd(path, PATH_MAX))
        return path[0] == '/' ? 0 : -ENOENT; /* "(unreachable)": it lies outside our root */
    if (errno != ENOENT)
        return -errno;
    len = readlink("/proc/self/cwd", path, PATH_MAX - 1);
    if (len < 0)
        return -errno;
    path[len] = '\0';
    if (path[0] != '/')
        return -ENOENT;
    base = strrchr(path, '/');
    memmove(path, base, strlen(base) + 1);
    return 0;
}

int tree_init(struct tree *tree, const struct limit *limit)
{
    *tree = (struct tree){.limit = limit};
    tree->root.parent = &tree->root;
    tree->root.name = "";
    tree->root.fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    tree->root.is_dir = true;
    if (tree->root.fd < 0)
        return -errno;
    if (rehash(tree, 64))
        return -ENOMEM;
    /* A directory that lies outside our root or may not be searched is not given; all else is. */
    if (tree_cwd(tree->cwd) || grant_cwd(tree))
        strcpy(tree->cwd, "/");
    return 0;
}

static int add_to_limit(const struct node *node, struct limit *limit)
{
    char path[PATH_MAX], *copy;
    int err = 0;
    if (strchr(node->name, '/'))
        return 0; /* of tree_grant_fd(): it has no name */
    if (node->granted && tree_path(node, path) == 0) {
        copy = strdup(path);
        err = copy ? limit_add(limit, copy, node->is_dir || (node->entry && !node->readonly), node->readonly)
                   : -ENOMEM;
    }
    for (const struct node *child = node->first; child && !err; child = child->next)
        err = add_to_limit(child, limit);
    return err;
}

int tree_to_limit(const struct tree *tree, struct limit *limit)
{
    return add_to_limit(&tree->root, limit);
}

void tree_free(struct tree *tree)
{
    for (unsigned i = 0; i < tree->buckets; i++) {
        for (struct node *n = tree->bucket[i], *next; n; n = next) {
            next = n->hash_next;
            if (n->fd >= 0)
                close(n->fd);
            free(n->name);
            free(n);
        }
    }
    free(tree->bucket);
    free(tree->kept);
    if (tree->root.fd >= 0)
        close(tree->root.fd);
}
