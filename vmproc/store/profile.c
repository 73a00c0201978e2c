/* profile.c - generations: directories of links, and the link to the one that counts. */
#include "image_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FRESH     ".profile-new" /* a generation that is being made */
#define FRESH_BIN FRESH "/bin"
#define SWITCH    ".profile-link" /* the link that will replace profile */

/* "profile-N". 0: anything else. */
static unsigned parse_generation(const char *name)
{
    static const char prefix[] = "profile-";
    char *end;
    unsigned long number;
    if (strncmp(name, prefix, sizeof prefix - 1) != 0)
        return 0;
    name += sizeof prefix - 1;
    number = strtoul(name, &end, 10);
    return *end || name[0] < '1' || name[0] > '9' || number > UINT32_MAX ? 0 : (unsigned)number;
}

static int compare_numbers(const void *a, const void *b)
{
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return (x > y) - (x < y);
}

static void *grow(void *items, size_t count, size_t size)
{
    void *grown = realloc(items, (count + 1) * size);
    if (!grown)
        abort();
    return grown;
}

static DIR *open_directory(int at, const char *path)
{
    int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir && fd >= 0)
        close(fd);
    return dir;
}

bool generations_list(const struct store *store, struct generations *list)
{
    struct dirent *entry;
    DIR *dir = store->root >= 0 ? open_directory(store->root, ".") : NULL;
    *list = (struct generations){0};
    if (!dir)
        return store->root < 0 || complain_errno(errno, "%s", store->path);
    while ((entry = readdir(dir))) {
        unsigned number = parse_generation(entry->d_name);
        if (!number)
            continue;
        list->numbers = grow(list->numbers, list->count, sizeof *list->numbers);
        list->numbers[list->count++] = number;
    }
    closedir(dir);
    if (list->count)
        qsort(list->numbers, list->count, sizeof *list->numbers, compare_numbers);
    return true;
}

bool profile_current(const struct store *store, unsigned *number)
{
    char target[64];
    ssize_t len = store->root < 0 ? 0 : readlinkat(store->root, "profile", target, sizeof target - 1);
    *number = 0;
    if (store->root < 0 || (len < 0 && errno == ENOENT))
        return true;
    if (len > 0) {
        target[len] = '\0';
        *number = parse_generation(target);
    }
    return *number || complain("%s/profile: not a link to a generation", store->path);
}

/* ---- reading one ---- */

static int compare_images(const void *a, const void *b)
{
    return strcmp(((const struct image *)a)->name, ((const struct image *)b)->name);
}

struct image *profile_find(const struct profile *profile, const char *name)
{
    for (size_t i = 0; i < profile->count; i++)
        if (strcmp(profile->images[i].name, name) == 0)
            return &profile->images[i];
    return NULL;
}

void profile_put(struct profile *profile, const struct image *image)
{
    struct image *old = profile_find(profile, image->name);
    if (old) {
        *old = *image;
        return;
    }
    profile->images = grow(profile->images, profile->count, sizeof *profile->images);
    profile->images[profile->count++] = *image;
    qsort(profile->images, profile->count, sizeof *profile->images, compare_images);
}

void profile_drop(struct profile *profile, const char *name)
{
    struct image *image = profile_find(profile, name);
    if (image)
        memmove(image, image + 1, (size_t)(profile->images + --profile->count - image) * sizeof *image);
}

/* The digest that a link in bin/ leads to. */
static bool read_link(int bin, const char *name, char hex[STORE_HEX])
{
    static const char prefix[] = "../../store/";
    char target[sizeof prefix + STORE_HEX];
    ssize_t len = readlinkat(bin, name, target, sizeof target - 1);
    if (len != (ssize_t)(sizeof prefix - 1 + STORE_HEX - 1))
        return false;
    target[len] = '\0';
    if (strncmp(target, prefix, sizeof prefix - 1) != 0 || !store_is_hex(target + sizeof prefix - 1))
        return false;
    memcpy(hex, target + sizeof prefix - 1, STORE_HEX);
    return true;
}

static bool read_image(int bin, const char *name, struct image *image)
{
    char spec[IMAGE_NAME_MAX + 4];
    *image = (struct image){0};
    if (!image_name_ok(name))
        return false;
    strcpy(image->name, name);
    snprintf(spec, sizeof spec, "%s.vm", name);
    return read_link(bin, name, image->program) && read_link(bin, spec, image->spec);
}

static bool is_spec_name(const char *name)
{
    size_t len = strlen(name);
    return len > 3 && strcmp(name + len - 3, ".vm") == 0;
}

