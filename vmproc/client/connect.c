/* connect.c - reaches the user's vmprocd, starting it when asked. */
#include "spawn.h"
#include "vmproc/parts.h"
#include "vmproc/rundir.h"
#include "vmproc/vmproc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
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

pid_t vmproc_daemon_pid(int fd)
{
    struct ucred peer;
    socklen_t len = sizeof peer;
    return fd >= 0 && getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 ? peer.pid : 0;
}

/* -ECONNREFUSED or -ENOENT: nobody listens. */
static int connect_in(const char *dir, const char *name)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int err, fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    snprintf(addr.sun_path, sizeof addr.sun_path, "%s/%s", dir, name);
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

static int start_daemon(int dir_fd, bool replace)
{
    char program[PATH_MAX], keeper[PATH_MAX];
    int log_fd, ready_fd, err = part_find(PART_DAEMON, program);
    if (err)
        return err;
    log_fd = openat(dir_fd, RUNDIR_LOG, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (log_fd < 0)
        return -errno;
    ready_fd = spawn_daemon(part_find(PART_KEEP, keeper) == 0 ? keeper : NULL, program, log_fd, replace);
    close(log_fd);
    if (ready_fd < 0)
        return ready_fd;
    err = wait_ready(ready_fd);
    close(ready_fd);
    return err;
}

/*
 * Under the lock the question is asked again: who waited for it finds the daemon that its holder started.
 * old: the daemon to be replaced, 0: none.
 */
static int connect_or_start(int dir_fd, const char *dir, pid_t old)
{
    int fd, err, lock = openat(dir_fd, RUNDIR_LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0)
        return -errno;
    if (flock(lock, LOCK_EX)) {
        fd = -errno;
    } else {
        fd = connect_in(dir, RUNDIR_SOCKET);
        bool replace = fd >= 0 && old && vmproc_daemon_pid(fd) == old;
        if (replace)
            close(fd);
        if (replace || nobody_listens(fd)) {
            err = start_daemon(dir_fd, replace);
            fd = err ? err : connect_in(dir, RUNDIR_SOCKET);
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
    fd = connect_in(dir, RUNDIR_SOCKET);
    if (start && nobody_listens(fd))
        fd = connect_or_start(dir_fd, dir, 0);
    close(dir_fd);
    return fd;
}

int vmproc_connect_to(pid_t daemon)
{
    char dir[RUNDIR_PATH_MAX], name[32];
    int fd, dir_fd = rundir_open(dir);
    if (dir_fd < 0)
        return dir_fd;
    close(dir_fd);
    snprintf(name, sizeof name, RUNDIR_OWN "%d", daemon);
    fd = connect_in(dir, name);
    return fd < 0 ? connect_in(dir, RUNDIR_SOCKET) : fd;
}

static int connect_all_in(DIR *dir, const char *path, int fds[], int max)
{
    int count = 0;
    struct dirent *entry;
    while (count < max && (entry = readdir(dir))) {
        const char *name = entry->d_name;
        size_t prefix = sizeof RUNDIR_OWN - 1;
        if (strncmp(name, RUNDIR_OWN, prefix) || !name[prefix] ||
            name[prefix + strspn(name + prefix, "0123456789")])
            continue;
        fds[count] = connect_in(path, name);
        count += fds[count] >= 0;
    }
    return count;
}

int vmproc_connect_all(int fds[], int max)
{
    char path[RUNDIR_PATH_MAX];
    int count = 0, fd = rundir_open(path);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (dir) {
        count = connect_all_in(dir, path, fds, max);
        closedir(dir);
    } else if (fd >= 0) {
        close(fd);
    }
    return count;
}

int vmproc_replace(int fd)
{
    char dir[RUNDIR_PATH_MAX];
    pid_t old = vmproc_daemon_pid(fd);
    int dir_fd = rundir_open(dir);
    if (dir_fd < 0)
        return dir_fd;
    fd = connect_or_start(dir_fd, dir, old);
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
