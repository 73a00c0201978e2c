/*
 * recordlock.h - fcntl(2) locks on bytes of a file, of a process or of an open file description (F_OFD_SETLK).
 * To the host all processes of this machine are one (the shim), so here is who of them has what; other
 * machines' and the host's are the host's to know. Files that the host does not have are locked here alone.
 */
#ifndef GUEST_RECORDLOCK_H
#define GUEST_RECORDLOCK_H

#include "file.h"

/* F_GETLK; F_SETLK and, waiting, F_SETLKW; or F_OFD_GETLK...: arg is the program's struct flock. 0 or -errno. */
long record_lock_get(struct file *f, uint64_t arg, enum lock_kind kind);
long record_lock_set(struct file *f, uint64_t arg, enum lock_kind kind, bool wait);

/* current's process has closed a descriptor of f: its locks on that file are gone. May wait. */
void record_locks_closed(struct file *f);
/* The description's locks end; the host is to be told next that it does. May wait. */
void record_locks_end(const struct file *f);

#endif
