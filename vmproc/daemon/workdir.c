#include "workdir.h"
#include "debug.h"
#include "log.h"
#include "rom.h"
#include "vmproc/bounce_abi.h"
#include "vmproc/guest_abi.h"
#include "vmproc/parts.h"
#include "vmproc/ring_abi.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <time.h>
#include <unistd.h>

#define PREFIX "fleetsh-vm-"
#define NEW    ".new" /* until it is locked: it has no owner yet, and is not dead */

static const char *const port_names[] = {GUEST_PORT_CTL,  GUEST_PORT_9P,   GUEST_PORT_OUT, GUEST_PORT_ERR,
                                         GUEST_PORT_PREV, GUEST_PORT_NEXT, "con",          "exit",
                                         "net",           "disk",          DEBUG_SOCKET};

/* Where directories of instances stand: under which name is instance_path()'s. */
static const char *base_dir(const char *rundir)
{
    if (geteuid() == 0)
        return "/run";
    return strlen(rundir) < 40 ? rundir : "/tmp";
}

static void remove_directory(const char *path, const char *name)
{
    char file[PATH_MAX];
    struct dirent *entry;
    DIR *dir;

    snprintf(file, sizeof file, "%s/%s", path, name);
    dir = opendir(file);
    while (dir && (entry = readdir(dir)))
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
    rmdir(file);
}

static void remove_tree(const char *path)
{
    static const char *const files[] = {"lock",
                                        "guest.elf",
                                        "guest.elf.new",
                                        "resident",
                                        "resident.new",
                                        "rom",
                                        "rom.new",
                                        "reset.rom",
                                        "reset.rom.new",
                                        "multiboot.elf",
                                        "multiboot.elf.new",
                                        "guest-aarch64.image",
                                        "guest-aarch64.image.new"};
    char file[PATH_MAX];

    remove_directory(path, "s");
    remove_directory(path, "img");
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(file, sizeof file, "%s/%s", path, files[i]);
        unlink(file);
    }
    rmdir(path);
}

/* A live instance holds the lock. One that is being made is younger than a minute. */
static bool dead(const char *path)
{
    char lock[PATH_MAX];
    struct stat st;
    size_t len = strlen(path);
    bool free;
    int fd;

    if (lstat(path, &st) < 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid())
        return false;
    if (len > strlen(NEW) && strcmp(path + len - strlen(NEW), NEW) == 0)
        return time(NULL) - st.st_mtime > 60;
    snprintf(lock, sizeof lock, "%s/lock", path);
    fd = open(lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT;
    free = flock(fd, LOCK_EX | LOCK_NB) == 0;
    close(fd);
    return free;
}

static void remove_dead(const char *base)
{
    struct dirent *entry;
    DIR *dir = opendir(base);

    while (dir && (entry = readdir(dir))) {
        char path[PATH_MAX];

        if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", base, entry->d_name);
        if (dead(path))
            remove_tree(path);
    }
    if (dir)
        closedir(dir);
}

/* What tells this machine from others: machine-id(5), which is confidential, so a hash of it; else its name. */
static void host_id(char id[HOST_ID_LEN + 1])
{
    unsigned char digest[32];
    char text[HOST_NAME_MAX + 64] = "fleetsh ";
    size_t len = strlen(text);
    FILE *file = fopen("/etc/machine-id", "re");

    if (!file || !fgets(text + len, 64, file))
        gethostname(text + len, sizeof text - len - 1);
    if (file)
        fclose(file);
    gnutls_hash_fast(GNUTLS_DIG_SHA256, text, strlen(text), digest);
    for (unsigned i = 0; i < HOST_ID_LEN / 2; i++)
        sprintf(id + 2 * i, "%02x", digest[i]);
}

static void user_and_host(char text[160])
{
    const struct passwd *entry = getpwuid(geteuid());
    char host[HOST_NAME_MAX + 1] = "";

    gethostname(host, sizeof host - 1);
    snprintf(text, 160, "%.63s@%.64s", entry ? entry->pw_name : "?", host);
}

int workdir_init(struct workdir *work, const char *rundir)
{
    uint32_t random;
    char lock[PATH_MAX], new[sizeof work->path + sizeof NEW];

    if (getrandom(&random, sizeof random, 0) != sizeof random)
        return -errno;
    snprintf(work->instance, sizeof work->instance, "%08x", random);
    host_id(work->host);
    user_and_host(work->user);
    remove_dead(base_dir(rundir));
    snprintf(work->path, sizeof work->path, "%s/" PREFIX "%s", base_dir(rundir), work->instance);
    snprintf(new, sizeof new, "%s" NEW, work->path);
    if (mkdir(new, 0700) < 0)
        return -errno;
    snprintf(lock, sizeof lock, "%s/lock", new);
    work->lock_fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_EXCL, 0600);
    if (work->lock_fd < 0 || flock(work->lock_fd, LOCK_EX | LOCK_NB) < 0 || rename(new, work->path) < 0)
        return -errno;
    return 0;
}

