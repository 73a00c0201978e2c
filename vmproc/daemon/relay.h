/*
 * relay.h - carries the ports of a VM on another machine between sockets here and libvirt's streams.
 *
 *   shim <--- socket pair ---> relay <--- libvirt connection of this VM alone ---> libvirtd <--- QEMU's sockets
 *
 * Why a connection for each VM: libvirtd stops reading a connection on which one stream's receiver does not read
 * (five packets wait, max_client_requests), and a guest that is stopped does not read. So it holds up nobody but
 * itself. What goes to the guest is sent by a thread of the relay, as libvirt's sending blocks. What comes from
 * guests is received in libvirt's event thread, which never waits: what the socket does not take lies in the relay,
 * and the thread goes on with it. That it stays little is agreed with the guest: its output has a window (ctl_exec), and
 * 9p and ctl are answers and requests of a bounded number. A guest that does not keep to it is cut off.
 *
 * Streams have no half-close: the end of either side ends both, when what is on its way has been delivered.
 *
 * Threads: relay_open(), relay_reopen() and relay_free() in a worker or on the loop; the rest is its own.
 */
#ifndef VMPROC_DAEMON_RELAY_H
#define VMPROC_DAEMON_RELAY_H

#include "vm.h"

struct relay;

/*
 * Connects to uri, where domain runs, if it is the router that the user knows (connect.h), and opens its ports: fds[VM_NPORTS] are the caller's. Blocks. NULL: one line
 * in error. The relay works until relay_free(), and then until its ports have ended.
 */
struct relay *relay_open(const char *uri, const char *domain, int fds[VM_NPORTS], char error[256]);

/* Ports 9p, out and err anew, for a machine that was reset; fds[VM_CTL] is not touched. Blocks. */
int relay_reopen(struct relay *relay, int fds[VM_NPORTS], char error[256]);

void relay_free(struct relay *relay);

/* TCP connections of this process that are dead are to fail soon, not after a quarter of an hour. */
void relay_bound_connections(void);

#endif
