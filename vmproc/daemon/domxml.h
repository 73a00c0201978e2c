/* domxml.h - a VM as libvirt's domain XML. */
#ifndef VMPROC_DAEMON_DOMXML_H
#define VMPROC_DAEMON_DOMXML_H

#include "find.h"
#include "vmproc/guest_abi.h"
#include "vmproc/router_policy.h" /* DOMAIN_METADATA_URI */
#include "workdir.h"

#include <stdbool.h>
#include <stdio.h>

/* When the socket of this port appears, those of next and ctl accept connections. */
#define DOMAIN_LISTENING_SIGN GUEST_PORT_9P

struct domain_spec {
    const struct workdir *work;
    const struct router_facts *router;
    uint64_t vm;
    const char *name;
    uint64_t memory_bytes;
    bool kvm;
    bool aarch64;     /* for programs of that architecture */
    bool boots_image; /* not our guest: for the router's policy */
    bool rom;         /* the guest is in ROM (vmproc/rom_abi.h), else QEMU loads it as a kernel */
    bool bounce;      /* of a machine with ROM: its bounce buffer's file is there (vmproc/bounce_abi.h) */
    bool ring_next, ring_prev; /* of a machine with ROM: that wire has shared memory, its file is there
                                  (vmproc/ring_abi.h); prev not without next */
    uint64_t linked_to;        /* the VM whose next port our prev connects to; 0: none */
    const char *before;        /* that VM's name; NULL: none */
};

/*
 * domxml_virt.c: the whole of a VM for programs of aarch64, on a host of another architecture: translated, linked to no other,
 * without ROM and rings.
 */
void domxml_put_virt(FILE *out, const struct domain_spec *spec);

/* Parts that VMs of all kinds have. head: from <domain> to <vcpu>; channels: the ports. */
void domxml_put_channels(FILE *out, const struct domain_spec *spec);
void domxml_put_head(FILE *out, const struct domain_spec *spec);
void domxml_put_security(FILE *out, const struct router_facts *router);
void domxml_put_element(FILE *out, const char *name, const char *text);
void domxml_put_escaped(FILE *out, const char *text);
/* A value within an option of QEMU's, where a comma stands twice. */
void domxml_put_option(FILE *out, const char *value);

char *domain_xml(const struct domain_spec *spec); /* malloc'd; NULL: no memory */

struct domain_owner {
    uid_t uid;
    char instance[INSTANCE_LEN + 1];
    char host[HOST_ID_LEN + 1]; /* on which that vmprocd is */
};

/* Reads what domain_xml() wrote as metadata: whose VM it is. false: not one of ours. */
bool domain_owner(const char *metadata, struct domain_owner *owner);

#endif
