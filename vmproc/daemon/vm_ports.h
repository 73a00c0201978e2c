/*
 * vm_ports.h - a VM's ports while they are vmprocd's: connecting, reading ctl until READY, handing over.
 */
#ifndef VMPROC_DAEMON_VM_PORTS_H
#define VMPROC_DAEMON_VM_PORTS_H

#include "vm.h"

/* Connects to ctl and waits for what comes there. 0 or -errno. */
int vm_ports_open_ctl(struct vm *vm);

/*
 * A shim has given ctl back. It is held, so that the guest stays, and read again by vm_ports_reopen() when
 * the guest has been reset; that connects to the others anew. 0 or -errno.
 */
void vm_ports_take_back(struct vm *vm, int ctl);
int vm_ports_reopen(struct vm *vm);

/* Connects to the others; once libvirt has started the VM all of them listen. 0 or -errno. */
int vm_ports_open_rest(struct vm *vm);

/*
 * The ports leave by fds[VM_NPORTS], in blocking mode, and are no longer vmprocd's: the caller sends and
 * closes them. hold: keep a duplicate of ctl (vm.h, invariant 2).
 */
void vm_ports_take(struct vm *vm, int fds[VM_NPORTS], bool hold);

/* Closes what is open, hold_fd and back_fd too. */
void vm_ports_close(struct vm *vm);

#endif
