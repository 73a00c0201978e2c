/*
 * debug.h - DEBUG: a VM's QEMU listens for gdb at a socket in the work directory (workdir.h), s/N.gdb.
 *
 * gdb speaks to QEMU, and so sees the machine: guest and program, through what page tables are in force. While
 * it is attached, the machine goes on only when gdb says so; libvirt and the guest's shim need not know. A VM
 * that was looked at so is not used for another command.
 */
#ifndef VMPROC_DAEMON_DEBUG_H
#define VMPROC_DAEMON_DEBUG_H

#include "vmproc/vmprocd_proto.h"

#include <libvirt/libvirt.h>

#define DEBUG_SOCKET "gdb" /* for workdir_socket() */

struct client;
struct vm;

/* Answers at once with an error, or when QEMU has done it. */
void debug(struct client *client, const struct vmp_debug *ask);

/* The client, or the VM, is going: the answer will be nobody's. */
void debug_forget(struct client *client);

/* ---- in a worker (vm_job.h): 0, or -1 with one line in error, or with libvirt's error and error empty ---- */

int debug_open(virDomainPtr dom, const char *path, char error[256]);

/* Refuses while gdb is attached. What a gdb that was killed has left, breakpoints and a standing machine, is undone. */
int debug_end(virDomainPtr dom, const char *path, char error[256]);

#endif
