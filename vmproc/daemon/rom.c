#include "rom.h"
#include "vmproc/rom_abi.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define ALIGN_UP(n, to) (((n) + (to)-1) & ~((uint64_t)(to)-1))

/* Appends a whole file. Its size, or -errno. */
static int64_t append(int out, const char *path)
{
    int in = open(path, O_RDONLY | O_CLOEXEC);
    int64_t size, left;
    struct stat st;

    if (in < 0 || fstat(in, &st) < 0) {
        size = -errno;
        goto done;
    }
    size = left = st.st_size;
    while (left > 0) {
        ssize_t n = sendfile(out, in, NULL, (size_t)left);

        if (n <= 0) {
            size = n < 0 ? -errno : -EIO;
            break;
        }
        left -= n;
    }
done:
    if (in >= 0)
        close(in);
    return size;
}

/* The head, and the size of the whole. */
static int finish(int fd, int64_t resident_at, int64_t resident_size, uint32_t *bytes)
{
    uint64_t size = ALIGN_UP((uint64_t)(resident_at + resident_size), ROM_ALIGN);
    struct rom_head head;

    if (pread(fd, &head, sizeof head, 0) != sizeof head || head.magic != ROM_MAGIC || size >= ROM_MEMORY_MAX)
        return -EINVAL;
    head.size = *bytes = (uint32_t)size;
    head.resident_at = resident_size ? (uint32_t)resident_at : 0;
    head.resident_size = (uint32_t)resident_size;
    if (pwrite(fd, &head, sizeof head, 0) != sizeof head || ftruncate(fd, (off_t)size) < 0 ||
        fchmod(fd, 0444) < 0)
        return -errno;
    return 0;
}

int rom_make(const char *guest, const char *resident, const char *path, uint32_t *bytes)
{
    char new[PATH_MAX];
    int64_t n, at, size = 0;
    int fd, err;

    snprintf(new, sizeof new, "%s.new", path);
    unlink(new);
    fd = open(new, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    n = append(fd, guest);
    at = ALIGN_UP(n, ROM_PAGE);
    if (n >= 0 && resident[0] && lseek(fd, at, SEEK_SET) >= 0)
        size = append(fd, resident);
    err = n < 0 ? (int)n : size < 0 ? (int)size : finish(fd, at, size, bytes);
    close(fd);
    if (err == 0 && rename(new, path) < 0)
        err = -errno;
    if (err < 0)
        unlink(new);
    return err;
}
