/*
 * connect.h - libvirt's connections to routers, whoever may answer there.
 *
 * A router that is reached by TLS is asked for its certificate first (trust.h), and libvirt then connects to that one
 * only (pin.h); any other as its URI says.
 */
#ifndef VMPROC_DAEMON_CONNECT_H
#define VMPROC_DAEMON_CONNECT_H

#include "trust.h"

#include <libvirt/libvirt.h>

/*
 * uri: libvirt's. Blocks. What was found out is in trust. NULL: one line in error; or "", and the error is libvirt's
 * last one.
 */
virConnectPtr connect_checked(const char *uri, struct trust *trust, char error[256]);

#endif
