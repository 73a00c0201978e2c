/* p9_fid.c - the table of fids. */
#include "p9_fid.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct fid **slot_of(struct p9 *p9, uint32_t number)
{
    return &p9->fid[(number * 2654435761u) >> 24];
}

_Static_assert(P9_FID_BUCKETS == 256, "slot_of takes eight bits");

struct fid *fid_find(const struct p9 *p9, uint32_t number)
{
    struct fid *f = *slot_of((struct p9 *)p9, number);
    while (f && f->number != number)
        f = f->next;
    return f;
}

int fid_add(struct p9 *p9, uint32_t number, struct fid **fid)
{
    struct fid **slot = slot_of(p9, number), *f;
    if (number == P9_NOFID)
        return -EINVAL;
    if (fid_find(p9, number))
        return -EBUSY;
    if (p9->nfids == P9_MAX_FIDS)
        return -ENFILE;
    f = calloc(1, sizeof *f);
    if (!f)
        return -ENOMEM;
    f->number = number;
    f->refs = 1;
    f->path_fd = -1;
    f->next = *slot;
    *slot = f;
    p9->nfids++;
    *fid = f;
    return 0;
}

void fid_unref(struct fid *fid)
{
    assert(fid->refs > 0);
    if (--fid->refs)
        return;
    if (fid->file && !fid->inherited)
        file_unref(fid->file);
    if (fid->inherited)
        inherit_unuse(fid->inherited);
    if (fid->path_fd >= 0)
        close(fid->path_fd);
    free(fid->below);
    free(fid);
}

void fid_remove(struct p9 *p9, struct fid *fid)
{
    struct fid **slot = slot_of(p9, fid->number);
    while (*slot != fid)
        slot = &(*slot)->next;
    *slot = fid->next;
    p9->nfids--;
    fid_unref(fid);
}

int fid_fd(const struct fid *fid)
{
    if (fid->inherited)
        return fid->inherited->file.fd;
    if (fid->file)
        return fid->file->fd;
    return fid->real ? fid->path_fd : fid->node->fd;
}

int p9_open_fd(const struct p9 *p9, uint32_t number)
{
    const struct fid *fid = fid_find(p9, number);
    int fd = fid && fid->opened && fid->file ? fcntl(fid->file->fd, F_DUPFD_CLOEXEC, 3) : -1;
    return fd >= 0 ? fd : fid && fid->opened && fid->file ? -errno : -EBADF;
}

void fid_proc_path(const struct fid *fid, char path[FID_PROC_PATH_MAX])
{
    snprintf(path, FID_PROC_PATH_MAX, "/proc/self/fd/%d", fid_fd(fid));
}

int fid_stat(const struct fid *fid, struct stat *st)
{
    return fstat(fid_fd(fid), st) ? -errno : 0;
}

/* ---- qids: unique and stable; the inode number itself for the first device, so that `ls -i` tells the truth
 * ---- */

#define INODE_BITS 48

static uint64_t qid_path(struct p9 *p9, uint64_t dev, uint64_t ino)
{
    unsigned i;
    for (i = 0; i < p9->ndevices && p9->device[i] != dev; i++)
        ;
    if (i == p9->ndevices && i < P9_MAX_DEVICES)
        p9->device[p9->ndevices++] = dev;
    if (i < P9_MAX_DEVICES && ino >> INODE_BITS == 0)
        return (uint64_t)i << INODE_BITS | ino;
    /* Huge inode numbers (some network and overlay file systems): mixed, with a bit that the others never
     * have. */
    return (dev * 0x9e3779b97f4a7c15u ^ ino * 0xff51afd7ed558ccdu) | 1ull << 63;
}

struct p9_qid qid_of_stat(struct p9 *p9, const struct stat *st)
{
    return (struct p9_qid){
        .type = S_ISDIR(st->st_mode)   ? P9_QTDIR
                : S_ISLNK(st->st_mode) ? P9_QTSYMLINK
                                       : P9_QTFILE,
        .version = (uint32_t)(st->st_mtim.tv_sec ^ st->st_mtim.tv_nsec ^ st->st_size),
        .path = qid_path(p9, st->st_dev, st->st_ino),
    };
}

struct p9_qid qid_of_entry(struct p9 *p9, uint64_t dev, uint64_t ino, unsigned char d_type)
{
    return (struct p9_qid){
        .type = d_type == 4    ? P9_QTDIR
                : d_type == 10 ? P9_QTSYMLINK
                               : P9_QTFILE,
        .path = qid_path(p9, dev, ino),
    };
}
