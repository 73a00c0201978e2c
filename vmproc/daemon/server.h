/* server.h - the listening socket in the user's runtime directory. */
#ifndef VMPROC_DAEMON_SERVER_H
#define VMPROC_DAEMON_SERVER_H

#include "client.h"

#include <uv.h>

struct server {
    char path[108]; /* of the socket */
    int fd;         /* -1: not listening */
    uv_poll_t poll;
    TAILQ_HEAD(, client) clients;
};

/* 0 or -errno. A socket that is there and refuses connections is replaced: the caller makes sure of the lock.
 */
int server_listen(struct daemon *d, const char *rundir);

/* Takes the socket away. */
void server_close(struct daemon *d);

/* Whether a connection waits to be accepted. */
bool server_pending(const struct server *server);

#endif
