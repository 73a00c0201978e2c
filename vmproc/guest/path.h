/*
 * path.h - path names: which file they lead to.
 *
 * Paths are the host's, over 9P from the tree's root or the current directory; symbolic links are followed
 * here, as the server stops at them. /dev/null and its like, /dev/fd and /proc/self are answered in the guest
 * (special.h).
 */
#ifndef GUEST_PATH_H
#define GUEST_PATH_H

#include "file.h"

#define PATH_FOLLOW 1u /* the last component, too, when it is a symbolic link */
#define PATH_NO_FID 2u /* none is wanted */
#define PATH_TARGET 4u /* the last component, when it is a symbolic link, ends the walk in p->target */
#define PATH_LEND   8u /* where the walk begins may be lent: for the requests of this call alone */

struct special;

/* Where a walk has led: a fid (path_done()), or a special file. */
struct path {
    uint32_t fid;
    uint8_t qid_type;
    const struct special *special;
    uint32_t special_arg; /* N of /dev/fd/N */
    char *where;          /* in: NULL, or a page that gets the absolute path without links */
    /* in: what is to be done with the file, in the same round trip: P9_REACH_ATTR, OPEN, CREATE */
    uint32_t how, open_flags, mode;
    struct kstat *st; /* with ATTR */
    uint64_t since;   /* in, for p9file_new(): when st was asked for, or before */
    unsigned asked;   /* out: requests that were answered */
    bool opened;      /* out: OPEN was done */
    bool lent;        /* out: the fid is another's */
    char *target;     /* in, with PATH_TARGET: size bytes; out: not NUL-terminated */
    size_t size;
    long target_len; /* out: -1: it was no link */
};

/* dirfd is of *at(2): AT_FDCWD or a directory's descriptor. */
int path_walk(int dirfd, const char *name, unsigned flags, struct path *p);
void path_done(struct path *p); /* gives the fid back */
void path_forget(void);         /* after a rehearsal: nothing is known of the host's names */

/* For calls that make or remove a name: the directory's fid in *p, the last component in last (256 bytes). */
int path_parent(int dirfd, const char *name, struct path *p, char *last);

/* open(2); *file is one reference. */
int path_open(int dirfd, const char *name, uint32_t flags, uint32_t mode, struct file **file);
int path_stat(int dirfd, const char *name, unsigned flags, struct kstat *st);
/* The target of a symbolic link, not NUL-terminated; its length or -errno. */
long path_readlink(int dirfd, const char *name, char *buf, size_t size);

/* The absolute path of the directory, cleaned of links, "." and ".."; into current->cwd. */
int path_chdir(int dirfd, const char *name);

#endif
