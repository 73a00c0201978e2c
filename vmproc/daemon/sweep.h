/*
 * sweep.h - ends VMs whose vmprocd is gone. In the ordinary case our guest does it, which sees its ctl close, and
 * libvirt's AUTODESTROY for others (adrift.h); what is left are guests that were paused, or not begun. Each vmprocd does it that
 * begins, and one that has nothing else to do (vmproc/keep/). Both functions block: for workers.
 */
#ifndef VMPROC_DAEMON_SWEEP_H
#define VMPROC_DAEMON_SWEEP_H

#include "workdir.h"

#include <libvirt/libvirt.h>

#define DOMAIN_PREFIX "fsh-"

/* This vmprocd's VMs when sweeping begins. */
struct sweep_living {
    uint64_t *vms;
    size_t count;
    uint64_t first_vm; /* number of the next one that is started: those from there on are not swept */
};

/*
 * Destroys the domains that, by their metadata, are this user's and belong to a vmprocd that does not live,
 * or to this one but to an earlier connection. Returns how many.
 */
int sweep_domains(virConnectPtr conn, const struct workdir *work, const struct sweep_living *living);

/*
 * The same for QEMU processes of this vmprocd whose libvirtd has died: kills those of VMs that do not live,
 * as far as this user may. Returns how many.
 */
int sweep_processes(const struct workdir *work, const struct sweep_living *living);

#endif
