/*
 * bounce.h - the bounce buffer: what is read into it, the guest of this VM finds in its machine's memory
 * (vmproc/bounce_abi.h).
 *
 * Nothing is ever read from it here, and only the kernel writes to it: its file lies with QEMU, and if that could cut it
 * short after all, a read(2) would say EFAULT.
 */
#ifndef SHIM_BOUNCE_H
#define SHIM_BOUNCE_H

#include "vmproc/bounce_abi.h"

#include <stdint.h>
#include <sys/types.h>

struct bounce {
    int fd;         /* of its file until it is mapped; -1: none */
    uint8_t *bytes; /* mapped when it is first used; NULL: not yet, or it cannot be */
};

/*
 * One pread(2) of fd, or read(2) where offset is -1, of count bytes to place at of the buffer. Bytes or -errno; -EFAULT,
 * with nothing read: there is no such place.
 */
ssize_t bounce_read(struct bounce *bounce, uint32_t at, uint32_t count, int fd, int64_t offset);

void bounce_free(struct bounce *bounce);

#endif
