/* rundir.c - finds, makes and verifies the runtime directory. */
#include "vmproc/rundir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int format_path(char path[RUNDIR_PATH_MAX])
{
    unsigned uid = geteuid();
    const char *base = getenv("XDG_RUNTIME_DIR");
    char login[32];
    struct stat st;
    int len;
    if (!base || base[0] != '/') {
        base = NULL;
        snprintf(login, sizeof login, "/run/user/%u", uid);
        if (lstat(login, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == uid)
            base = login;
    }
    if (base)
        len = snprintf(path, RUNDIR_PATH_MAX, "%s/fleetsh", base);
    else
        len = snprintf(path, RUNDIR_PATH_MAX, "/tmp/fleetsh-%u", uid);
    return len < RUNDIR_PATH_MAX ? 0 : -ENAMETOOLONG;
}

int rundir_open(char path[RUNDIR_PATH_MAX])
{
    struct stat st;
    int fd, err = format_path(path);
    if (err)
        return err;
    fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        if (mkdir(path, 0700) && errno != EEXIST)
            return -errno;
        fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    }
    if (fd < 0)
        return errno == ELOOP || errno == ENOTDIR ? -EPERM : -errno;
    /* /tmp is everybody's: what stands there may have been put there for us to trust. */
    if (fstat(fd, &st) || st.st_uid != geteuid() || (st.st_mode & 077)) {
        close(fd);
        return -EPERM;
    }
    return fd;
}
