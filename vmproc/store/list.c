/* list.c - ls, show, path: what is there. */
#include "image_store.h"
#include "json_out.h"
#include "vmproc/spec/digest.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SHORT_DIGEST 12 /* digits that tell one image from another for a reader */

/* Size of a blob; 0: it is not there. */
static uint64_t size_of(const struct store *store, const char *hex)
{
    struct stat st = {0};
    int fd = blob_open(store, hex);
    if (fd >= 0 && fstat(fd, &st))
        st.st_size = 0;
    if (fd >= 0)
        close(fd);
    return (uint64_t)st.st_size;
}

static void put_digest(yajl_gen gen, const char *key, const char *hex)
{
    char text[sizeof DIGEST_PREFIX + STORE_HEX];
    snprintf(text, sizeof text, "%s%s", DIGEST_PREFIX, hex);
    json_out_string(gen, key, text);
}

static void put_image(yajl_gen gen, const struct store *store, const struct image *image)
{
    json_out_string(gen, "name", image->name);
    put_digest(gen, "digest", image->program);
    put_digest(gen, "spec_digest", image->spec);
    json_out_number(gen, "size_bytes", (int64_t)size_of(store, image->program));
}

/* -j or --json; *letters are the others that the subcommand knows. -1: usage error. */
static int take_options(int argc, char **argv, const char *letters, bool *json, bool *generations)
{
    static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, letters, options, NULL)) != -1) {
        if (option == 'j')
            *json = true;
        else if (option == 'g')
            *generations = true;
        else
            return -1;
    }
    return 0;
}

/* ---- ls ---- */

static void put_images(yajl_gen gen, const struct store *store, const struct profile *profile)
{
    yajl_gen_array_open(gen);
    for (size_t i = 0; i < profile->count; i++) {
        yajl_gen_map_open(gen);
        put_image(gen, store, &profile->images[i]);
        yajl_gen_map_close(gen);
    }
    yajl_gen_array_close(gen);
}

static void print_images_json(const struct store *store, const struct profile *profile)
{
    yajl_gen gen = json_out_begin();
    put_images(gen, store, profile);
    json_out_end(gen);
}

static void print_images(const struct store *store, const struct profile *profile)
{
    if (profile->count)
        printf("%-20s %-19s %10s\n", "NAME", "DIGEST", "KIB");
    for (size_t i = 0; i < profile->count; i++) {
        const struct image *image = &profile->images[i];
        printf("%-20s %s%.*s %10llu\n", image->name, DIGEST_PREFIX, SHORT_DIGEST, image->program,
               (unsigned long long)(size_of(store, image->program) + 1023) / 1024);
    }
}

static void format_time(int64_t seconds, char text[32])
{
    time_t at = (time_t)seconds;
    struct tm tm;
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&at, &tm));
}

static void print_generation(const struct store *store, const struct profile *profile, bool current)
{
    char made[32];
    format_time(profile_made(store, profile->number), made);
    printf("%c %4u  %s ", current ? '*' : ' ', profile->number, made);
    for (size_t i = 0; i < profile->count; i++)
        printf(" %s", profile->images[i].name);
    putchar('\n');
}

static void put_generation(yajl_gen gen, const struct store *store, const struct profile *profile,
                           bool current)
{
    char made[32];
    format_time(profile_made(store, profile->number), made);
    yajl_gen_map_open(gen);
    json_out_number(gen, "generation", profile->number);
    json_out_key(gen, "current");
    yajl_gen_bool(gen, current);
    json_out_string(gen, "made", made);
    json_out_key(gen, "images");
    put_images(gen, store, profile);
    yajl_gen_map_close(gen);
}

static int list_generations(const struct store *store, unsigned current, bool json)
{
    struct generations all;
    yajl_gen gen = json ? json_out_begin() : NULL;
    int status = 0;
    if (!generations_list(store, &all))
        return 1;
    if (json)
        yajl_gen_array_open(gen);
    for (size_t i = 0; i < all.count; i++) {
        struct profile profile;
        if (!profile_read(store, all.numbers[i], &profile))
            status = 1;
        else if (json)
            put_generation(gen, store, &profile, all.numbers[i] == current);
        else
            print_generation(store, &profile, all.numbers[i] == current);
    }
    if (json) {
        yajl_gen_array_close(gen);
        json_out_end(gen);
    }
    return status;
}

