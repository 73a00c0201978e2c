/* store.c - finds the store; records of what has been hashed. */
#include "vmproc/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RECORD_MAX 160 /* bytes */

int store_root(char path[PATH_MAX])
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    int len = -1;
    if (data && data[0] == '/') /* "all paths must be absolute", says the XDG specification */
        len = snprintf(path, PATH_MAX, "%s/fleetsh", data);
    else if (home && home[0] == '/')
        len = snprintf(path, PATH_MAX, "%s/.local/share/fleetsh", home);
    if (len < 0)
        return -ENOENT;
    return len < PATH_MAX ? 0 : -ENAMETOOLONG;
}

int store_open(void)
{
    char path[PATH_MAX];
    struct stat st;
    int root, err = store_root(path);
    if (err)
        return err;
    root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return -errno;
    err = fstat(root, &st) ? -errno : st.st_uid != geteuid() || st.st_mode & 022 ? -EPERM : 0;
    if (err) {
        close(root);
        return err;
    }
    return root;
}

bool store_is_hex(const char *text)
{
    return strspn(text, "0123456789abcdef") == STORE_HEX - 1 && !text[STORE_HEX - 1];
}

bool store_holds(const char *path, char hex[STORE_HEX])
{
    char root[PATH_MAX], real[PATH_MAX], real_root[PATH_MAX];
    const char *slash = realpath(path, real) ? strrchr(real, '/') : NULL;
    size_t len;
    if (!slash || !store_is_hex(slash + 1) || store_root(root) || !realpath(root, real_root))
        return false;
    len = strlen(real_root);
    if (strncmp(real, real_root, len) != 0 || strncmp(real + len, "/store/", 7) != 0 ||
        real + len + 6 != slash)
        return false;
    memcpy(hex, slash + 1, STORE_HEX);
    return true;
}

/* One line; a file of another identity has another one. */
static int describe(const struct stat *st, char text[RECORD_MAX])
{
    return snprintf(
        text, RECORD_MAX, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRId64 ".%09ld %" PRId64 ".%09ld\n",
        (uint64_t)st->st_dev, (uint64_t)st->st_ino, (uint64_t)st->st_size, (int64_t)st->st_mtim.tv_sec,
        st->st_mtim.tv_nsec, (int64_t)st->st_ctim.tv_sec, st->st_ctim.tv_nsec);
}

static void record_name(const char *hex, const char *prefix, char name[128])
{
    snprintf(name, 128, "verified/%s%s", prefix, hex);
}

bool store_is_verified(int root, const char *hex, const struct stat *st)
{
    char name[128], want[RECORD_MAX], have[RECORD_MAX];
    ssize_t got;
    int fd, len = describe(st, want);
    record_name(hex, "", name);
    fd = openat(root, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return false;
    got = read(fd, have, sizeof have);
    close(fd);
    return got == len && memcmp(want, have, (size_t)len) == 0;
}

/* By rename(2), so that a reader finds one record or the other. */
int store_set_verified(int root, const char *hex, const struct stat *st)
{
    char name[128], fresh[128], prefix[32], text[RECORD_MAX];
    int fd, err, len = describe(st, text);
    snprintf(prefix, sizeof prefix, ".%d-", (int)getpid());
    record_name(hex, "", name);
    record_name(hex, prefix, fresh);
    fd = openat(root, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0444);
    if (fd < 0)
        return -errno;
    err = write(fd, text, (size_t)len) == len ? 0 : -(errno ? errno : ENOSPC);
    close(fd);
    if (!err && renameat(root, fresh, root, name))
        err = -errno;
    if (err)
        unlinkat(root, fresh, 0);
    return err;
}
