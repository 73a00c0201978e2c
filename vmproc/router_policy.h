/*
 * router_policy.h - what a router's policy (vmproc/gate/) and vmprocd have in common.
 */
#ifndef VMPROC_ROUTER_POLICY_H
#define VMPROC_ROUTER_POLICY_H

/* In a domain's metadata: whose VM it is, and what it boots. */
#define DOMAIN_METADATA_URI "urn:fleetsh:vm"

/* On a router on another machine: where vmprocd puts what its VMs there need. */
#define STORE_DIR "/var/lib/libvirt/fleetsh"

/* Before what the hook says to the user: libvirt hands that on in the midst of a message of its own. */
#define ROUTER_POLICY_MARK "fleetsh-policy: "

/* With which vmprocd begins what it makes of that. */
#define ROUTER_POLICY_REFUSAL "refused by the router's policy: "

#endif