int run_ls(int argc, char **argv)
{
    struct store store;
    struct profile profile;
    unsigned current;
    bool json = false, generations = false;
    if (take_options(argc, argv, "g", &json, &generations) || optind != argc)
        return usage();
    if (!store_look(&store) || !profile_current(&store, &current))
        return 1;
    if (generations)
        return list_generations(&store, current, json);
    if (!profile_read(&store, current, &profile))
        return 1;
    (json ? print_images_json : print_images)(&store, &profile);
    return 0;
}

/* ---- show ---- */

static char *read_spec(const struct store *store, const char *hex, size_t *len)
{
    struct stat st;
    char *text = NULL;
    ssize_t got = -1;
    int fd = blob_open(store, hex);
    if (fd >= 0 && fstat(fd, &st) == 0 && (text = malloc((size_t)st.st_size + 1)))
        got = read(fd, text, (size_t)st.st_size);
    if (fd >= 0)
        close(fd);
    if (got < 0) {
        free(text);
        return NULL;
    }
    *len = (size_t)got;
    return text;
}

static bool holds(const struct profile *profile, const struct image *image)
{
    const struct image *other = profile_find(profile, image->name);
    return other && strcmp(other->program, image->program) == 0 && strcmp(other->spec, image->spec) == 0;
}

/* The generations that have the image under its name. */
static bool list_holders(const struct store *store, const struct image *image, struct generations *holders)
{
    struct generations all;
    *holders = (struct generations){0};
    if (!generations_list(store, &all))
        return false;
    holders->numbers = all.numbers;
    for (size_t i = 0; i < all.count; i++) {
        struct profile profile;
        if (profile_read(store, all.numbers[i], &profile) && holds(&profile, image))
            holders->numbers[holders->count++] = all.numbers[i];
    }
    return true;
}

static void show_json(const struct store *store, const struct image *image, const struct generations *holders,
                      const char *path, const char *spec, size_t len)
{
    yajl_gen gen = json_out_begin();
    yajl_gen_map_open(gen);
    put_image(gen, store, image);
    json_out_string(gen, "path", path);
    json_out_key(gen, "generations");
    yajl_gen_array_open(gen);
    for (size_t i = 0; i < holders->count; i++)
        yajl_gen_integer(gen, holders->numbers[i]);
    yajl_gen_array_close(gen);
    json_out_key(gen, "spec");
    yajl_gen_number(gen, spec, len); /* JSON as it is */
    yajl_gen_map_close(gen);
    json_out_end(gen);
}

static void show(const struct store *store, const struct image *image, const struct generations *holders,
                 const char *path, const char *spec, size_t len)
{
    printf(
        "name:        %s\ndigest:      %s%s\nspec digest: %s%s\nsize:        %llu bytes\npath:        %s\n",
        image->name, DIGEST_PREFIX, image->program, DIGEST_PREFIX, image->spec,
        (unsigned long long)size_of(store, image->program), path);
    printf("generations:");
    for (size_t i = 0; i < holders->count; i++)
        printf(" %u", holders->numbers[i]);
    printf("\nspec:\n%.*s", (int)len, spec);
}

int run_show(int argc, char **argv)
{
    struct store store;
    struct profile profile;
    struct generations holders;
    const struct image *image;
    unsigned current;
    size_t len = 0;
    bool json = false, none = false;
    char *spec, path[PATH_MAX + STORE_HEX + 16];
    if (take_options(argc, argv, "", &json, &none) || argc - optind != 1)
        return usage();
    if (!store_look(&store) || !profile_current(&store, &current) || !profile_read(&store, current, &profile))
        return 1;
    image = profile_find(&profile, argv[optind]);
    if (!image) {
        complain("%s: no such image", argv[optind]);
        return 1;
    }
    if (!list_holders(&store, image, &holders))
        return 1;
    spec = read_spec(&store, image->spec, &len);
    if (!spec) {
        complain("%s: its spec cannot be read; try `vm image verify`", image->name);
        return 1;
    }
    snprintf(path, sizeof path, "%s/store/%s", store.path, image->program);
    (json ? show_json : show)(&store, image, &holders, path, spec, len);
    return 0;
}

/* ---- path ---- */

int run_path(int argc, char **argv)
{
    char path[PATH_MAX];
    if (getopt(argc, argv, "") != -1 || optind != argc)
        return usage();
    if (store_root(path)) {
        complain("no place for images: neither XDG_DATA_HOME nor HOME is set");
        return 1;
    }
    printf("%s/profile/bin\n", path);
    return 0;
}