bool profile_read(const struct store *store, unsigned number, struct profile *profile)
{
    char path[64];
    struct dirent *entry;
    DIR *dir;
    bool ok = true;
    *profile = (struct profile){.number = number};
    if (!number)
        return true;
    snprintf(path, sizeof path, "profile-%u/bin", number);
    dir = open_directory(store->root, path);
    if (!dir)
        return complain_errno(errno, "%s/%s", store->path, path);
    while (ok && (entry = readdir(dir))) {
        struct image image;
        if (entry->d_name[0] == '.' || is_spec_name(entry->d_name))
            continue;
        ok = read_image(dirfd(dir), entry->d_name, &image);
        if (ok)
            profile_put(profile, &image);
        else
            complain("%s/%s/%s: not a link into the store", store->path, path, entry->d_name);
    }
    closedir(dir);
    return ok;
}

int64_t profile_made(const struct store *store, unsigned number)
{
    char path[64];
    struct stat st;
    snprintf(path, sizeof path, "profile-%u", number);
    return fstatat(store->root, path, &st, AT_SYMLINK_NOFOLLOW) ? 0 : (int64_t)st.st_mtim.tv_sec;
}

/* ---- making one ---- */

static void empty_directory(int at, const char *path)
{
    DIR *dir = open_directory(at, path);
    struct dirent *entry;
    if (!dir)
        return;
    fchmod(dirfd(dir), 0700);
    while ((entry = readdir(dir)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
}

/* 0 or -errno. */
static int remove_tree(const struct store *store, const char *name)
{
    char bin[96];
    snprintf(bin, sizeof bin, "%s/bin", name);
    empty_directory(store->root, bin);
    if (fchmodat(store->root, name, 0700, 0) == 0)
        unlinkat(store->root, bin, AT_REMOVEDIR);
    return unlinkat(store->root, name, AT_REMOVEDIR) && errno != ENOENT ? -errno : 0;
}

void profile_sweep(const struct store *store)
{
    remove_tree(store, FRESH);
    unlinkat(store->root, SWITCH, 0);
}

static int make_link(int bin, const char *name, const char *hex)
{
    char target[STORE_HEX + 16];
    snprintf(target, sizeof target, "../../store/%s", hex);
    return symlinkat(target, bin, name) ? -errno : 0;
}

static int fill_bin(int bin, const struct profile *profile)
{
    int err = 0;
    for (size_t i = 0; i < profile->count && !err; i++) {
        const struct image *image = &profile->images[i];
        char spec[IMAGE_NAME_MAX + 4];
        snprintf(spec, sizeof spec, "%s.vm", image->name);
        err = make_link(bin, image->name, image->program);
        if (!err)
            err = make_link(bin, spec, image->spec);
    }
    if (!err && (fchmod(bin, 0555) || fsync(bin)))
        err = -errno;
    return err;
}

static int make_fresh(const struct store *store, const struct profile *profile)
{
    int bin, err;
    if (mkdirat(store->root, FRESH, 0755) || mkdirat(store->root, FRESH_BIN, 0755))
        return -errno;
    bin = openat(store->root, FRESH_BIN, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (bin < 0)
        return -errno;
    err = fill_bin(bin, profile);
    close(bin);
    return err ? err : fchmodat(store->root, FRESH, 0555, 0) ? -errno : 0;
}

static int switch_to(const struct store *store, unsigned number)
{
    char target[32];
    snprintf(target, sizeof target, "profile-%u", number);
    if (symlinkat(target, store->root, SWITCH) || renameat(store->root, SWITCH, store->root, "profile"))
        return -errno;
    fsync(store->root);
    return 0;
}

bool profile_switch(const struct store *store, unsigned number)
{
    int err = switch_to(store, number);
    return !err || complain_errno(-err, "%s/profile", store->path);
}

bool profile_remove(const struct store *store, unsigned number)
{
    char name[32];
    int err;
    snprintf(name, sizeof name, "profile-%u", number);
    err = remove_tree(store, name);
    return !err || complain_errno(-err, "%s/%s", store->path, name);
}

bool profile_commit(const struct store *store, struct profile *profile)
{
    struct generations all;
    char name[32];
    int err;
    if (!generations_list(store, &all))
        return false;
    profile->number = all.count ? all.numbers[all.count - 1] + 1 : 1;
    free(all.numbers);
    snprintf(name, sizeof name, "profile-%u", profile->number);
    err = make_fresh(store, profile);
    if (!err && renameat(store->root, FRESH, store->root, name))
        err = -errno;
    if (!err) {
        err = switch_to(store, profile->number);
        if (err)
            remove_tree(store, name);
    }
    remove_tree(store, FRESH);
    return !err || complain_errno(-err, "%s/%s", store->path, name);
}
