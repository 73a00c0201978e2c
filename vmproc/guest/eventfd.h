/* eventfd.h - eventfd(2): a counter to wait for. It is this machine's: a child in another VM does not get it.
 */
#ifndef GUEST_EVENTFD_H
#define GUEST_EVENTFD_H

#include "file.h"

#define EFD_SEMAPHORE 1u /* the others are O_CLOEXEC and O_NONBLOCK */

/* flags: EFD_SEMAPHORE, O_NONBLOCK. 0 or -ENOMEM. */
int eventfd_new(uint64_t initial, uint32_t flags, struct file **file);

#endif
