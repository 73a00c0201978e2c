/*
 * remember.h - the router that was last found over DNS-SD, so that the next vmprocd need not look for it.
 *
 * $XDG_STATE_HOME/fleetsh/router (else ~/.local/state/fleetsh/router): lines key=value. The identity stays: a
 * record of another identity under the same name is not that router.
 */
#ifndef VMPROC_DAEMON_REMEMBER_H
#define VMPROC_DAEMON_REMEMBER_H

#include "browse.h"

int remember_read(
    struct record *record); /* 0, or -errno; what the file says is checked by record_acceptable() */
void remember_write(const struct record *record);

#endif