bool workdir_instance_lives(const struct workdir *work, const char *instance)
{
    char path[PATH_MAX];
    const char *slash = strrchr(work->path, '/');

    snprintf(path, sizeof path, "%.*s/" PREFIX "%s", (int)(slash - work->path), work->path, instance);
    return access(path, F_OK) == 0 && !dead(path);
}

/* Under another name first: a VM never boots half a file. */
static int copy_file(const char *from, const char *to, struct stat *st)
{
    char new[PATH_MAX];
    int in = open(from, O_RDONLY | O_CLOEXEC), out = -1, err = 0;
    off_t left;

    if (in < 0 || fstat(in, st) < 0) {
        err = -errno;
        goto done;
    }
    snprintf(new, sizeof new, "%s.new", to);
    unlink(new);
    out = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (out < 0) {
        err = -errno;
        goto done;
    }
    for (left = st->st_size; left > 0;) {
        ssize_t n = sendfile(out, in, NULL, (size_t)left);

        if (n <= 0) {
            err = n < 0 ? -errno : -EIO;
            goto done;
        }
        left -= n;
    }
    if (fchmod(out, 0644) < 0 || rename(new, to) < 0)
        err = -errno;
done:
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return err;
}

int workdir_find_resident(char path[PATH_MAX])
{
    char toolbox[PATH_MAX], link[PATH_MAX + 8];

    if (part_find(PART_TOOLBOX, toolbox) < 0)
        return -ENOENT;
    snprintf(link, sizeof link, "%s/true", toolbox);
    return realpath(link, path) ? 0 : -errno;
}

/* Without it there are no multiboot kernels, and that is told when one is to run. */
static void make_loader(struct workdir *work)
{
    char from[PATH_MAX];
    struct stat st;

    snprintf(work->loader, sizeof work->loader, "%s/multiboot.elf", work->path);
    if (part_find(PART_LOADER, from) < 0 || copy_file(from, work->loader, &st) < 0)
        work->loader[0] = '\0';
}

static void copy_aarch64(struct workdir *work)
{
    char from[PATH_MAX];
    struct stat st;

    snprintf(work->aarch64, sizeof work->aarch64, "%s/guest-aarch64.image", work->path);
    if (part_find(PART_AARCH64, from) != 0 || copy_file(from, work->aarch64, &st) != 0)
        work->aarch64[0] = '\0';
}

/* Without it VMs boot what copy_file() has copied. */
static void make_rom(struct workdir *work)
{
    char guest[PATH_MAX], reset[PATH_MAX];
    struct stat st;
    int err;

    snprintf(work->rom, sizeof work->rom, "%s/rom", work->path);
    snprintf(work->reset, sizeof work->reset, "%s/reset.rom", work->path);
    err = part_find(PART_ROM, guest);
    if (err == 0)
        err = part_find(PART_RESET, reset);
    if (err == 0)
        err = copy_file(reset, work->reset, &st);
    if (err == 0)
        err = rom_make(guest, work->resident, work->rom, &work->rom_bytes);
    if (err == 0)
        return;
    log_line("no ROM for VMs: %s", strerror(-err));
    work->rom[0] = work->reset[0] = '\0';
}

/* EFBIG: by a limit (ulimit -f). */
static bool is_no_room(int err)
{
    return err == -ENOSPC || err == -EDQUOT || err == -EFBIG;
}

int workdir_make(struct workdir *work, uid_t qemu_uid, gid_t qemu_gid, char error[256])
{
    char from[PATH_MAX], sockets[80], images[80];
    struct stat st;
    int err;

    work->foreign = geteuid() == 0 && qemu_uid != 0;
    work->qemu_uid = qemu_uid;
    work->qemu_gid = qemu_gid;
    err = part_find(PART_GUEST, from);
    if (err == 0) {
        snprintf(work->guest, sizeof work->guest, "%s/guest.elf", work->path);
        err = copy_file(from, work->guest, &st);
    }
    if (err < 0) {
        if (is_no_room(err))
            snprintf(error, 256, "no room for the guest in %.150s: %s", work->path, strerror(-err));
        else
            snprintf(error, 256, "the guest cannot be read: %.150s: %s; run make guest", from,
                     strerror(-err));
        return err;
    }
    make_loader(work);
    copy_aarch64(work);
    work->resident[0] = '\0';
    work->resident_file = (struct stat){0};
    if (workdir_find_resident(from) == 0) {
        snprintf(work->resident, sizeof work->resident, "%s/resident", work->path);
        err = copy_file(from, work->resident, &work->resident_file);
        if (err < 0) {
            log_line("no resident program: %s: %s", from, strerror(-err));
            work->resident[0] = '\0';
            work->resident_file = (struct stat){0};
        }
    }
    make_rom(work);
    snprintf(images, sizeof images, "%s/img", work->path);
    snprintf(sockets, sizeof sockets, "%s/s", work->path);
    if ((mkdir(images, 0700) < 0 && errno != EEXIST) || (mkdir(sockets, 0700) < 0 && errno != EEXIST) ||
        (work->foreign && (chown(images, 0, qemu_gid) < 0 || chmod(images, 0710) < 0)) ||
        (work->foreign && (chown(sockets, qemu_uid, qemu_gid) < 0 || chmod(sockets, 02700) < 0 ||
                           chown(work->path, 0, qemu_gid) < 0 || chmod(work->path, 0710) < 0))) {
        err = -errno;
        snprintf(error, 256, "%.100s cannot be prepared for QEMU: %s", work->path, strerror(errno));
        return err;
    }
    return 0;
}

