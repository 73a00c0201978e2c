/*
 * special.h - names that the guest answers itself, whatever the host has there:
 *
 *   /dev/null zero full random urandom tty, /dev/fd/N, /dev/stdin stdout stderr (opening one of these four is
 * dup(2)) /proc/self (or /proc/PID): exe cwd root fd/N cmdline environ stat status statm maps comm mounts
 *   /proc: self, a link to PID; meminfo uptime loadavg stat cpuinfo version mounts
 *
 *   /dev/shm/NAME, when it is one of this machine's (shmdir.h), and /dev/shm where the host has none to give
 *
 *   /etc/resolv.conf, when names are the shim's to answer
 *
 * Anything else below /proc, and /etc/busybox.conf, do not exist: the host's must not show through.
 */
#ifndef GUEST_SPECIAL_H
#define GUEST_SPECIAL_H

#include "file.h"
#include "path.h"

/* Is the absolute path one of them? Then p->special is set. */
/* EXEC_RESOLVER: /etc/resolv.conf is ours. */
void special_has_resolver(bool on);

bool special_find(const char *name, struct path *p);
/* The host does not give that absolute path: is it /dev/shm? Likewise. */
bool special_find_shm(const char *name, struct path *p);

/* Those that can be listed and be the working directory. */
enum special_dir { DIR_PROC, DIR_SELF, DIR_FD, DIR_SHM };
#define SPECIAL_NAME_MAX 256u

const char *special_dir_name(enum special_dir dir); /* absolute path */
void special_dir_stat(enum special_dir dir, struct kstat *st);
/* Entry i, "." and ".." included. false: there are no more. */
bool special_entry(enum special_dir dir, uint64_t i, char name[SPECIAL_NAME_MAX], uint8_t *type);
const char *special_is_dir(const struct path *p); /* its absolute path; NULL: it is none */

int specialdir_open(enum special_dir which, uint32_t flags, struct file **file);
const char *specialdir_path(const struct file *f); /* NULL: no such directory */

int special_open(struct path *p, uint32_t flags, struct file **file);
int special_stat(struct path *p, unsigned flags, struct kstat *st);
/* Of what a descriptor's name stands for; a device of the guest takes any attribute and keeps none. */
int special_setattr(const struct path *p, const struct kattr *attr);
int special_statfs(const struct path *p, struct statfs *st);
struct memfile;
struct memfile *special_memfile(const struct path *p); /* NULL: it is no name of shmdir.h */
long special_readlink(struct path *p, char *buf, size_t size);

#endif
