/* apply.c - makes the profile what a file says. */
#include "image_store.h"
#include "vmproc/spec/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX (1 << 20)

struct wanted {
    const char *name, *file, *digest; /* digest: digits, or NULL */
};

struct wish {
    const char *path;
    struct wanted *items;
    size_t count;
};

static bool complain_at(const struct wish *wish, unsigned line, unsigned column, const char *what,
                        const char *word)
{
    return complain("%s:%u:%u: %s%s%s%s", wish->path, line, column, what, word ? " \"" : "", word ? word : "",
                    word ? "\"" : "");
}

static bool at_key(const struct wish *wish, const struct json *at, const char *what)
{
    return complain_at(wish, at->key_line, at->key_column, what, at->key);
}

static bool at_value(const struct wish *wish, const struct json *at, const char *what)
{
    return complain_at(wish, at->line, at->column, what, NULL);
}

/* Seen from the file that names it. */
static char *resolve(const struct wish *wish, const char *text)
{
    const char *slash = strrchr(wish->path, '/'), *home = getenv("HOME");
    char *path = NULL;
    int n;
    if (strncmp(text, "~/", 2) == 0 && home)
        n = asprintf(&path, "%s%s", home, text + 1);
    else if (text[0] == '/' || !slash)
        n = asprintf(&path, "%s", text);
    else
        n = asprintf(&path, "%.*s%s", (int)(slash - wish->path) + 1, wish->path, text);
    if (n < 0)
        abort();
    return path;
}

/* "NAME": "FILE" or "NAME": {"file": FILE, "digest": "sha256:..."} */
static bool take_image(struct wish *wish, const struct json *value)
{
    const size_t prefix = strlen(DIGEST_PREFIX);
    struct wanted *wanted = &wish->items[wish->count++];
    const struct json *file = value->kind == JSON_STRING ? value : NULL;
    *wanted = (struct wanted){.name = value->key};
    if (!image_name_ok(value->key))
        return at_key(wish, value, "cannot be a name:");
    if (value->kind != JSON_STRING && value->kind != JSON_OBJECT)
        return at_value(wish, value, "must be a string or an object");
    for (const struct json *item = value->first; item; item = item->next) {
        if (strcmp(item->key, "file") != 0 && strcmp(item->key, "digest") != 0)
            return at_key(wish, item, "unknown key");
        if (item->kind != JSON_STRING)
            return at_value(wish, item, "must be a string");
        if (item->key[0] == 'f')
            file = item;
        else if (strncmp(item->text, DIGEST_PREFIX, prefix) != 0 || !store_is_hex(item->text + prefix))
            return at_value(wish, item, "must be sha256: and 64 hexadecimal digits");
        else
            wanted->digest = item->text + prefix;
    }
    if (!file || !file->text[0])
        return at_value(wish, value, "says no file");
    wanted->file = resolve(wish, file->text);
    return true;
}

static bool take_images(struct wish *wish, const struct json *images)
{
    size_t count = 0;
    if (images->kind != JSON_OBJECT)
        return at_value(wish, images, "\"images\" must be an object");
    for (const struct json *item = images->first; item; item = item->next)
        count++;
    wish->items = calloc(count + 1, sizeof *wish->items);
    if (!wish->items)
        abort();
    for (const struct json *item = images->first; item; item = item->next)
        if (!take_image(wish, item))
            return false;
    return true;
}

static bool take_root(struct wish *wish, const struct json *root)
{
    const struct json *images = NULL;
    bool version = false;
    if (root->kind != JSON_OBJECT)
        return at_value(wish, root, "must be an object");
    for (const struct json *item = root->first; item; item = item->next) {
        if (strcmp(item->key, "images") == 0)
            images = item;
        else if (strcmp(item->key, "version") != 0)
            return at_key(wish, item, "unknown key");
        else if (item->kind != JSON_NUMBER || strcmp(item->text, "1") != 0)
            return at_value(wish, item, "\"version\" must be 1");
        else
            version = true;
    }
    if (!version)
        return at_value(wish, root, "\"version\" is missing");
    return images ? take_images(wish, images) : at_value(wish, root, "\"images\" is missing");
}

static bool read_wish(struct wish *wish, const char *path)
{
    struct json_error error;
    struct json *root;
    char *text = malloc(FILE_MAX);
    ssize_t len;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    *wish = (struct wish){.path = path};
    len = fd < 0 || !text ? -1 : read(fd, text, FILE_MAX);
    if (len < 0)
        return complain_errno(errno, "%s", path);
    close(fd);
    if (len == FILE_MAX)
        return complain("%s: too long", path);
    root = json_read(text, (size_t)len, &error);
    return root ? take_root(wish, root) : complain_at(wish, error.line, error.column, error.text, NULL);
}

/* ---- the difference ---- */

static bool same(const struct image *a, const struct image *b)
{
    return strcmp(a->program, b->program) == 0 && strcmp(a->spec, b->spec) == 0;
}

/* Returns the number of lines printed: what goes, what comes, what becomes another. */
static size_t print_difference(const struct profile *old, const struct profile *fresh)
{
    size_t lines = 0;
    for (size_t i = 0; i < old->count; i++)
        if (!profile_find(fresh, old->images[i].name)) {
            printf("- %s %s%s\n", old->images[i].name, DIGEST_PREFIX, old->images[i].program);
            lines++;
        }
    for (size_t i = 0; i < fresh->count; i++) {
        const struct image *image = &fresh->images[i], *before = profile_find(old, image->name);
        if (before && same(before, image))
            continue;
        printf("%c %s %s%s\n", before ? '~' : '+', image->name, DIGEST_PREFIX, image->program);
        lines++;
    }
    return lines;
}

static int apply(const struct store *store, const struct wish *wish, bool dry_run)
{
    struct profile old, fresh = {0};
    struct taking *takings = calloc(wish->count + 1, sizeof *takings);
    unsigned current;
    size_t taken = 0;
    bool ok = takings && profile_current(store, &current) && profile_read(store, current, &old);
    while (ok && taken < wish->count) {
        const struct wanted *wanted = &wish->items[taken];
        ok = taking_begin(store, wanted->file, wanted->name, wanted->digest, &takings[taken]);
        if (ok)
            profile_put(&fresh, &takings[taken++].image);
    }
    if (ok && print_difference(&old, &fresh) > 0 && !dry_run)
        ok = taking_commit(store, &fresh, takings, taken);
    else
        for (size_t i = 0; i < taken; i++)
            taking_undo(store, &takings[i]);
    free(takings);
    return ok ? 0 : 1;
}

int run_apply(int argc, char **argv)
{
    static const struct option options[] = {{"dry-run", no_argument, NULL, 'd'}, {NULL, 0, NULL, 0}};
    struct store store;
    struct wish wish;
    bool dry_run = false;
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option != 'd')
            return usage();
        dry_run = true;
    }
    if (argc - optind != 1)
        return usage();
    return read_wish(&wish, argv[optind]) && store_begin(&store) ? apply(&store, &wish, dry_run) : 1;
}
