/* verify.c - compares digests; hashes a program only when no record says that it has been. */
#include "verify.h"
#include "digest.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define SETTLED_S 2 /* a file that was changed this lately may change again without a new time of change */

static bool verify_own_text(struct spec *spec)
{
    char hex[STORE_HEX];
    if (!store_holds(spec->file, hex) || strcmp(hex, spec->own_digest) == 0)
        return true;
    return spec_error(spec, NULL, "its bytes have been changed: it has digest sha256:%s", spec->own_digest);
}

static bool is_settled(const struct stat *st)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec - st->st_ctim.tv_sec > SETTLED_S;
}

/* The bytes are read between two looks at the file: one that changes meanwhile is not recorded. */
static bool hash(struct spec *spec, int fd, int root)
{
    char found[STORE_HEX];
    struct stat before, after;
    int err = fstat(fd, &before) ? -errno : digest_file(fd, -1, found, NULL);
    if (err)
        return spec_error(spec, spec->digest_at, "%.100s: %s", spec->program, strerror(-err));
    if (strcmp(found, spec->digest) != 0)
        return spec_error(spec, spec->digest_at, "%.60s has digest sha256:%s", spec->program, found);
    if (root >= 0 && is_settled(&before) && fstat(fd, &after) == 0 &&
        memcmp(&before.st_ctim, &after.st_ctim, sizeof after.st_ctim) == 0)
        store_set_verified(root, spec->digest, &after);
    return true;
}

/* The program as it will be used: a bootable image has been opened (boot_check.c), any other is opened here. */
static int open_program(const struct spec *spec)
{
    int image = spec->boot.image_fd >= 0 ? spec->boot.image_fd : spec->boot.disk_fd;
    if (!spec->boot.kind)
        return open(spec->program, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    return lseek(image, 0, SEEK_SET) < 0 ? -1 : fcntl(image, F_DUPFD_CLOEXEC, 3);
}

bool verify_spec(struct spec *spec, int *fd)
{
    char hex[STORE_HEX];
    struct stat st;
    bool ok;
    int root;
    *fd = -1;
    if (!verify_own_text(spec))
        return false;
    if (!spec->digest)
        return true;
    *fd = open_program(spec);
    if (*fd < 0 || fstat(*fd, &st))
        return spec_error(spec, spec->digest_at, "%.100s: %s", spec->program, strerror(errno));
    root = store_open();
    ok = (root >= 0 && store_is_verified(root, spec->digest, &st)) || hash(spec, *fd, root);
    if (root >= 0)
        close(root);
    if (ok && store_holds(spec->program, hex))
        flock(*fd, LOCK_SH | LOCK_NB); /* gc has it alone only to remove it */
    lseek(*fd, 0, SEEK_SET);
    if (!ok) {
        close(*fd);
        *fd = -1;
    }
    return ok;
}
