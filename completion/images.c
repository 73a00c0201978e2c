/* images.c - names of images in the user's store. */
#include "completion/sources.h"
#include "vmproc/store.h"
#include <dirent.h>
#include <stdio.h>
#include <string.h>

static bool is_spec(const char *name)
{
    size_t len = strlen(name);

    return len > 3 && strcmp(name + len - 3, ".vm") == 0;
}

void complete_images(const char *prefix, struct completions *out)
{
    char root[PATH_MAX], path[PATH_MAX + 16];
    const struct dirent *entry;
    DIR *dir;

    if (store_root(root) != 0)
        return;
    snprintf(path, sizeof path, "%s/profile/bin", root);
    dir = opendir(path);
    if (!dir)
        return;
    while ((entry = readdir(dir)))
        if (entry->d_name[0] != '.' && !is_spec(entry->d_name))
            completions_add_matching(out, prefix, entry->d_name, NULL);
    closedir(dir);
}
