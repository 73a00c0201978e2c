/* connect.c - reaches the user's vmprocd, starting it when asked. */
#include "spawn.h"
#include "vmproc/parts.h"
#include "vmproc/rundir.h"
#include "vmproc/vmproc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define READY_MS 5000

static int peer_is_self(int fd)
{
    struct ucred peer;
    socklen_t len = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len))
        return -errno;
    return peer.uid == geteuid() ? 0 : -EPERM;
}

/* -ECONNREFUSED or -ENOENT: nobody listens. */
static int connect_in(const char *dir)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int err, fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    snprintf(addr.sun_path, sizeof addr.sun_path, "%s/%s", dir, RUNDIR_SOCKET);
    err = connect(fd, (struct sockaddr *)&addr, sizeof addr) ? -errno : peer_is_self(fd);
    if (err) {
        close(fd);
        return err;
    }
    return fd;
}

static int nobody_listens(int err)
{
    return err == -ECONNREFUSED || err == -ENOENT;
}

static int wait_ready(int ready_fd)
{
    struct pollfd p = {.fd = ready_fd, .events = POLLIN};
    char byte;
    int n = poll(&p, 1, READY_MS);
    if (n <= 0)
        return n ? -errno : -ETIMEDOUT;
    return read(ready_fd, &byte, 1) == 1 ? 0 : -ECHILD; /* closed without a word: it has ended */
}

static int start_daemon(int dir_fd)
{
    char program[PATH_MAX];
    int log_fd, ready_fd, err = part_find(PART_DAEMON, program);
    if (err)
        return err;
    log_fd = openat(dir_fd, RUNDIR_LOG, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (log_fd < 0)
        return -errno;
    ready_fd = spawn_daemon(program, log_fd);
    close(log_fd);
    if (ready_fd < 0)
        return ready_fd;
    err = wait_ready(ready_fd);
    close(ready_fd);
    return err;
}

/* Under the lock the question is asked again: who waited for it finds the daemon that its holder started. */
static int connect_or_start(int dir_fd, const char *dir)
{
    int fd, err, lock = openat(dir_fd, RUNDIR_LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0)
        return -errno;
    if (flock(lock, LOCK_EX)) {
        fd = -errno;
    } else {
        fd = connect_in(dir);
        if (nobody_listens(fd)) {
            err = start_daemon(dir_fd);
            fd = err ? err : connect_in(dir);
        }
    }
    close(lock);
    return fd;
}

int vmproc_connect(bool start)
{
    char dir[RUNDIR_PATH_MAX];
    int fd, dir_fd = rundir_open(dir);
    if (dir_fd < 0)
        return dir_fd;
    fd = connect_in(dir);
    if (start && nobody_listens(fd))
        fd = connect_or_start(dir_fd, dir);
    close(dir_fd);
    return fd;
}

static void connect_once(void)
{
    vmproc_connect(true);
}

void vmproc_wake(void)
{
    int fd = vmproc_connect(false);
    if (fd >= 0)
        close(fd);
    else if (nobody_listens(fd))
        spawn_detached(connect_once);
}
