/*
 * sweep.h - ends VMs whose vmprocd is gone. libvirt's AUTODESTROY does it in the ordinary case, but forgets
 * it when libvirtd itself is killed. Both functions block: for workers.
 */
#ifndef VMPROC_DAEMON_SWEEP_H
#define VMPROC_DAEMON_SWEEP_H

#include "workdir.h"

#include <libvirt/libvirt.h>

#define DOMAIN_PREFIX "fsh-"

/*
 * Destroys the domains that, by their metadata, are this user's and belong to a vmprocd that does not live,
 * or to this one but to an earlier connection (number below first_vm). Returns how many.
 */
int sweep_domains(virConnectPtr conn, const struct workdir *work, uint64_t first_vm);

/*
 * The same for QEMU processes of this vmprocd whose libvirtd has died: kills those of VMs below first_vm, as
 * far as this user may. Returns how many.
 */
int sweep_processes(const struct workdir *work, uint64_t first_vm);

#endif
