/* overlay.h - an empty qcow2 image: what a VM writes to its disk goes there, and away with it. */
#ifndef VMPROC_DAEMON_OVERLAY_H
#define VMPROC_DAEMON_OVERLAY_H

#include <stdint.h>

/* A disk of so many bytes (rounded up to sectors), all of which are its backing file's. That is not named in
 * it, but in the domain. 0, -EFBIG above 4 TiB, -errno. */
int overlay_write(int fd, uint64_t disk_bytes);

#endif
