/* files.c - pathnames. */
#include "completion/sources.h"
#include "shell/arena.h"
#include "shell/var.h"
#include <dirent.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The directory to read for prefix, whose last slash is before name: ~/ is HOME; malloc'ed. */
static char *directory_of(struct shell *sh, const char *prefix, const char *name)
{
    size_t len = (size_t)(name - prefix);
    const char *home = strncmp(prefix, "~/", 2) == 0 ? var_get_name(sh, "HOME") : NULL;
    size_t home_len = home ? strlen(home) : 0, skipped = home ? 1 : 0;
    char *path;

    if (!home && prefix[0] == '~' && len > 1) { /* another user's */
        char *user = xstrdup(prefix + 1);
        user[strcspn(user, "/")] = '\0';
        const struct passwd *entry = getpwnam(user);
        home = entry ? entry->pw_dir : NULL;
        home_len = home ? strlen(home) : 0;
        skipped = home ? 1 + strlen(user) : 0;
        free(user);
    }
    path = xmalloc(home_len + len + 2);
    if (len == 0)
        return strcpy(path, ".");
    if (home)
        memcpy(path, home, home_len);
    memcpy(path + home_len, prefix + skipped, len - skipped);
    path[home_len + len - skipped] = '\0';
    return path;
}

static bool is_wanted(const struct dirent *entry, const char *name, size_t name_len)
{
    const char *found = entry->d_name;

    if (found[0] == '.' && (name[0] != '.' || !found[1] || (found[1] == '.' && !found[2])))
        return false;
    return strncmp(found, name, name_len) == 0;
}

/* Asks the file system only where the directory's entry does not tell: in a large one that is what takes
 * time. */
static bool fits(int directory, const struct dirent *entry, enum files_wanted wanted)
{
    struct stat st;

    if (wanted == FILES_ALL || entry->d_type == DT_DIR)
        return true;
    if (entry->d_type == DT_REG && wanted == FILES_DIRECTORIES)
        return false;
    return fstatat(directory, entry->d_name, &st, 0) == 0 &&
           (S_ISDIR(st.st_mode) || (wanted == FILES_EXECUTABLE && (st.st_mode & 0111)));
}

static void read_names(DIR *directory, const char *name, enum files_wanted wanted, struct completions *names)
{
    size_t name_len = strlen(name);
    struct dirent *entry;

    while ((entry = readdir(directory)) != NULL)
        if (is_wanted(entry, name, name_len) && fits(dirfd(directory), entry, wanted))
            completions_offer(names, entry->d_name, entry->d_type);
    completions_finish(names);
}

/* prefix's directory and the name, as they are to stand in the line; malloc'ed. */
static char *join(const char *prefix, size_t len, const char *name, bool is_directory)
{
    char *text = xmalloc(len + strlen(name) + 2);

    memcpy(text, prefix, len);
    strcpy(stpcpy(text + len, name), is_directory ? "/" : "");
    return text;
}

/* Where the directory's entry has not told it, this asks the file system: only for those that are shown. */
static bool is_directory(int directory, const struct completion *name)
{
    struct stat st;

    if (name->type != DT_UNKNOWN && name->type != DT_LNK)
        return name->type == DT_DIR;
    return fstatat(directory, name->text, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

void complete_files(struct shell *sh, const char *prefix, enum files_wanted wanted, struct completions *out)
{
    const char *slash = strrchr(prefix, '/'), *name = slash ? slash + 1 : prefix;
    size_t len = (size_t)(name - prefix);
    struct completions names = {.limit = out->limit, .so_far = out->so_far};
    char *path = directory_of(sh, prefix, name);
    DIR *directory = opendir(path);

    free(path);
    if (!directory)
        return;
    read_names(directory, name, wanted, &names);
    for (size_t i = 0; i < names.count; i++)
        completions_take(
            out, join(prefix, len, names.items[i].text, is_directory(dirfd(directory), &names.items[i])),
            NULL);
    if (names.left_out > 0) {
        char *greatest = join(prefix, len, names.greatest, false);
        completions_leave_out(out, greatest, names.left_out);
        free(greatest);
    }
    completions_free(&names);
    closedir(directory);
}
