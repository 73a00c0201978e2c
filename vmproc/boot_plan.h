/*
 * boot_plan.h - how a bootable image becomes a VM, and what its end means.
 *
 *   image spec, or the image itself --vmproc-spec--> struct boot_plan --memfd--> shim --BOOT--> vmprocd
 *
 * vmproc-spec has opened the files by then, as the user, so what was looked at is what is booted. The plan is
 * a sealed memfd(2) that holds this struct; who reads it takes nothing in it for granted.
 */
#ifndef VMPROC_BOOT_PLAN_H
#define VMPROC_BOOT_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#define BOOT_PLAN_VERSION 2u
#define BOOT_CMDLINE_MAX  16383u /* bytes without NUL */
#define BOOT_AWAITED_MAX  63u

enum boot_load {
    BOOT_LOAD_KERNEL,    /* QEMU's -kernel knows it: PVH, multiboot 1, Linux */
    BOOT_LOAD_MULTIBOOT, /* our loader is the kernel, and the image is its module (vmproc/loader) */
    BOOT_LOAD_DISK,      /* the firmware boots the disk */
    BOOT_NLOADS
};

enum boot_machine { BOOT_MICROVM, BOOT_PC, BOOT_Q35, BOOT_NMACHINES };

/* What is standard output, and where standard input goes. */
enum boot_console {
    BOOT_SERIAL,   /* first serial port */
    BOOT_VIRTIO,   /* virtio-console, port 0 */
    BOOT_DEBUGCON, /* I/O port 0xe9, output only */
    BOOT_FIRMWARE, /* the BIOS's screen and keyboard, which it has on the first serial port */
    BOOT_NCONSOLES
};

enum boot_input {
    BOOT_INPUT_NONE, /* none: the guest never sees a byte */
    BOOT_INPUT_OPEN, /* bytes as they come; the end is not told */
    BOOT_INPUT_EOT,  /* the end is told by a byte 4, ^D */
    BOOT_NINPUTS
};

enum boot_disk {
    BOOT_NO_DISK,
    BOOT_DISK_OVERLAY, /* what is written goes to a file that is thrown away */
    BOOT_DISK_READ_ONLY,
    BOOT_DISK_READ_WRITE,
    BOOT_NDISKS
};

enum boot_bus { BOOT_BUS_VIRTIO, BOOT_BUS_IDE, BOOT_NBUSES };

struct boot_plan {
    uint32_t version;
    uint32_t load, machine, console, input, disk, bus; /* the enums above */
    uint32_t qcow2;                                    /* the disk's format; else raw */
    uint32_t unix_lines;                               /* CR before LF is taken out of the output */
    uint32_t exit_port;    /* I/O port: the first byte written there is the end; 0: there is none */
    uint32_t cmdline_len;  /* bytes without NUL */
    uint64_t memory_bytes; /* 0: the user's default */
    uint64_t disk_bytes;   /* of the virtual disk */
    int32_t kernel_fd, initrd_fd, disk_fd; /* the shim's; -1: none */
    /* Exit statuses. */
    uint8_t power_off, reset, panic, halt;
    uint8_t watch_halt;                     /* 1: the end has come when the processor stands still for good */
    uint8_t network;                        /* 1: a virtio network device (net_link.h) */
    uint8_t reserved[6];                    /* 0 */
    char input_after[BOOT_AWAITED_MAX + 1]; /* text in the output before which no input is given; "": none */
    uint8_t port_status[256];               /* by the byte written to exit_port */
    char cmdline[BOOT_CMDLINE_MAX + 1];
};

_Static_assert(sizeof(struct boot_plan) ==
                   64 + 4 * 3 + 12 + 256 + BOOT_AWAITED_MAX + 1 + BOOT_CMDLINE_MAX + 1,
               "boot_plan");

/* The exit port is that of a device with this many ports. */
#define BOOT_EXIT_PORTS 8u
#define BOOT_PANIC_PORT 0x505u

/* One at 0x501, which several systems use, leaves no room for pvpanic, which they do not use. */
static inline bool boot_has_panic_port(const struct boot_plan *plan)
{
    return plan->exit_port > BOOT_PANIC_PORT || plan->exit_port + BOOT_EXIT_PORTS <= BOOT_PANIC_PORT;
}

/* A sealed memfd that holds the plan, close-on-exec, the caller's; or -errno. */
int boot_plan_write(const struct boot_plan *plan);

/* Reads and checks what boot_plan_write() wrote; fd stays open. 0; -EINVAL: malformed; -errno. */
int boot_plan_read(struct boot_plan *plan, int fd);

/* The files of the plan in the order in which they travel: kernel, initrd, disk. Returns how many. */
unsigned boot_plan_files(const struct boot_plan *plan, int fds[3]);

#endif
