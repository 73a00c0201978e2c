/*
 * shmdir.h - names below /dev/shm, where shm_open(3) and sem_open(3) keep their files.
 *
 * A name there that the command was given is the host's, as any. Others are memory of this machine
 * (memfile.h), which all its processes share and no other machine sees; they go with it. So sem_open() in a
 * program and its forks works, and one that was started as another VM does not find the name.
 */
#ifndef GUEST_SHMDIR_H
#define GUEST_SHMDIR_H

#include "memfile.h"

/* The component behind /dev/shm/ of a path that has just one; else NULL. */
const char *shm_component(const char *path);
/* The file of such a path; NULL: no such name here. Not a reference. */
struct memfile *shm_find(const char *path);
struct memfile *shm_by_ino(uint32_t ino);

/* Name number i. false: there are no more. */
bool shm_entry(uint64_t i, char name[256]);

/* path has a component, and shm_find() says that there is none. 0 or -errno. */
int shm_create(const char *path, uint32_t flags, uint32_t mode, struct file **file);
/* path is a name here. */
void shm_unlink(const char *path);
/* path has a component. -EEXIST, -ENOMEM. */
int shm_link(struct memfile *m, const char *path);

#endif
