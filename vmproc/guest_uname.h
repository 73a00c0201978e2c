/*
 * guest_uname.h - what uname(2) says in the guest. By both a fleetsh that runs in a VM knows where it is.
 */
#ifndef VMPROC_GUEST_UNAME_H
#define VMPROC_GUEST_UNAME_H

#define GUEST_UNAME_RELEASE "6.1.0-fleetsh"
#define GUEST_UNAME_VERSION "#1 fleetsh guest"

#endif
