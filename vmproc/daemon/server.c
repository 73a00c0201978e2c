#include "server.h"
#include "daemon.h"
#include "log.h"
#include "vmproc/packet.h"
#include "vmproc/rundir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define FULL_PAUSE_MS 200

static bool peer_is_user(int fd)
{
    struct ucred peer;
    socklen_t len = sizeof peer;

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 && peer.uid == geteuid();
}

static void on_connection(uv_poll_t *poll, int status, int events);

static void on_again(uv_timer_t *timer)
{
    struct daemon *d = timer->data;

    if (d->server.fd >= 0)
        uv_poll_start(&d->server.poll, UV_READABLE, on_connection);
}

static void take_spare(struct server *server)
{
    server->spare_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
}

/*
 * No descriptor is left. A connection that is not accepted would wake us again and again, and its shim would
 * wait: so it is taken in the place of the spare one, and refused. Where that has gone, too, it waits.
 */
static void refuse_connection(struct daemon *d, int err)
{
    struct server *server = &d->server;
    struct vmp_error error = {.code = VMP_E_LIMIT};
    int fd;

    if (!server->full)
        log_line("connections are refused: %s", strerror(err));
    server->full = true;
    snprintf(error.text, sizeof error.text, "vmprocd has too many files open: %s; see its limit",
             strerror(err));
    if (server->spare_fd >= 0)
        close(server->spare_fd);
    fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0) {
        packet_send(fd, VMP_ERROR, &error, sizeof error, NULL, 0, MSG_DONTWAIT);
        close(fd);
    }
    take_spare(server);
    if (fd < 0 || server->spare_fd < 0) {
        uv_poll_stop(&server->poll);
        uv_timer_start(&server->again, on_again, FULL_PAUSE_MS, 0);
    }
}

static void on_connection(uv_poll_t *poll, int status, int events)
{
    struct daemon *d = poll->data;
    int fd;

    while ((fd = accept4(d->server.fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        d->server.full = false;
        if (peer_is_user(fd))
            client_new(d, fd);
        else
            close(fd);
    }
    if (errno == EMFILE || errno == ENFILE)
        refuse_connection(d, errno);
}

/* ---- the socket: handed on by a service manager, or our own ---- */

#define FIRST_HANDED_FD 3 /* sd_listen_fds(3): SD_LISTEN_FDS_START */

static bool is_number(const char *text, long expected)
{
    char *end;

    return text && *text && strtol(text, &end, 10) == expected && *end == '\0';
}

/*
 * The listening socket of a service manager (sd_listen_fds(3)), or -ENOENT. It must be the one at path:
 * clients look nowhere else, and two vmprocds, one at each socket, would share nothing.
 */
static int take_handed_socket(const char *path)
{
    int type = 0, listens = 0, fd = FIRST_HANDED_FD;
    struct sockaddr_un addr = {0};
    socklen_t addr_len = sizeof addr, len = sizeof type;
    bool handed = is_number(getenv("LISTEN_PID"), getpid()) && is_number(getenv("LISTEN_FDS"), 1);

    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    if (!handed)
        return -ENOENT;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) < 0 || type != SOCK_SEQPACKET ||
        getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) < 0 || !listens ||
        getsockname(fd, (struct sockaddr *)&addr, &addr_len) < 0 || addr.sun_family != AF_UNIX ||
        strncmp(addr.sun_path, path, sizeof addr.sun_path) != 0)
        return -EINVAL;
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
        return -errno;
    return fd;
}

static int connect_to(const char *path)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int err, fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -errno;
    memcpy(addr.sun_path, path, strnlen(path, sizeof addr.sun_path - 1));
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) == 0)
        return fd;
    err = -errno;
    close(fd);
    return err;
}

/* Other names of vmprocds that were killed. */
static void remove_dead_names(const char *rundir)
{
    struct dirent *entry;
    DIR *dir = opendir(rundir);

    while (dir && (entry = readdir(dir))) {
        char path[PATH_MAX];
        const char *pid = entry->d_name + strlen(RUNDIR_OWN);
        int fd;

        if (strncmp(entry->d_name, RUNDIR_OWN, strlen(RUNDIR_OWN)) != 0 || pid[strspn(pid, "0123456789")] ||
            !*pid)
            continue;
        snprintf(path, sizeof path, "%s/%s", rundir, entry->d_name);
        fd = connect_to(path);
        if (fd >= 0)
            close(fd);
        else if (fd == -ECONNREFUSED)
            unlink(path);
    }
    if (dir)
        closedir(dir);
}

static int bind_to(const char *path)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), err;

    if (fd < 0)
        return -errno;
    memcpy(addr.sun_path, path, strnlen(path, sizeof addr.sun_path - 1));
    unlink(path);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0 || listen(fd, 128) < 0) {
        err = -errno;
        close(fd);
        return err;
    }
    return fd;
}

/* The name that clients know goes from another's socket to ours in one step: nobody finds none. */
static int publish(const struct server *server)
{
    char new[sizeof server->path + 4];

    snprintf(new, sizeof new, "%s.new", server->path);
    unlink(new);
    return link(server->own, new) < 0 || rename(new, server->path) < 0 ? -errno : 0;
}

static int make_socket(const struct server *server, bool replace)
{
    int fd, err, old = connect_to(server->path);

    if (old >= 0 && !replace) {
        close(old);
        return -EADDRINUSE;
    }
    fd = bind_to(server->own);
    err = fd < 0 ? fd : publish(server);
    if (err < 0 && fd >= 0) {
        unlink(server->own);
        close(fd);
    }
    if (old >= 0 && err == 0)
        packet_send(old, VMP_RETIRE, NULL, 0, NULL, 0, MSG_DONTWAIT);
    if (old >= 0)
        close(old);
    return err < 0 ? err : fd;
}

static int get_socket(struct server *server, bool replace)
{
    int fd = take_handed_socket(server->path);

    server->handed = fd >= 0;
    if (fd == -ENOENT)
        return make_socket(server, replace);
    if (fd >= 0 && link(server->path, server->own) < 0)
        log_line("%s: %s", server->own, strerror(errno));
    return fd;
}

int server_listen(struct daemon *d, const char *rundir, bool replace)
{
    struct server *server = &d->server;
    int fd, err;

    snprintf(server->path, sizeof server->path, "%s/" RUNDIR_SOCKET, rundir);
    snprintf(server->own, sizeof server->own, "%s/" RUNDIR_OWN "%d", rundir, getpid());
    remove_dead_names(rundir);
    fd = get_socket(server, replace);
    if (fd < 0)
        return fd;
    err = uv_poll_init(&d->loop, &server->poll, fd);
    if (err < 0) {
        close(fd);
        return err;
    }
    server->fd = fd;
    server->poll.data = server->again.data = d;
    uv_timer_init(&d->loop, &server->again);
    take_spare(server);
    uv_poll_start(&server->poll, UV_READABLE, on_connection);
    return 0;
}

bool server_is_known(const struct server *server)
{
    struct stat known, own;

    return stat(server->path, &known) == 0 && stat(server->own, &own) == 0 && known.st_dev == own.st_dev &&
           known.st_ino == own.st_ino;
}

void server_close(struct daemon *d)
{
    struct server *server = &d->server;

    if (server->fd < 0)
        return;
    if (!server->handed && server_is_known(server))
        unlink(server->path);
    unlink(server->own);
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
