/*
 * store.h - the files that a router on another machine needs: the guest and the resident program, as volumes of
 * a storage pool there.
 *
 *   pool "fleetsh", a directory: STORE_DIR         made at first use, unless scripts/router has made it
 *     NAME-HASH.INSTANCE                           the file; HASH is of its contents
 *     NAME-HASH.INSTANCE.whole                     empty: the file before it is there to its last byte
 *     DOMAIN.next                                  socket of a VM for its successor (domxml.h)
 *
 * So each file goes over the network once for all users, however many find out at the same time that it is
 * missing, and half a file is never booted.
 */
#ifndef VMPROC_DAEMON_STORE_H
#define VMPROC_DAEMON_STORE_H

#include "find.h"
#include "vmproc/router_policy.h" /* STORE_DIR */

/*
 * Sees to it that the files are there; fills guest, resident and resident_file of facts. Blocks, for as long as
 * sending them takes. instance: of this vmprocd. false: one line in error.
 */
bool store_fill(virConnectPtr conn, const char *instance, struct router_facts *facts, char error[256]);

#endif
