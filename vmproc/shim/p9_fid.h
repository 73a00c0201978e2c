/*
 * p9_fid.h - fids, and the places in the tree that they stand for.
 */
#ifndef SHIM_P9_FID_H
#define SHIM_P9_FID_H

#include "p9.h"

#include <limits.h>
#include <sys/stat.h>

/* NULL: unknown. */
struct fid *fid_find(const struct p9 *p9, uint32_t number);

/* A new fid with that number in the table. -EBUSY: taken; -ENFILE: too many; -ENOMEM. */
int fid_add(struct p9 *p9, uint32_t number, struct fid **fid);
void fid_remove(struct p9 *p9, struct fid *fid);
void fid_unref(struct fid *fid);

/* A descriptor of the object for fstat and the like; may be O_PATH; stays the fid's. -1: closed by the
 * program. */
int fid_fd(const struct fid *fid);

/* May not be changed through this fid. */
static inline bool fid_readonly(const struct fid *fid)
{
    return fid->node && fid->node->granted && fid->node->readonly;
}

/* Path that opens the fid's own object anew, whatever its name is by now: for calls that take no descriptor.
 */
#define FID_PROC_PATH_MAX 32
void fid_proc_path(const struct fid *fid, char path[FID_PROC_PATH_MAX]);

/* Where a walk has got to. */
struct place {
    struct node *node;
    bool real;
    int fd; /* real: O_PATH, owned; else -1 */
    char below[PATH_MAX];
};

/* 0 or -errno. */
int place_of_fid(struct place *place, const struct fid *fid);

/* One name further; ".." ends at the root of the tree. On failure the place is as before. 0 or -errno. */
int place_step(const struct p9 *p9, struct place *place, const char *name);

/* 0 or -errno, and then nothing is to be released. */
int place_copy(struct place *to, const struct place *from);

void place_release(struct place *place);

/* Makes fid stand for the place, which is used up. 0 or -errno. */
int place_into_fid(struct place *place, struct fid *fid);

/*
 * The directory descriptor in which name may be created, replaced or removed by way of fid. It stays fid's
 * (or its node's). -EACCES: not given, -EROFS: given for reading only, -EINVAL: "." or "..".
 */
int fid_entry(const struct p9 *p9, const struct fid *fid, const char *name, int *dir_fd);

/* Where a new file of that name goes when fid is a /tmp that is not given (tree_set_tmpdir()); it stays the node's. -1: not. */
int fid_tmpdir(const struct p9 *p9, const struct fid *fid, const char *name);

/*
 * The directory descriptor (the caller closes it) and name by which fid's own object was reached, for
 * requests that name a thing by its fid alone. 0 or -errno as fid_entry.
 */
int fid_own_entry(const struct p9 *p9, const struct fid *fid, int *dir_fd, const char **name);

/* ---- kept.c ---- */

/* Whether fd's object is the store or in it: not to be changed. */
bool kept_holds(const struct tree *tree, int fd);

/* Whether name in that directory is the store, or a directory on the way to it: not to be moved or removed. */
bool kept_leads(const struct tree *tree, int dir_fd, const char *name);

/* Says that name (or "": itself) at node and below it was refused; returns err. */
int place_refused(const struct p9 *p9, const struct node *node, const char *below, const char *name, int err);

struct p9_qid qid_of_stat(struct p9 *p9, const struct stat *st);
struct p9_qid qid_of_entry(struct p9 *p9, uint64_t dev, uint64_t ino, unsigned char d_type);

/* fstat of what fid stands for: 0 or -errno. */
int fid_stat(const struct fid *fid, struct stat *st);

#endif
