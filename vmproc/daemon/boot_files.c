/*
 * boot_files.c - the files of an image, where QEMU can open them: QEMU may run as another user.
 *
 * Kernels and initrds are copied to img/ of the working directory, under a name that is the file's identity,
 * so that the next command with the same file copies nothing. QEMU reads them when it starts and never again;
 * the oldest go when there are too many bytes of them. Disks are not copied: libvirt hands QEMU the user's
 * descriptor.
 */
#include "boot.h"
#include "overlay.h"
#include "vmproc/multiboot_pack.h"
#include "workdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define KEPT_BYTES   (128ull << 20)
#define PACK_MAX     (1ll << 30)
#define KEPT_SECONDS 60 /* at least: another VM may be about to open it */

/* The file's bytes, at out's offset. */
static int append(int in, off_t size, int out)
{
    off_t at = 0;

    while (at < size) {
        ssize_t n = sendfile(out, in, &at, (size_t)(size - at));

        if (n <= 0)
            return n < 0 ? -errno : -EIO;
    }
    return 0;
}

static uint32_t round_up(off_t bytes)
{
    return ((uint32_t)bytes + MULTIBOOT_PACK_PAGE - 1) & ~(MULTIBOOT_PACK_PAGE - 1);
}

/* A kernel, and perhaps its module, for our loader. */
static int write_pack(const int fds[2], const struct stat st[2], int out)
{
    struct multiboot_pack pack = {
        .magic = MULTIBOOT_PACK_MAGIC,
        .kernel_at = MULTIBOOT_PACK_PAGE,
        .kernel_len = (uint32_t)st[0].st_size,
        .module_at = MULTIBOOT_PACK_PAGE + round_up(st[0].st_size),
        .module_len = fds[1] < 0 ? 0 : (uint32_t)st[1].st_size,
    };
    int err;

    if (st[0].st_size > PACK_MAX || st[1].st_size > PACK_MAX)
        return -EFBIG;
    if (pwrite(out, &pack, sizeof pack, 0) != sizeof pack || lseek(out, pack.kernel_at, SEEK_SET) < 0)
        return -errno;
    err = append(fds[0], st[0].st_size, out);
    if (!err && ftruncate(out, pack.module_at) < 0)
        err = -errno;
    if (err || fds[1] < 0)
        return err;
    return lseek(out, pack.module_at, SEEK_SET) < 0 ? -errno : append(fds[1], st[1].st_size, out);
}

static int make(const int fds[2], const struct stat st[2], bool pack, const char *path)
{
    int err, out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (out < 0)
        return -errno;
    err = pack ? write_pack(fds, st, out) : append(fds[0], st[0].st_size, out);
    if (!err && fchmod(out, 0644) < 0)
        err = -errno;
    close(out);
    return err;
}

static int identity(int fd, struct stat *st, char *text, size_t size)
{
    if (fstat(fd, st) < 0)
        return -errno;
    snprintf(text, size, "%llx-%llx-%llx-%llx.%lx-%llx.%lx", (unsigned long long)st->st_dev,
             (unsigned long long)st->st_ino, (unsigned long long)st->st_size,
             (unsigned long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec,
             (unsigned long long)st->st_ctim.tv_sec, st->st_ctim.tv_nsec);
    return 0;
}

/*
 * A copy of the file of fds[0]; or a pack of both, of which fds[1] may be -1. Whole or not at all: several
 * workers may make the same at a time.
 */
static int provide(const struct domain_spec *spec, const int fds[2], bool pack, char path[BOOT_PATH])
{
    char names[2][100] = {"", ""}, new[BOOT_PATH + 24];
    struct stat st[2] = {{0}, {0}};
    int err = 0;

    for (unsigned i = 0; i < 2 && !err; i++)
        if (fds[i] >= 0)
            err = identity(fds[i], &st[i], names[i], sizeof names[i]);
    if (err)
        return err;
    snprintf(path, BOOT_PATH, "%s/img/%s%s%s", spec->work->path, pack ? "pack-" : "", names[0], names[1]);
    if (utimensat(AT_FDCWD, path, NULL, 0) == 0)
        return 0;
    snprintf(new, sizeof new, "%s.%llu", path, (unsigned long long)spec->vm);
    err = make(fds, st, pack, new);
    if (!err && rename(new, path) < 0)
        err = -errno;
    if (err)
        unlink(new);
    return err;
}

static int provide_kernel(struct boot *boot)
{
    const struct boot_plan *plan = &boot->plan;
    const int kernel[] = {plan->kernel_fd, -1}, initrd[] = {plan->initrd_fd, -1},
              both[] = {plan->kernel_fd, plan->initrd_fd};
    int err = 0;

    if (plan->load == BOOT_LOAD_MULTIBOOT) {
        snprintf(boot->kernel, sizeof boot->kernel, "%s", boot->spec.work->loader);
        return boot->kernel[0] ? provide(&boot->spec, both, true, boot->initrd) : -ENOENT;
    }
    if (plan->kernel_fd >= 0)
        err = provide(&boot->spec, kernel, false, boot->kernel);
    if (!err && plan->initrd_fd >= 0)
        err = provide(&boot->spec, initrd, false, boot->initrd);
    return err;
}

/* One round of looking: the bytes of all, and the name of the oldest that may go. */
static uint64_t look(int dir, char oldest[NAME_MAX + 1])
{
    int copy_of_dir = dup(dir);
    DIR *stream = copy_of_dir < 0 ? NULL : fdopendir(copy_of_dir);
    time_t limit = time(NULL) - KEPT_SECONDS;
    struct dirent *entry;
    struct stat st;
    uint64_t bytes = 0;

    oldest[0] = '\0';
    if (!stream) {
        if (copy_of_dir >= 0)
            close(copy_of_dir);
        return 0;
    }
    rewinddir(stream);
    while ((entry = readdir(stream))) {
        if (entry->d_name[0] == '.' || fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
            continue;
        bytes += (uint64_t)st.st_size;
        if (st.st_mtime < limit) {
            limit = st.st_mtime;
            snprintf(oldest, NAME_MAX + 1, "%s", entry->d_name);
        }
    }
    closedir(stream);
    return bytes;
}

static void trim(const struct workdir *work)
{
    char path[PATH_MAX], oldest[NAME_MAX + 1];
    int dir;

    snprintf(path, sizeof path, "%s/img", work->path);
    dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (dir >= 0 && look(dir, oldest) > KEPT_BYTES && oldest[0] && unlinkat(dir, oldest, 0) == 0)
        ;
    if (dir >= 0)
        close(dir);
}

static int make_overlay(struct boot *boot)
{
    const struct workdir *work = boot->spec.work;
    int fd, err;

    if (boot->plan.disk != BOOT_DISK_OVERLAY)
        return 0;
    workdir_socket(work, boot->spec.vm, "disk", boot->overlay);
    fd = open(boot->overlay, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return -errno;
    err = overlay_write(fd, boot->plan.disk_bytes);
    if (!err && work->foreign && fchown(fd, work->qemu_uid, work->qemu_gid) < 0)
        err = -errno;
    close(fd);
    return err;
}

int boot_prepare(struct boot *boot, char error[256])
{
    const struct workdir *work = boot->spec.work;
    int err = provide_kernel(boot);

    if (!err)
        err = make_overlay(boot);
    if (err)
        snprintf(error, 256, "its files cannot be prepared in %.100s: %s", work->path, strerror(-err));
    trim(work);
    return err ? -1 : 0;
}
