/* rehearse.h - the commands that are run before READY, for their translation by TCG only. */
#ifndef GUEST_REHEARSE_H
#define GUEST_REHEARSE_H

#include "ctl.h"

/* The next rehearsal as an EXEC message (static, not to be freed); false when all have been held. */
bool rehearse_next(struct exec_message *m);

#endif
