/*
 * boot.h - VMs that boot an image of the user's (BOOT, vmproc/boot_plan.h) instead of our guest.
 *
 *   BOOT -> waits for the router, and for room under the limits -> VM is STARTING -> GRANT: LEASED at once
 *
 * They have the states of any VM (vm.h), but are nobody's while they start but their lease's: they are not
 * part of the chain, never wait as WARM and are not used again. Their guest does not know us: it is destroyed
 * when its lease ends, and how it ends its machine by itself is told to the shim (ENDED).
 *
 * The console is a socket on which vmprocd listens and to which QEMU connects when it starts, so that no byte
 * is lost however soon the guest writes or ends. Likewise exit: a device that passes on what is written to an
 * I/O port; and net: the frames of its network device, which go to its shim.
 */
#ifndef VMPROC_DAEMON_BOOT_H
#define VMPROC_DAEMON_BOOT_H

#include "domxml.h"
#include "vm.h"
#include "vmproc/boot_plan.h"

#define BOOT_PATH 320

enum boot_socket { BOOT_CONSOLE, BOOT_EXIT, BOOT_NET, BOOT_NSOCKETS };

struct boot {
    struct boot_plan plan; /* its descriptors are ours here */
    struct client *client; /* whom it is for, until that is granted it, or has gone */
    struct vm *vm;         /* NULL: not started yet */
    struct domain_spec spec;
    struct router_facts router;                              /* the spec's */
    char kernel[BOOT_PATH], initrd[BOOT_PATH], overlay[108]; /* what QEMU opens; "" when there is none */
    int listener[BOOT_NSOCKETS];                             /* -1: none, or closed */
    int connection[BOOT_NSOCKETS];
    enum vmp_end end; /* 0: not yet */
    uint64_t look_ns; /* uv_hrtime(): when its processor was last looked at */
};

/* fds: the plan, then its files; they stay the caller's. NULL with why when that is no plan. */
struct boot *boot_new(const int fds[], unsigned nfds, const char **why);
void boot_free(struct boot *boot); /* NULL is allowed */

/* Starts what waits there, as far as router and limits allow. */
void boot_start_waiting(struct router *r);
/* The client has been granted its VM, or been refused, or has gone. */
void boot_cancel(struct client *client);

/* Makes the sockets. 0, or -errno. */
int boot_listen(struct vm *vm);
/* In a worker, before libvirt is asked: puts the files where QEMU can open them. 0, or -1 with error. */
int boot_prepare(struct boot *boot, char error[256]);
/* QEMU has started: takes its connections. 0, or -errno. */
int boot_connected(struct boot *boot);
/* Fills fds with the connections, which are the caller's from now on. Returns how many. */
unsigned boot_take_connections(struct boot *boot, int fds[BOOT_NSOCKETS]);

/* ---- what others report ---- */
void boot_failed(struct vm *vm, const char *why); /* it could not be started */
/* A QMP event of that domain, with its JSON data. */
void boot_monitor_event(struct router *r, const char *domain, const char *event, const char *data);
/* Whether that event is one that the former wants to know. */
bool boot_wants_event(const char *event, const char *data);

/* The timer that looks for processors that stand still. */
void boot_watch_init(struct daemon *d);
void boot_watch_begins(struct daemon *d);
/* In a worker: whether the registers that QEMU prints are of a processor that will never run again. */
bool boot_is_halted(const char *registers);

#endif
