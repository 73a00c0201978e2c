/* identity.h - by which certificate this user is known to routers that are reached by TLS. */
#ifndef VMPROC_DAEMON_IDENTITY_H
#define VMPROC_DAEMON_IDENTITY_H

#include <stddef.h>

/* Its distinguished name, as libvirtd writes that; "": there is none that can be read. uri: libvirt's. */
void identity_of(const char *uri, char *name, size_t size);

#endif
