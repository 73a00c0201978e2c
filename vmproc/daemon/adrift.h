/*
 * adrift.h - commands whose libvirtd has ended, or hangs.
 *
 * A QEMU does not need the libvirtd that started it, and a command's ports are sockets between QEMU and the shim. So
 * on this machine a VM in use goes on without: it is adrift, its domain not known (vm.dom is NULL), until there is a
 * libvirtd again, which takes over the QEMUs that it finds. Meanwhile nobody can pause it or let it go on; what is to
 * be done then is done when it has been found again. That it ends, its shim sees by itself.
 *
 * For that a VM with our guest is started without AUTODESTROY, by which a libvirtd that ends in order would take all of
 * them with it. What AUTODESTROY is for, our guest sees to: it powers itself off when its ctl closes, or when nobody
 * has connected to that after 5 s. One that is paused cannot; sweep.h ends it. Images have no ctl, and on another
 * machine the ports are libvirt's streams: those keep AUTODESTROY, and are lost.
 */
#ifndef VMPROC_DAEMON_ADRIFT_H
#define VMPROC_DAEMON_ADRIFT_H

#include <stdbool.h>

struct router;
struct vm;

/* Whether that VM lives without libvirtd: it runs our guest on this machine. */
bool adrift_lives(const struct vm *vm);

/* Whether it also is in use, so that it is worth while. */
bool adrift_goes_on(const struct vm *vm);

/* Whether it goes on and its domain is not known. */
bool adrift(const struct vm *vm);

/* Whether a call about it has failed because it is, or is about to be. */
bool adrift_unanswered(const struct vm *vm);

/* The router is connected: finds the domains of its VMs that are adrift. Those that have none have ended. */
void adrift_find(struct router *r);

/* That of one VM, when its router is connected, and no call of an earlier connection is under way still. */
void adrift_find_vm(struct vm *vm);

#endif
