/* lifeline.c - a pipe whose write end only the top-level shell holds: its hang-up says that the shell was
 * killed. */
#include "vmproc/client/own_fd.h"
#include "vmproc/vmproc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

int vmproc_lifeline_open(struct vmproc_lifeline *line)
{
    int fds[2], err;
    if (line->read_fd >= 0)
        return 0;
    if (pipe2(fds, O_CLOEXEC))
        return -errno;
    err = own_fd(&fds[0]);
    if (err) {
        close(fds[1]);
        return err;
    }
    err = own_fd(&fds[1]);
    if (err) {
        close(fds[0]);
        return err;
    }
    line->read_fd = fds[0];
    line->write_fd = fds[1];
    return 0;
}

void vmproc_lifeline_in_subshell(struct vmproc_lifeline *line)
{
    if (line->write_fd >= 0)
        close(line->write_fd);
    line->write_fd = -1;
}

void vmproc_lifeline_detach(struct vmproc_lifeline *line)
{
    if (line->write_fd < 0)
        return;
    /* One byte fits: nobody reads it, and nobody writes a second one. */
    if (write(line->write_fd, "d", 1) == 1)
        vmproc_lifeline_in_subshell(line);
}

bool vmproc_lifeline_cut(const struct vmproc_lifeline *line)
{
    struct pollfd p = {.fd = line->read_fd, .events = POLLIN};
    int queued = 0;
    if (line->read_fd < 0 || line->write_fd >= 0)
        return false;
    if (poll(&p, 1, 0) != 1 || !(p.revents & POLLHUP))
        return false;
    return ioctl(line->read_fd, FIONREAD, &queued) == 0 && queued == 0;
}
