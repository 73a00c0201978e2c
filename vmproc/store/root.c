/* root.c - opens the store: is it the user's own, and what have killed ones left in it? */
#include "image_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* Nobody else may change what will be run. */
static bool is_own(int fd, const char *path, const char *part)
{
    struct stat st;
    if (fstat(fd, &st))
        return complain_errno(errno, "%s%s", path, part);
    if (st.st_uid != geteuid())
        return complain("%s%s: belongs to another user", path, part);
    if (st.st_mode & 022)
        return complain("%s%s: others may change it; chmod go-w", path, part);
    return true;
}

static bool check_part(const struct store *store, const char *part)
{
    char shown[32] = "/";
    int fd = openat(store->root, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    bool ok;
    strcat(shown, part);
    if (fd < 0)
        return complain_errno(errno, "%s%s", store->path, shown);
    ok = is_own(fd, store->path, shown);
    close(fd);
    return ok;
}

static bool open_root(struct store *store)
{
    store->root = open(store->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (store->root < 0)
        return errno == ENOENT || complain_errno(errno, "%s", store->path);
    return is_own(store->root, store->path, "");
}

static bool find_root(struct store *store)
{
    int err;
    *store = (struct store){.root = -1, .lock = -1};
    err = store_root(store->path);
    return !err || complain("no place for images: neither XDG_DATA_HOME nor HOME is set");
}

bool store_look(struct store *store)
{
    return find_root(store) && open_root(store) && (store->root < 0 || check_part(store, "store"));
}

static bool make_path(char *path)
{
    for (char *slash = path; slash && slash[1];) {
        slash = strchr(slash + 1, '/');
        if (slash)
            *slash = '\0';
        if (mkdir(path, 0700) && errno != EEXIST)
            return complain_errno(errno, "%s", path);
        if (slash)
            *slash = '/';
    }
    return true;
}

static bool make_part(const struct store *store, const char *part)
{
    if (mkdirat(store->root, part, 0755) && errno != EEXIST)
        return complain_errno(errno, "%s/%s", store->path, part);
    return check_part(store, part);
}

/* Names that begin with a dot are of somebody who was killed: the lock is ours. */
static void sweep(const struct store *store, const char *part)
{
    int fd = openat(store->root, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    struct dirent *entry;
    while (dir && (entry = readdir(dir)))
        if (entry->d_name[0] == '.' && entry->d_name[1] && strcmp(entry->d_name, "..") != 0)
            unlinkat(fd, entry->d_name, 0);
    if (dir)
        closedir(dir);
}

bool store_begin(struct store *store)
{
    if (!find_root(store) || !make_path(store->path) || !open_root(store))
        return false;
    if (!make_part(store, "store") || !make_part(store, "verified"))
        return false;
    store->lock = openat(store->root, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (store->lock < 0 || flock(store->lock, LOCK_EX))
        return complain_errno(errno, "%s/lock", store->path);
    sweep(store, "store");
    sweep(store, "verified");
    profile_sweep(store);
    return true;
}
