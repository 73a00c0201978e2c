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

static bool is_wanted(const struct dirent *entry, const char *name)
{
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
        return false;
    if (entry->d_name[0] == '.' && name[0] != '.')
        return false;
    return strncmp(entry->d_name, name, strlen(name)) == 0;
}

/* Asks the file system only where the directory's entry does not tell: in a large one that is what takes
 * time. */
static bool classify(int directory, const struct dirent *entry, enum files_wanted wanted, bool *is_directory)
{
    struct stat st;

    *is_directory = entry->d_type == DT_DIR;
    if (*is_directory || (entry->d_type == DT_REG && wanted != FILES_EXECUTABLE))
        return *is_directory || wanted == FILES_ALL;
    bool known = fstatat(directory, entry->d_name, &st, 0) == 0;
    *is_directory = known && S_ISDIR(st.st_mode);
    return *is_directory || wanted == FILES_ALL ||
           (wanted == FILES_EXECUTABLE && known && (st.st_mode & 0111));
}

void complete_files(struct shell *sh, const char *prefix, enum files_wanted wanted, struct completions *out)
{
    const char *slash = strrchr(prefix, '/'), *name = slash ? slash + 1 : prefix;
    char *path = directory_of(sh, prefix, name);
    DIR *directory = opendir(path);
    struct dirent *entry;

    while (directory && (entry = readdir(directory)) != NULL) {
        bool is_directory;
        if (!is_wanted(entry, name) || !classify(dirfd(directory), entry, wanted, &is_directory))
            continue;
        char *item = xmalloc((size_t)(name - prefix) + strlen(entry->d_name) + 2);
        memcpy(item, prefix, (size_t)(name - prefix));
        strcpy(stpcpy(item + (name - prefix), entry->d_name), is_directory ? "/" : "");
        completions_take(out, item, NULL);
    }
    if (directory)
        closedir(directory);
    free(path);
}
