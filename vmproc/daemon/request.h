/* request.h - the requests of vmprocd_proto.h, by a table of what is legal in which state. */
#ifndef VMPROC_DAEMON_REQUEST_H
#define VMPROC_DAEMON_REQUEST_H

#include "client.h"
#include "vmproc/packet.h"

/* false: the packet was none (answered), and the connection is to be closed. */
bool request_handle(struct client *client, const struct packet *packet);

#endif
