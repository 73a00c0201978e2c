/* rom.h - makes the file that all VMs have in common (vmproc/rom_abi.h). */
#ifndef VMPROC_DAEMON_ROM_H
#define VMPROC_DAEMON_ROM_H

#include <stdint.h>

/*
 * Makes it at path of the files guest (guest.rom) and resident ("": none), and tells its size. What was there is
 * replaced: a VM never sees half a file. 0 or -errno; -EINVAL: guest is something else.
 */
int rom_make(const char *guest, const char *resident, const char *path, uint32_t *bytes);

#endif
