/*
 * find.h - finds a router and connects to it; blocks, so it runs in a thread of its own.
 *
 * One on another machine is given the guest, too (store.h), when its certificate is known (trust.h).
 *
 * Order: FLEETSH_ROUTER (the user's own word: any URI, an alias of libvirt's configuration, or a service's name),
 * LIBVIRT_DEFAULT_URI, a record of DNS-SD (found.h), then the default: qemu:///system for root,
 * qemu:///session, which libvirt starts on demand, for others. The first two are obeyed: if they cannot be
 * reached nothing else is tried.
 */
#ifndef VMPROC_DAEMON_FIND_H
#define VMPROC_DAEMON_FIND_H

#include "record.h"
#include "trust.h"

#include <libvirt/libvirt.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* What is known of a router once it has been connected to. */
struct router_facts {
    char name[64];
    char uri[128];         /* as it was given, for people */
    char libvirt_uri[256]; /* for libvirt (uri.h) */
    char found_by[32];
    char id[40];
    const char *instance;  /* of this vmprocd */
    char accel[16];        /* "tcg"; "kvm": known to work; "kvm?": libvirt offers it */
    bool aarch64;          /* its QEMU runs machines of that architecture */
    bool far;              /* another machine: it shares no files with us (remote.h) */
    uint64_t memory_bytes; /* of that machine; 0: not known */
    char architecture[32]; /* of its processors, as uname -m has it */
    unsigned processors;   /* 0: not known */
    uid_t qemu_uid;        /* whom QEMU runs as there */
    gid_t qemu_gid;
    char dac_label[32]; /* the same as libvirt writes it; "": libvirt is not privileged, QEMU runs as its user
                         */
    char certificate[256];          /* far, by TLS: distinguished name of the one that we show */
    struct trust trust;             /* also of a router that was refused */
    char guest[128], resident[128]; /* far: paths there; resident "": none */
    struct stat resident_file;      /* far: of the original here */
};

/*
 * wish: of FLEETSH_ROUTER, or of a router found on another machine, or NULL. record: what DNS-SD says of it, or NULL.
 * Returns a connection, or NULL with one line in error.
 */
virConnectPtr router_find(const char *wish, const struct record *record, const char *instance,
                          struct router_facts *facts, char error[256]);

#endif
