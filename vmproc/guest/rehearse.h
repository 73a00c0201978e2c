/*
 * rehearse.h - commands that are run between READY and EXEC, for their translation by TCG only.
 *
 * TCG translates code when it first runs, which makes the first command many times as slow as the next. Its
 * translations belong to physical pages, and the text of the kernel and of the resident program stays at the
 * same ones: so what runs while the machine waits is paid for by nobody. READY comes first, and EXEC ends a
 * rehearsal at its next return to ring 3: who is in a hurry gets a cold guest half as late as a warm one. The
 * rehearsed commands get a pretended host: queues of the ports out and 9p that no device knows, and a 9P
 * server of one file (rehearse_host.c). Nothing of them is left when EXEC is acted on but the translations.
 *
 * In a machine with ROM translations outlive a reset, so what has been held is not held again. How many that are
 * is the one thing that is read from before a reset; whoever falsifies it makes his own successor slow.
 */
#ifndef GUEST_REHEARSE_H
#define GUEST_REHEARSE_H

#include "ctl.h"

/* The next rehearsal as an EXEC message (static, not to be freed); false when all have been held or EXEC has
 * come. */
/* What a host that is played does with standard input and output, when it is no rehearsal. */
struct host_play {
    uint32_t (*input)(void *to, uint32_t most); /* bytes; 0 at the end; NO_INPUT: none yet */
    void (*output)(const void *bytes, uint32_t n);
};
#define NO_INPUT UINT32_MAX

bool rehearse_next(struct exec_message *m);

/* The kernel has nothing to do. In a rehearsal: lets the pretended host act and returns true. */
bool rehearse_idle(void);

/* rehearse_host.c: before the first rehearsal, after each, after the last. */
bool rehearse_host_begin(const struct host_play *play); /* NULL: a rehearsal */
void rehearse_host_reset(void);
void rehearse_host_end(void);
/* Answers what has been sent. False: nothing had been, so whoever waits would wait for ever. */
bool rehearse_host_step(void);

#endif
