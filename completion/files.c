/* files.c - pathnames. */
#include "completion/sources.h"
#include "shell/arena.h"
#include "shell/var.h"
#include <dirent.h>
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
    char *path = xmalloc(home_len + len + 2);

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

void complete_files(struct shell *sh, const char *prefix, bool executable, struct completions *out)
{
    const char *slash = strrchr(prefix, '/'), *name = slash ? slash + 1 : prefix;
    char *path = directory_of(sh, prefix, name);
    DIR *directory = opendir(path);
    struct dirent *entry;

    while (directory && (entry = readdir(directory)) != NULL) {
        struct stat st;
        if (!is_wanted(entry, name))
            continue;
        bool known = fstatat(dirfd(directory), entry->d_name, &st, 0) == 0;
        bool is_directory = known && S_ISDIR(st.st_mode);
        if (executable && !is_directory && !(known && (st.st_mode & 0111)))
            continue;
        char *item = xmalloc((size_t)(name - prefix) + strlen(entry->d_name) + 2);
        sprintf(item, "%.*s%s%s", (int)(name - prefix), prefix, entry->d_name, is_directory ? "/" : "");
        completions_add(out, item);
        free(item);
    }
    if (directory)
        closedir(directory);
    free(path);
}
