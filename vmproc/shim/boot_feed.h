/*
 * boot_feed.h - standard input on its way to the console of a bootable image.
 *
 *   0 --op_start(OP_READ)--> buffer --> console's socket --> QEMU, as fast as the guest takes it
 *
 * Nobody tells when such a guest reads, so it is given what there is; but only a buffer at a time, the next
 * when QEMU has taken all of the last, so that little of what others may want to read is taken in vain. A
 * terminal is read only while the command is in its foreground.
 */
#ifndef SHIM_BOOT_FEED_H
#define SHIM_BOOT_FEED_H

#include "op.h"
#include "vmproc/boot_plan.h"

#define BOOT_FEED_BYTES 512

struct boot_feed {
    struct ops *ops;
    struct file *source; /* NULL: ended, or there is none */
    int console;         /* the caller's */
    bool terminal;
    bool tell_end; /* by a byte 4 */
    struct op op;
    bool reading;
    uint8_t buffer[BOOT_FEED_BYTES];
    size_t at, len; /* what has not been sent yet */
    uint64_t bytes; /* sent in all */
};

/* Standard input to console; how is enum boot_input of the plan. */
void boot_feed_start(struct boot_feed *feed, struct ops *ops, int console, uint32_t how);

/* Goes on: reads, or sends. To be called once in each turn of the loop. */
void boot_feed_advance(struct boot_feed *feed);

/* Whether the loop is to wait for room in the console. */
bool boot_feed_wants_room(const struct boot_feed *feed);

/* Whether it waits for its terminal's foreground, which nobody announces. */
bool boot_feed_waits_for_foreground(const struct boot_feed *feed);

/* What is being read is given up: nothing has been taken. */
void boot_feed_pause(struct boot_feed *feed);

#endif
