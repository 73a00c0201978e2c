/*
 * special.h - names that the guest answers itself, whatever the host has there:
 *
 *   /dev/null zero full random urandom tty, /dev/fd/N, /dev/stdin stdout stderr (opening one of these four is
 * dup(2)) /proc/self (or /proc/PID): exe cwd fd/N cmdline environ stat status statm maps comm mounts /proc:
 * meminfo uptime loadavg stat cpuinfo version mounts
 *
 * Anything else below /proc, and /etc/busybox.conf, do not exist: the host's must not show through.
 */
#ifndef GUEST_SPECIAL_H
#define GUEST_SPECIAL_H

#include "path.h"

/* Is the absolute path one of them? Then p->special is set. */
bool special_find(const char *name, struct path *p);

int special_open(struct path *p, uint32_t flags, struct file **file);
int special_stat(struct path *p, unsigned flags, struct kstat *st);
long special_readlink(struct path *p, char *buf, size_t size);

#endif
