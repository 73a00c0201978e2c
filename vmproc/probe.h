/*
 * probe.h - what a file is that may be booted: by notes and headers at the places where their standards put
 * them, never by its name.
 *
 *   ELF      PVH: a note "Xen" of type 18 (XEN_ELFNOTE_PHYS32_ENTRY)
 *            multiboot 1: a header in the first 8 KiB, at a multiple of 4
 *            multiboot 2: a header in the first 32 KiB, at a multiple of 8
 *   bzImage  Linux's setup header: 0xaa55 at 0x1fe, "HdrS" at 0x202
 *   disk     qcow2's magic; or raw: whole sectors, a boot sector's 0xaa55 at 0x1fe
 *
 * What system made it is guessed by its notes and texts, and decides about conventions only.
 */
#ifndef VMPROC_PROBE_H
#define VMPROC_PROBE_H

#include <stdbool.h>
#include <stdint.h>

enum probe_format {
    PROBE_PVH = 1u << 0,
    PROBE_MULTIBOOT = 1u << 1,
    PROBE_MULTIBOOT2 = 1u << 2,
    PROBE_LINUX = 1u << 3,
    PROBE_QCOW2 = 1u << 4,
    PROBE_RAW = 1u << 5,
};

enum probe_system {
    PROBE_UNKNOWN,
    PROBE_FLEETSH, /* made by mkunikernel */
    PROBE_SOLO5,
    PROBE_UNIKRAFT,
    PROBE_NANOS,
    PROBE_OSV,
    PROBE_NSYSTEMS
};

struct probe {
    unsigned formats; /* enum probe_format; 0: nothing that can be booted */
    enum probe_system system;
    uint32_t cmdline_max;     /* bytes that it takes, 0: not said */
    uint64_t disk_bytes;      /* of the virtual disk */
    const char *not_bootable; /* why this file cannot be booted, though it looks so; NULL: it can */
};

/* deep: reads all of it for texts that tell the system. 0, or -errno. */
int probe_file(int fd, bool deep, struct probe *probe);

/* "PVH", "multiboot 2"... of one format. */
const char *probe_format_name(unsigned format);
const char *probe_system_name(enum probe_system system);

#endif