void workdir_socket(const struct workdir *work, uint64_t vm, const char *port, char path[108])
{
    snprintf(path, 108, "%s/s/%llu.%s", work->path, (unsigned long long)vm, port);
}

void workdir_unlink_sockets(const struct workdir *work, uint64_t vm)
{
    char path[108];

    for (unsigned i = 0; i < sizeof port_names / sizeof *port_names; i++) {
        workdir_socket(work, vm, port_names[i], path);
        unlink(path);
    }
    workdir_unlink_ring(work, vm);
    workdir_bounce(work, vm, path);
    unlink(path);
}

void workdir_ring(const struct workdir *work, uint64_t vm, char path[108])
{
    workdir_socket(work, vm, "ring", path);
}

void workdir_bounce(const struct workdir *work, uint64_t vm, char path[108])
{
    workdir_socket(work, vm, "bounce", path);
}

/* A file of zeros that belongs to that user, for QEMU, too. Its descriptor, or -errno. */
static int make_memory(const struct workdir *work, const char *path, off_t bytes, uid_t owner, mode_t mode)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0)
        return -errno;
    if (ftruncate(fd, bytes) < 0 ||
        (work->foreign && (fchown(fd, owner, work->qemu_gid) < 0 || fchmod(fd, mode) < 0))) {
        int err = -errno;

        unlink(path);
        close(fd);
        return err;
    }
    return fd;
}

int workdir_make_ring(const struct workdir *work, uint64_t vm)
{
    char path[108];
    int fd;

    workdir_ring(work, vm, path);
    fd = make_memory(work, path, RING_FILE_BYTES, work->qemu_uid, 0600);
    if (fd < 0)
        return fd;
    close(fd);
    return 0;
}

int workdir_make_bounce(const struct workdir *work, uint64_t vm)
{
    char path[108];

    workdir_bounce(work, vm, path);
    return make_memory(work, path, BOUNCE_BYTES, geteuid(), 0640); /* QEMU is to read it, and no more */
}

static int empty(int fd, off_t bytes)
{
    return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, bytes) < 0 ? -errno : 0;
}

int workdir_empty_bounce(int fd)
{
    return empty(fd, BOUNCE_BYTES);
}

/* The file is in the hands of QEMU's user, who may have put something else there: then this is no ring. */
static int open_ring(const struct workdir *work, uint64_t vm, int flags)
{
    char path[108];
    struct stat st;
    int fd;

    workdir_ring(work, vm, path);
    fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return -errno;
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size != RING_FILE_BYTES || st.st_nlink != 1) {
        close(fd);
        return -EINVAL;
    }
    return fd;
}

int workdir_empty_ring(const struct workdir *work, uint64_t vm)
{
    int fd = open_ring(work, vm, O_RDWR), err;

    if (fd < 0)
        return fd;
    err = empty(fd, RING_FILE_BYTES);
    close(fd);
    return err;
}

bool workdir_ring_has_ended(const struct workdir *work, uint64_t vm, uint64_t key)
{
    int fd = open_ring(work, vm, O_RDONLY);
    struct ring_side side;
    bool ended;

    if (fd < 0)
        return false;
    ended = pread(fd, &side, sizeof side, RING_WRITER) == sizeof side && side.key == key && side.ended == 1;
    close(fd);
    return ended;
}

void workdir_unlink_ring(const struct workdir *work, uint64_t vm)
{
    char path[108];

    workdir_ring(work, vm, path);
    unlink(path);
}

void workdir_unlink_session_log(const char *domain)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    char path[PATH_MAX];

    if (cache && cache[0] == '/')
        snprintf(path, sizeof path, "%s/libvirt/qemu/log/%s.log", cache, domain);
    else
        snprintf(path, sizeof path, "%s/.cache/libvirt/qemu/log/%s.log", home ? home : "", domain);
    unlink(path);
}

void workdir_remove(struct workdir *work)
{
    remove_tree(work->path);
}
