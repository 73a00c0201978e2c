/*
 * wire.h - VM-to-VM pipes over ports prev and next (vmproc/guest_abi.h has the frames).
 *
 *   writer    UNOPENED --first write or close--> OPEN --last close--> EOF_SENT --CLOSED came--> FINISHED
 *             CLOSED or a closed port at any time: BROKEN, writes are EPIPE
 *   reader    AWAIT_OPEN --right key--> FRAMES --EOF--> ENDED;  anything else: CUT, reads are EIO
 *
 * The reader says CLOSED when its last descriptor is closed, and also once EOF has arrived: then the writer
 * knows that everything has left the socket between the two QEMUs, which throws away what it holds when one
 * of them ends. What arrives is taken into the guest's memory as far as the receive pages go, whether the
 * program reads or not.
 */
#ifndef GUEST_WIRE_H
#define GUEST_WIRE_H

#include "file.h"

/* At EXEC: posts receive pages for the wires that the flags name, none for others. */
bool wire_open(const struct ctl_exec *exec);

/* One per open file description that uses the wire. */
void wire_in_ref(void);
void wire_in_unref(void);
void wire_out_ref(void);
void wire_out_unref(void); /* the last one sends EOF */

/* As read(2) and write(2). wait false: -EAGAIN instead. */
long wire_read(struct iobuf *to, bool wait);
long wire_write(struct iobuf *from, bool wait);
unsigned wire_in_poll(void);  /* POLLIN, POLLHUP, POLLERR */
unsigned wire_out_poll(void); /* POLLOUT, POLLERR */
struct waitq *wire_in_waitq(void);
struct waitq *wire_out_waitq(void);

/* The program has ended: returns when the reader has everything that was written, or will never. */
void wire_finish(void);

#endif
