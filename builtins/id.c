/*
 * id [user], id -G [-n] [user], id -g [-nr] [user], id -u [-nr] [user] - XCU id.
 *
 * A shell that is not told who it is cannot begin a session: an /etc/profile asks `id -u` before it sets PATH, and
 * where no router is found yet no VM answers.
 */
#include "builtins/builtins.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/out.h"
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define GROUPS_MAX 65536

struct identity {
    uid_t user, effective_user;
    gid_t group, effective_group;
    gid_t *groups; /* the effective one first, each once; malloc'ed */
    int count;
};

static void add_group(struct identity *id, gid_t group)
{
    for (int i = 0; i < id->count; i++)
        if (id->groups[i] == group)
            return;
    id->groups[id->count++] = group;
}

/* This process's. */
static bool find_own(struct identity *id)
{
    int count = getgroups(0, NULL);
    gid_t *all = calloc((size_t)(count > 0 ? count : 0) + 1, sizeof *all);

    *id = (struct identity){getuid(), geteuid(), getgid(), getegid(), NULL, 0};
    id->groups = calloc((size_t)(count > 0 ? count : 0) + 2, sizeof *id->groups);
    if (!all || !id->groups) {
        free(all);
        return false;
    }
    count = count > 0 ? getgroups(count, all) : 0;
    add_group(id, id->effective_group);
    add_group(id, id->group);
    for (int i = 0; i < count; i++)
        add_group(id, all[i]);
    free(all);
    return true;
}

/* A user's, by name or number. */
static bool find_user(const char *name, struct identity *id)
{
    char *end;
    unsigned long number = strtoul(name, &end, 10);
    const struct passwd *entry = getpwnam(name);
    int count = 64;

    if (!entry && *name && !*end)
        entry = getpwuid((uid_t)number);
    if (!entry)
        return false;
    *id = (struct identity){entry->pw_uid, entry->pw_uid, entry->pw_gid, entry->pw_gid, NULL, 0};
    char *login = strdup(entry->pw_name);
    do {
        free(id->groups);
        id->groups = calloc((size_t)count, sizeof *id->groups);
        id->count = count;
        count *= 2;
    } while (login && id->groups && getgrouplist(login, id->group, id->groups, &id->count) < 0 &&
             count < GROUPS_MAX);
    free(login);
    return id->groups != NULL;
}

static const char *user_name(uid_t user)
{
    const struct passwd *entry = getpwuid(user);

    return entry ? entry->pw_name : NULL;
}

static const char *group_name(gid_t group)
{
    const struct group *entry = getgrgid(group);

    return entry ? entry->gr_name : NULL;
}

/* A number, or with -n its name; false: it has none. */
static bool print_one(struct shell *sh, unsigned number, bool wants_name, const char *name, char end)
{
    if (wants_name && name)
        out_printf(sh, "%s%c", name, end);
    else
        out_printf(sh, "%u%c", number, end);
    return !wants_name || name;
}

static void print_pair(struct shell *sh, const char *what, unsigned number, const char *name)
{
    out_printf(sh, "%s%u", what, number);
    if (name)
        out_printf(sh, "(%s)", name);
}

static void print_all(struct shell *sh, const struct identity *id)
{
    print_pair(sh, "uid=", id->user, user_name(id->user));
    print_pair(sh, " gid=", id->group, group_name(id->group));
    if (id->effective_user != id->user)
        print_pair(sh, " euid=", id->effective_user, user_name(id->effective_user));
    if (id->effective_group != id->group)
        print_pair(sh, " egid=", id->effective_group, group_name(id->effective_group));
    for (int i = 0; i < id->count; i++)
        print_pair(sh, i == 0 ? " groups=" : ",", id->groups[i], group_name(id->groups[i]));
    out_putc(sh, '\n');
}

static bool print_what(struct shell *sh, const struct identity *id, char what, bool names, bool real)
{
    bool fine = true;

    if (what == 'u') {
        uid_t user = real ? id->user : id->effective_user;
        return print_one(sh, user, names, names ? user_name(user) : NULL, '\n');
    }
    if (what == 'g') {
        gid_t group = real ? id->group : id->effective_group;
        return print_one(sh, group, names, names ? group_name(group) : NULL, '\n');
    }
    for (int i = 0; i < id->count; i++)
        fine = print_one(sh, id->groups[i], names, names ? group_name(id->groups[i]) : NULL,
                         i + 1 < id->count ? ' ' : '\n') &&
               fine;
    return fine;
}

int builtin_id(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    struct identity id = {0};
    bool names = false, real = false, several = false;
    int letter, what = 0;

    while ((letter = builtin_option(sh, &options, argc, argv, "Gagnru")) != -1) {
        if (letter == '?')
            return 2;
        several = several || (what && strchr("Ggu", letter));
        names = names || letter == 'n';
        real = real || letter == 'r';
        if (strchr("Ggu", letter))
            what = letter;
    }
    if (several || ((names || real) && !what) || argc - options.index > 1) {
        error_print(sh, "id: usage: id [-G | -g | -u] [-nr] [user]");
        return 2;
    }
    const char *user = options.index < argc ? argv[options.index] : NULL;
    if (user ? !find_user(user, &id) : !find_own(&id)) {
        error_print(sh, "id: %s: %s", user ? user : "groups", user ? "no such user" : strerror(ENOMEM));
        return 1;
    }
    bool fine = true;
    if (what)
        fine = print_what(sh, &id, (char)what, names, real);
    else
        print_all(sh, &id);
    free(id.groups);
    return fine ? 0 : 1;
}
