/* change.c - add, rm, rollback: each makes another generation count. */
#include "image_store.h"
#include "vmproc/spec/digest.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The generation that counts, to be changed. */
static bool begin(struct store *store, struct profile *profile)
{
    unsigned number;
    return store_begin(store) && profile_current(store, &number) && profile_read(store, number, profile);
}

/* ---- add ---- */

enum outcome { ADDED, REPLACED, UNCHANGED };

static enum outcome put(struct profile *profile, const struct image *image)
{
    const struct image *old = profile_find(profile, image->name);
    enum outcome outcome = !old ? ADDED : REPLACED;
    if (old && strcmp(old->program, image->program) == 0 && strcmp(old->spec, image->spec) == 0)
        return UNCHANGED;
    profile_put(profile, image);
    return outcome;
}

static void print_outcome(const struct image *image, enum outcome outcome)
{
    static const char *const words[] = {
        [ADDED] = "added", [REPLACED] = "replaced", [UNCHANGED] = "unchanged"};
    printf("%s %s %s%s\n", words[outcome], image->name, DIGEST_PREFIX, image->program);
}

/* A directory that is not in PATH makes no commands; the user is told once, when the first image comes. */
static void advise(const struct store *store, const struct profile *profile)
{
    char bin[PATH_MAX + 16];
    const char *path = getenv("PATH");
    int len = snprintf(bin, sizeof bin, "%s/profile/bin", store->path);
    for (const char *at = path; at && (at = strstr(at, bin)); at++)
        if ((at == path || at[-1] == ':') && (at[len] == ':' || !at[len]))
            return;
    fflush(stdout);
    if (profile->number == 1)
        fprintf(stderr, "vm: image: to call images by name: PATH=$PATH:$(vm image path)\n");
}

static int add_all(const struct store *store, struct profile *profile, const char *name, char **files,
                   size_t count)
{
    struct taking *takings = calloc(count, sizeof *takings);
    enum outcome *outcomes = calloc(count, sizeof *outcomes);
    bool ok = takings && outcomes, changes = false;
    size_t n = 0;
    for (; ok && n < count; n++) {
        ok = taking_begin(store, files[n], name, NULL, &takings[n]);
        if (!ok)
            break;
        outcomes[n] = put(profile, &takings[n].image);
        changes |= outcomes[n] != UNCHANGED;
    }
    if (!ok)
        for (size_t i = 0; i < n; i++)
            taking_undo(store, &takings[i]);
    else
        ok = taking_commit(store, changes ? profile : NULL, takings, count);
    for (size_t i = 0; ok && i < count; i++)
        print_outcome(&takings[i].image, outcomes[i]);
    if (ok && changes)
        advise(store, profile);
    free(takings);
    free(outcomes);
    return ok ? 0 : 1;
}

int run_add(int argc, char **argv)
{
    struct store store;
    struct profile profile;
    const char *name = NULL;
    int option;
    while ((option = getopt(argc, argv, "n:")) != -1) {
        if (option != 'n')
            return usage();
        name = optarg;
    }
    if (optind == argc || (name && argc - optind > 1))
        return usage();
    if (name && !image_name_ok(name)) {
        complain("%s: cannot be a name: letters, digits and _+.,@%%- only, no . or - first, no .vm last",
                 name);
        return 2;
    }
    return begin(&store, &profile) ? add_all(&store, &profile, name, argv + optind, (size_t)(argc - optind))
                                   : 1;
}

/* ---- rm ---- */

int run_rm(int argc, char **argv)
{
    struct store store;
    struct profile profile;
    if (getopt(argc, argv, "") != -1 || optind == argc)
        return usage();
    if (!begin(&store, &profile))
        return 1;
    for (char **name = argv + optind; *name; name++)
        if (!profile_find(&profile, *name)) {
            complain("%s: no such image", *name);
            return 1;
        }
    for (char **name = argv + optind; *name; name++)
        profile_drop(&profile, *name);
    return taking_commit(&store, &profile, NULL, 0) ? 0 : 1;
}

/* ---- rollback ---- */

static bool choose(const struct generations *all, unsigned current, const char *text, unsigned *to)
{
    char *end;
    unsigned long wanted = text ? strtoul(text, &end, 10) : 0;
    *to = 0;
    if (text && (*end || text[0] < '0' || text[0] > '9'))
        return complain("%s: not the number of a generation", text);
    for (size_t i = 0; i < all->count; i++)
        if (text ? all->numbers[i] == wanted : all->numbers[i] < current)
            *to = all->numbers[i];
    if (!*to)
        return text ? complain("%s: no such generation; `vm image ls -g` lists them", text)
                    : complain("there is no generation before %u", current);
    return true;
}

/* A generation whose images are no longer there would be a list of broken names. */
static bool is_whole(const struct store *store, unsigned number)
{
    struct profile profile;
    if (!profile_read(store, number, &profile))
        return false;
    for (size_t i = 0; i < profile.count; i++) {
        const char *wrong = blob_verify(store, profile.images[i].program);
        if (!wrong)
            wrong = blob_verify(store, profile.images[i].spec);
        if (wrong)
            return complain("generation %u: %s: %s", number, profile.images[i].name, wrong);
    }
    return true;
}

int run_rollback(int argc, char **argv)
{
    struct store store;
    struct generations all;
    unsigned current, to;
    if (getopt(argc, argv, "") != -1 || argc - optind > 1)
        return usage();
    if (!store_begin(&store) || !profile_current(&store, &current) || !generations_list(&store, &all) ||
        !choose(&all, current, argv[optind], &to) || !is_whole(&store, to) || !profile_switch(&store, to))
        return 1;
    printf("generation %u\n", to);
    return 0;
}
