/* state_file.h - where vmprocd keeps what it has to know the next time. */
#ifndef VMPROC_DAEMON_STATE_FILE_H
#define VMPROC_DAEMON_STATE_FILE_H

#include <limits.h>
#include <stdbool.h>

/*
 * $XDG_STATE_HOME/fleetsh/NAME, else ~/.local/state/fleetsh/NAME. make: also makes the directories on the way. 0, or
 * -errno.
 */
int state_file_path(const char *name, bool make, char path[PATH_MAX]);

#endif
