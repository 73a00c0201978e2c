/* vm_job.h - libvirt's calls about one VM, in libuv's workers. The rest of vm.c never blocks. */
#ifndef VMPROC_DAEMON_VM_JOB_H
#define VMPROC_DAEMON_VM_JOB_H

#include "vm.h"

enum vm_job_kind {
    JOB_CREATE,
    JOB_DESTROY,
    JOB_SUSPEND,
    JOB_RESUME,
    JOB_RESET,
    JOB_LOOK,
    JOB_DEBUG,
    JOB_DEBUG_END,
    JOB_FIND
};

/*
 * Runs in a worker, then calls done on the loop: error is NULL on success. For JOB_CREATE xml is the domain's
 * (malloc'd, taken over; NULL: of what it boots), and vm->dom is set before done; the others use vm->dom.
 * JOB_FIND finds a domain by its name: vm->dom and vm->found are set before done, unless that connection is lost by then.
 * JOB_LOOK sets vm->halted. JOB_DEBUG, JOB_DEBUG_END: debug.h. done is not called when the VM has no domain:
 * returns false then. On another machine JOB_CREATE and JOB_RESET open the ports, too: they are vm->arrived then.
 */
bool vm_job_start(struct vm *vm, enum vm_job_kind kind, char *xml,
                  void (*done)(struct vm *vm, enum vm_job_kind kind, const char *error));

#endif
