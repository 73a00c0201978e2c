/*
 * tree.h - what the program can name: a tree of grants over the host's files.
 *
 * Each node stands for one host path without symbolic links in it. A granted node gives what is there: a
 * file, or a directory with all below it. The ancestors of granted nodes are shown as directories that hold
 * nothing but the way to the grants; a symbolic link met on the way to a grant is granted by itself, so that
 * the program can read it.
 *
 *   fixed   the object that was there when the command began (the current directory, the program, links on
 * the way) entry   the name: what stands there when it is asked for, and the right to create, replace and
 * remove it
 *
 * Invariants: paths are followed here, once, before the program has done anything; no later step follows a
 * symbolic link on the host. Nodes are never freed while the server lives.
 */
#ifndef SHIM_TREE_H
#define SHIM_TREE_H

#include "limit.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct node {
    struct node *parent; /* of the root: itself */
    struct node *next;   /* among the parent's children, in the order they were made */
    struct node *first, *last;
    struct node *hash_next;
    char *name;
    int fd;      /* O_PATH: directories, links, fixed objects; -1: an entry that is none of these */
    bool is_dir; /* fd is a directory's */
    bool granted;
    bool entry;    /* granted by name rather than as the object behind fd */
    bool readonly; /* of a granted one */
};

struct tree {
    struct node root;
    struct node **bucket;
    unsigned buckets, nodes;
    struct node *cwd_node;     /* NULL when it has no name */
    struct node *tmp, *tmpdir; /* tree_set_tmpdir(); NULL: none */
    char *kept;                /* kept_find(); NULL: nothing */
    char cwd[PATH_MAX];        /* "/" then */
    const struct limit *limit; /* nothing beyond it is granted; NULL: no limit */
};

/*
 * The current directory's name. One that was removed has none: it stands in the root then, where nothing that is granted
 * hides it, as what the kernel calls it: the last name that it had, and " (deleted)". 0 or -errno: it cannot be given.
 */
int tree_cwd(char path[PATH_MAX]);

/* A tree with nothing but the current directory granted, if it can be. limit may be NULL. 0 or -errno. */
int tree_init(struct tree *tree, const struct limit *limit);
void tree_free(struct tree *tree);

enum grant_kind {
    GRANT_ENTRY,    /* the name, read and write */
    GRANT_READONLY, /* the object there now, read only */
};

/*
 * Grants path (relative to the current directory, or absolute). A path that does not exist grants its last
 * name if the directory before it does. What a granted directory already holds is not granted again. 0 or
 * -errno.
 */
int tree_grant(struct tree *tree, const char *path, enum grant_kind kind);

/*
 * A grant of the directory behind fd (which stays the caller's), without a place in the tree: names lead into
 * it but not to it, and ".." from it to the root. number tells several apart. NULL: no memory.
 */
struct node *tree_grant_fd(struct tree *tree, int fd, uint32_t number);

/*
 * A file that is made in /tmp under a name that nobody knows yet (O_EXCL), as programs do whose authors knew no TMPDIR, is
 * made in tmpdir (absolute, granted) instead, and found there by the same command. Not when /tmp itself is granted, and no
 * other file: what a user looks for must not go where it is removed with the session.
 */
void tree_set_tmpdir(struct tree *tree, const char *tmpdir);

/* kept.c: looks where the user's store is, which no program may change. */
void kept_find(struct tree *tree);

/* The host path that node stands for. 0 or -ENAMETOOLONG. */
int tree_path(const struct node *node, char path[PATH_MAX]);

/* Adds all that the tree grants to limit; its paths are allocated. 0 or -ENOMEM. */
int tree_to_limit(const struct tree *tree, struct limit *limit);

/* NULL: not part of the tree. */
struct node *tree_child(const struct tree *tree, const struct node *parent, const char *name);

#endif
