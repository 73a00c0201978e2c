/*
 * settings.h - what the environment of vmprocd's first user says. Read once at the start.
 *
 *   FLEETSH_ROUTER        libvirt URIs, or names of _libvirt._tcp services, with commas between them
 *   FLEETSH_ACCEL         "tcg" or "kvm": do not find out
 *   FLEETSH_POOL          idle VMs to keep, fixed; else by need
 *   FLEETSH_MAX_VMS       of this user at once
 *   FLEETSH_MAX_SHELL_VMS that one shell and its subshells may have at once; else three quarters of that
 *   FLEETSH_MEMORY        MiB that a VM may grow to; else 2560, or what the router has
 *   FLEETSH_MAX_MEMORY    MiB that all VMs of this user may use together; else three quarters of what the router has
 *   FLEETSH_RINGS         0: wires go through ports alone, without shared memory
 *   FLEETSH_IDLE_EXIT     seconds without a client after which vmprocd ends
 *   FLEETSH_READY_TIMEOUT seconds a VM may take from libvirt's start to its READY
 */
#ifndef VMPROC_DAEMON_SETTINGS_H
#define VMPROC_DAEMON_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

struct settings {
    const char *router; /* NULL: not given */
    const char *accel;  /* NULL: not given */
    bool pool_fixed;
    unsigned pool_min, pool_max;
    unsigned max_vms, max_shell_vms;
    bool rings;
    bool memory_fixed;
    uint64_t memory_bytes;     /* what a VM is started with; memory.h lowers it when it is not fixed */
    uint64_t max_memory_bytes; /* 0: by the router */
    uint64_t idle_exit_ms;
    uint64_t ready_timeout_ms;
};

void settings_read(struct settings *set);

#endif
