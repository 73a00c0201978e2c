/* keep.c - gc and verify: what may go, and what is no longer what it was. */
#include "image_store.h"
#include "json_out.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* A blob, and one image that has it, if any. */
struct found {
    char hex[STORE_HEX];
    char name[IMAGE_NAME_MAX + 4]; /* empty: nobody has it */
};

struct found_list {
    struct found *items;
    size_t count;
};

static struct found *find(const struct found_list *list, const char *hex)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].hex, hex) == 0)
            return &list->items[i];
    return NULL;
}

static struct found *note(struct found_list *list, const char *hex)
{
    struct found *found = find(list, hex);
    if (found)
        return found;
    list->items = realloc(list->items, (list->count + 1) * sizeof *list->items);
    if (!list->items)
        abort();
    found = &list->items[list->count++];
    *found = (struct found){0};
    memcpy(found->hex, hex, STORE_HEX);
    return found;
}

/* What the generations reach; those in skip do not count. */
static bool note_reached(const struct store *store, const struct generations *all, size_t skip,
                         unsigned current, struct found_list *list)
{
    for (size_t i = 0; i < all->count; i++) {
        struct profile profile;
        if (i < skip && all->numbers[i] != current)
            continue;
        if (!profile_read(store, all->numbers[i], &profile))
            return false;
        for (size_t j = 0; j < profile.count; j++) {
            snprintf(note(list, profile.images[j].program)->name, IMAGE_NAME_MAX + 4, "%s",
                     profile.images[j].name);
            snprintf(note(list, profile.images[j].spec)->name, IMAGE_NAME_MAX + 4, "%s.vm",
                     profile.images[j].name);
        }
        free(profile.images);
    }
    return true;
}

/* What lies in a part of the store; names that are no digests are told. */
static bool note_present(const struct store *store, const char *part, struct found_list *list)
{
    int fd = openat(store->root, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    struct dirent *entry;
    bool ok = true;
    if (!dir)
        return complain_errno(errno, "%s/%s", store->path, part);
    while ((entry = readdir(dir)))
        if (store_is_hex(entry->d_name))
            note(list, entry->d_name);
        else if (entry->d_name[0] != '.')
            ok = complain("%s/%s/%s: does not belong here", store->path, part, entry->d_name);
    closedir(dir);
    return ok;
}

/* ---- gc ---- */

struct gc {
    bool dry_run;
    unsigned long keep; /* generations; 0: all */
    uint64_t files, bytes, in_use;
};

/* Whoever runs it holds a shared lock on it. */
static bool is_in_use(int fd)
{
    return flock(fd, LOCK_EX | LOCK_NB) != 0;
}

static void remove_blob(const struct store *store, const char *hex, struct gc *gc)
{
    char path[96];
    struct stat st = {0};
    int fd = blob_open(store, hex);
    if (fd >= 0 && is_in_use(fd)) {
        gc->in_use++;
    } else {
        if (fd >= 0 && fstat(fd, &st) == 0)
            gc->bytes += (uint64_t)st.st_size;
        gc->files++;
        snprintf(path, sizeof path, "store/%s", hex);
        if (!gc->dry_run)
            unlinkat(store->root, path, 0);
        snprintf(path, sizeof path, "verified/%s", hex);
        if (!gc->dry_run)
            unlinkat(store->root, path, 0);
    }
    if (fd >= 0)
        close(fd);
}

static void print_gc(const struct gc *gc, size_t generations)
{
    printf("%s: %zu generation%s, %llu file%s, %llu KiB", gc->dry_run ? "would remove" : "removed",
           generations, generations == 1 ? "" : "s", (unsigned long long)gc->files, gc->files == 1 ? "" : "s",
           (unsigned long long)(gc->bytes + 1023) / 1024);
    if (gc->in_use)
        printf("; kept, as they run: %llu", (unsigned long long)gc->in_use);
    putchar('\n');
}

/* First the generations, then what they alone have reached: killed in between, the next one ends it. */
static bool collect(const struct store *store, struct gc *gc)
{
    struct generations all;
    struct found_list reached = {0}, present = {0};
    unsigned current;
    size_t old = 0, removed = 0;
    if (!generations_list(store, &all) || !profile_current(store, &current))
        return false;
    if (gc->keep && all.count > gc->keep)
        old = all.count - gc->keep;
    if (!note_reached(store, &all, old, current, &reached) || !note_present(store, "store", &present))
        return false;
    for (size_t i = 0; i < old; i++) {
        if (all.numbers[i] == current)
            continue;
        if (!gc->dry_run && !profile_remove(store, all.numbers[i]))
            return false;
        removed++;
    }
    for (size_t i = 0; i < present.count; i++)
        if (!find(&reached, present.items[i].hex))
            remove_blob(store, present.items[i].hex, gc);
    print_gc(gc, removed);
    return true;
}

int run_gc(int argc, char **argv)
{
    static const struct option options[] = {{"dry-run", no_argument, NULL, 'd'}, {NULL, 0, NULL, 0}};
    struct store store;
    struct gc gc = {0};
    int option;
    while ((option = getopt_long(argc, argv, "k:", options, NULL)) != -1) {
        char *end;
        if (option == 'd') {
            gc.dry_run = true;
            continue;
        }
        if (option != 'k')
            return usage();
        gc.keep = strtoul(optarg, &end, 10);
        if (*end || optarg[0] < '0' || optarg[0] > '9' || gc.keep == 0) {
            complain("-k %s: not a number of generations", optarg);
            return 2;
        }
    }
    if (optind != argc)
        return usage();
    return store_begin(&store) && collect(&store, &gc) ? 0 : 1;
}

/* ---- verify ---- */

static void put_verdict(yajl_gen gen, const struct found *found, const char *wrong)
{
    yajl_gen_map_open(gen);
    json_out_string(gen, "name", found->name);
    json_out_string(gen, "digest", found->hex);
    json_out_key(gen, "ok");
    yajl_gen_bool(gen, !wrong);
    json_out_string(gen, "error", wrong ? wrong : "");
    yajl_gen_map_close(gen);
}

static int verify_all(const struct store *store, const struct found_list *list, bool json)
{
    yajl_gen gen = json ? json_out_begin() : NULL;
    size_t bad = 0;
    if (json)
        yajl_gen_array_open(gen);
    for (size_t i = 0; i < list->count; i++) {
        const struct found *found = &list->items[i];
        const char *wrong = blob_verify(store, found->hex);
        bad += wrong != NULL;
        if (json)
            put_verdict(gen, found, wrong);
        else if (wrong)
            complain("%s (%s): %s", found->name[0] ? found->name : "in no generation", found->hex, wrong);
    }
    if (json) {
        yajl_gen_array_close(gen);
        json_out_end(gen);
    } else {
        printf("%zu file%s, %zu bad\n", list->count, list->count == 1 ? "" : "s", bad);
    }
    return bad ? 1 : 0;
}

int run_verify(int argc, char **argv)
{
    static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
    struct store store;
    struct generations all;
    struct found_list list = {0};
    unsigned current;
    bool json = false, ok;
    int option, status;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option != 'j')
            return usage();
        json = true;
    }
    if (optind != argc)
        return usage();
    if (!store_begin(&store) || !generations_list(&store, &all) || !profile_current(&store, &current))
        return 1;
    ok = note_reached(&store, &all, 0, current, &list);
    ok = note_present(&store, "store", &list) && ok;
    status = verify_all(&store, &list, json);
    return ok ? status : 1;
}
