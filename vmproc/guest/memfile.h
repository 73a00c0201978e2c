/*
 * memfile.h - files in this machine's memory: memfd_create(2)'s, and those below /dev/shm (shmdir.h). Nobody
 * on another machine has them: not a child that executes a program either, which does not get their
 * descriptors.
 */
#ifndef GUEST_MEMFILE_H
#define GUEST_MEMFILE_H

#include "file.h"

struct memfile {
    unsigned refs;       /* names and open files */
    unsigned names;      /* of those: in /dev/shm */
    struct image *image; /* its bytes (shared.h) */
    uint32_t mode, ino;
    uint32_t seals;               /* F_SEAL_* */
    uint64_t atime, mtime, ctime; /* ns */
    char name[64];                /* memfd:NAME; empty: it is below /dev/shm */
};

/* One reference; NULL: no memory. name is memfd_create(2)'s, or "". */
struct memfile *memfile_new(const char *name, uint32_t mode);
struct memfile *memfile_ref(struct memfile *m);
void memfile_unref(struct memfile *m);

/* Flags as open(2)'s, O_TRUNC among them. 0 or -errno. */
int memfile_open(struct memfile *m, uint32_t flags, struct file **file);
struct memfile *memfile_of(const struct file *f); /* NULL: f is none */
void memfile_stat(const struct memfile *m, struct kstat *st);
void memfile_statfs(struct statfs *st); /* of all of them */
int memfile_setattr(struct memfile *m, const struct kattr *attr);

/* The bytes of f, a reference; NULL: f is no memory file. */
struct image *memfile_image(const struct file *f);

#endif
