/* bounce.c - maps the bounce buffer, and keeps to its bounds. */
#include "bounce.h"

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

/* Most commands do without. */
static void map(struct bounce *bounce)
{
    void *bytes = mmap(NULL, BOUNCE_BYTES, PROT_WRITE, MAP_SHARED, bounce->fd, 0);
    if (bytes != MAP_FAILED)
        bounce->bytes = bytes;
    close(bounce->fd);
    bounce->fd = -1;
}

ssize_t bounce_read(struct bounce *bounce, uint32_t at, uint32_t count, int fd, int64_t offset)
{
    ssize_t n;
    if (bounce->fd >= 0)
        map(bounce);
    if (!bounce->bytes || at > BOUNCE_BYTES || count > BOUNCE_BYTES - at)
        return -EFAULT;
    do
        n = offset == -1 ? read(fd, bounce->bytes + at, count) : pread(fd, bounce->bytes + at, count, offset);
    while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : n;
}

void bounce_free(struct bounce *bounce)
{
    if (bounce->bytes)
        munmap(bounce->bytes, BOUNCE_BYTES);
    if (bounce->fd >= 0)
        close(bounce->fd);
    *bounce = (struct bounce){.fd = -1};
}
