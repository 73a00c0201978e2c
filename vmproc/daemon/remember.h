/*
 * remember.h - routers that were found over DNS-SD and connected to, so that the next vmprocd need not look for them.
 *
 * $XDG_STATE_HOME/fleetsh/routers (else ~/.local/state/fleetsh/routers): lines key=value, an empty line after each
 * router; the one that was connected to last comes first. The identity stays: a record of another identity under the
 * same name is not that router. What the file says is checked by record_acceptable() as what the network says is.
 */
#ifndef VMPROC_DAEMON_REMEMBER_H
#define VMPROC_DAEMON_REMEMBER_H

#include "record.h"

#define REMEMBER_MAX 64

struct remembered {
    unsigned count;
    struct record records[REMEMBER_MAX];
};

void remember_read(struct remembered *remembered); /* none when there is no such file */

/* Puts that one first, here and in the file, which is left as it is when it says so already. */
void remember_note(struct remembered *remembered, const struct record *record);

#endif
