/*
 * replaced.h - whether what this vmprocd was started from has been replaced on disk: its own program, the
 * guest, its ROM, or what the toolbox leads to. Then the next command is another vmprocd's: docs/ARCHITECTURE.md,
 * Upgrades.
 */
#ifndef VMPROC_DAEMON_REPLACED_H
#define VMPROC_DAEMON_REPLACED_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#define REPLACED_FILES 4

struct replaced {
    struct {
        char path[PATH_MAX]; /* "": not looked at */
        struct stat was;
    } file[REPLACED_FILES];
};

/* Notes what is there now. */
void replaced_init(struct replaced *r);

/* Some stat(2)s. A file that is missing is not replaced yet. */
bool replaced_now(const struct replaced *r);

#endif
