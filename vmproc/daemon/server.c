#include "server.h"
#include "daemon.h"
#include "log.h"
#include "vmproc/rundir.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool peer_is_user(int fd)
{
    struct ucred peer;
    socklen_t len = sizeof peer;

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 && peer.uid == geteuid();
}

static void on_connection(uv_poll_t *poll, int status, int events)
{
    struct daemon *d = poll->data;
    int fd;

    while ((fd = accept4(d->server.fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        if (peer_is_user(fd))
            client_new(d, fd);
        else
            close(fd);
    }
    if (errno == EMFILE || errno == ENFILE)
        log_line("a connection was not accepted: %s", strerror(errno));
}

int server_listen(struct daemon *d, const char *rundir)
{
    struct server *server = &d->server;
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), err;

    if (fd < 0)
        return -errno;
    snprintf(server->path, sizeof server->path, "%s/%s", rundir, RUNDIR_SOCKET);
    memcpy(addr.sun_path, server->path, sizeof addr.sun_path);
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) == 0) {
        close(fd);
        return -EADDRINUSE;
    }
    unlink(server->path);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0 || listen(fd, 128) < 0 ||
        uv_poll_init(&d->loop, &server->poll, fd) < 0) {
        err = -errno;
        close(fd);
        return err;
    }
    server->fd = fd;
    server->poll.data = d;
    uv_poll_start(&server->poll, UV_READABLE, on_connection);
    return 0;
}

void server_close(struct daemon *d)
{
    struct server *server = &d->server;

    if (server->fd < 0)
        return;
    unlink(server->path);
    uv_poll_stop(&server->poll);
    uv_close((uv_handle_t *)&server->poll, NULL);
    close(server->fd);
    server->fd = -1;
}

bool server_pending(const struct server *server)
{
    struct pollfd p = {.fd = server->fd, .events = POLLIN};

    return poll(&p, 1, 0) > 0;
}
