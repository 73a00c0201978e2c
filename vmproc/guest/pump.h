/*
 * pump.h - kernel tasks that carry bytes from one file to another: between a wire and the pipe of the host
 * that a program got in its place, because a child in another VM is to share it.
 */
#ifndef GUEST_PUMP_H
#define GUEST_PUMP_H

#include "file.h"

/* Takes over both references. 0 or -ENOMEM. */
int pump_start(struct file *from, struct file *to);

/* The program has ended: waits until all that was written to pipes has gone into the wire. */
void pump_finish(void);

#endif
