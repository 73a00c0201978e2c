/* blob.c - files named by what is in them. */
#include "image_store.h"
#include "vmproc/spec/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BLOB_MODE 0555 /* programs and specs are found in PATH, where only what is executable counts */

static void blob_path(const char *hex, char path[80])
{
    snprintf(path, 80, "store/%s", hex);
}

/* A file that has no name is gone with the process that made it. Some file systems have none. */
static bool make_file(const struct store *store, struct blob *blob)
{
    static unsigned number;
    *blob = (struct blob){.fd = openat(store->root, "store", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
    if (blob->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
        snprintf(blob->name, sizeof blob->name, "store/.%d-%u", (int)getpid(), number++);
        blob->fd = openat(store->root, blob->name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    }
    return blob->fd >= 0 || complain_errno(errno, "%s/store", store->path);
}

void blob_undo(const struct store *store, struct blob *blob)
{
    char path[80];
    blob_path(blob->hex, path);
    if (blob->fd >= 0)
        close(blob->fd);
    if (blob->name[0])
        unlinkat(store->root, blob->name, 0);
    if (blob->is_new)
        unlinkat(store->root, path, 0);
    *blob = (struct blob){.fd = -1};
}

/* The bytes are on the disk before a name leads to them. */
static bool finish(const struct store *store, struct blob *blob, int err)
{
    if (!err && (fchmod(blob->fd, BLOB_MODE) || fsync(blob->fd)))
        err = -errno;
    if (!err)
        return true;
    complain_errno(-err, "%s/store", store->path);
    blob_undo(store, blob);
    return false;
}

bool blob_take_file(const struct store *store, const char *path, struct blob *blob)
{
    struct stat before, after;
    int err, from = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (from < 0 || fstat(from, &before)) {
        err = errno;
        if (from >= 0)
            close(from);
        return complain_errno(err, "%s", path);
    }
    if (!S_ISREG(before.st_mode)) {
        close(from);
        return complain("%s: not a regular file", path);
    }
    if (!make_file(store, blob)) {
        close(from);
        return false;
    }
    err = digest_file(from, blob->fd, blob->hex, &blob->size);
    if (!err && fstat(from, &after) == 0 &&
        (after.st_size != before.st_size || after.st_mtim.tv_sec != before.st_mtim.tv_sec ||
         after.st_mtim.tv_nsec != before.st_mtim.tv_nsec)) {
        close(from);
        blob_undo(store, blob);
        return complain("%s: was changed while it was read", path);
    }
    close(from);
    return finish(store, blob, err);
}

bool blob_take_text(const struct store *store, const char *text, size_t len, struct blob *blob)
{
    ssize_t n;
    if (!make_file(store, blob))
        return false;
    digest_bytes(text, len, blob->hex);
    blob->size = len;
    errno = ENOSPC;
    n = write(blob->fd, text, len);
    return finish(store, blob, n == (ssize_t)len ? 0 : -errno);
}

int blob_open(const struct store *store, const char *hex)
{
    char path[80];
    blob_path(hex, path);
    return openat(store->root, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

const char *blob_verify(const struct store *store, const char *hex)
{
    char found[STORE_HEX];
    struct stat before, after;
    const char *wrong = NULL;
    int fd = blob_open(store, hex);
    if (fd < 0)
        return errno == ENOENT ? "its file is missing" : "its file cannot be read";
    if (fstat(fd, &before) || !S_ISREG(before.st_mode))
        wrong = "its file is no regular file";
    else if (digest_file(fd, -1, found, NULL))
        wrong = "its file cannot be read";
    else if (strcmp(found, hex) != 0)
        wrong = "its bytes have been changed";
    else if ((before.st_mode & 07777) != BLOB_MODE && fchmod(fd, BLOB_MODE))
        wrong = "its mode has been changed";
    if (!wrong && fstat(fd, &after) == 0 && after.st_size == before.st_size)
        store_set_verified(store->root, hex, &after);
    close(fd);
    return wrong;
}

static int give_name(const struct store *store, struct blob *blob, const char *path)
{
    char proc[40];
    if (blob->name[0]) {
        if (renameat(store->root, blob->name, store->root, path))
            return -errno;
        blob->name[0] = '\0';
        return 0;
    }
    snprintf(proc, sizeof proc, "/proc/self/fd/%d", blob->fd);
    return linkat(AT_FDCWD, proc, store->root, path, AT_SYMLINK_FOLLOW) ? -errno : 0;
}

/* Is there already, and as it should be. */
static bool is_there(const struct store *store, const char *hex)
{
    struct stat st;
    int fd = blob_open(store, hex);
    bool recorded = fd >= 0 && fstat(fd, &st) == 0 && store_is_verified(store->root, hex, &st);
    if (fd >= 0)
        close(fd);
    return recorded || !blob_verify(store, hex);
}

bool blob_link(const struct store *store, struct blob *blob)
{
    char path[80];
    struct stat st;
    int err = 0;
    blob_path(blob->hex, path);
    if (!is_there(store, blob->hex)) {
        unlinkat(store->root, path, 0);
        err = give_name(store, blob, path);
        if (err)
            return complain_errno(-err, "%s/%s", store->path, path);
        blob->is_new = true;
        if (fstat(blob->fd, &st) == 0)
            store_set_verified(store->root, blob->hex, &st);
    } else if (blob->name[0]) {
        unlinkat(store->root, blob->name, 0);
        blob->name[0] = '\0';
    }
    close(blob->fd);
    blob->fd = -1;
    return true;
}
