/* server.h - the listening socket in the user's runtime directory. */
#ifndef VMPROC_DAEMON_SERVER_H
#define VMPROC_DAEMON_SERVER_H

#include "client.h"

#include <uv.h>

struct server {
    char path[108]; /* of the socket */
    char own[108];  /* its other name (rundir.h) */
    int fd;         /* -1: not listening */
    bool handed;    /* a service manager's, which goes on listening when we have ended */
    uv_poll_t poll;
    int spare_fd; /* given up to take a connection that cannot be served, and to tell it so */
    bool full;    /* that has been logged */
    uv_timer_t again;
    TAILQ_HEAD(, client) clients;
};

/*
 * 0 or -errno. Listens at the socket that a service manager has handed us (LISTEN_FDS, sd_listen_fds(3)),
 * which must be the one in rundir; else makes it. A socket that is there and refuses connections is replaced:
 * the caller makes sure of the lock. replace: the one that does not is replaced as well, in one step, and who
 * listens there is told so.
 */
int server_listen(struct daemon *d, const char *rundir, bool replace);

/* Listens no more, and takes the socket away if it is our own. */
void server_close(struct daemon *d);

/* Whether the name that clients know leads to us: it may be another's by now, or gone. */
bool server_is_known(const struct server *server);

/* Whether a connection waits to be accepted. */
bool server_pending(const struct server *server);

#endif
