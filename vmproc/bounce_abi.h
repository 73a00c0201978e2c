/*
 * bounce_abi.h - a bounce buffer: memory in which a guest finds what its shim has read from files for it.
 *
 * vmprocd makes one file per VM. The VM's QEMU has it as a part of the machine's memory (rom_abi.h) that can be read
 * only; the shim gets its descriptor with GRANT. A Tbread (p9.h) names the part into which the bytes of a file are to go; what
 * lies there has a meaning from the answer until the guest names that part again.
 */
#ifndef VMPROC_BOUNCE_ABI_H
#define VMPROC_BOUNCE_ABI_H

#define BOUNCE_BYTES (512u << 10)

#endif
