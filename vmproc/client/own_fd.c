/* own_fd.c - moves a descriptor out of the script's way. */
#include "vmproc/client/own_fd.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define FIRST_OWN_FD 10

int own_fd(int *fd)
{
    int moved = fcntl(*fd, F_DUPFD_CLOEXEC, FIRST_OWN_FD);
    int err = moved < 0 ? -errno : 0;
    close(*fd);
    *fd = moved;
    return err;
}
