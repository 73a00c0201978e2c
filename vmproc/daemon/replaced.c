#include "replaced.h"
#include "vmproc/parts.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

void replaced_init(struct replaced *r)
{
    ssize_t len = readlink("/proc/self/exe", r->file[0].path, PATH_MAX - 1);
    char toolbox[PATH_MAX];

    r->file[0].path[len > 0 ? len : 0] = '\0';
    if (part_find(PART_GUEST, r->file[1].path) < 0)
        r->file[1].path[0] = '\0';
    if (part_find(PART_TOOLBOX, toolbox) == 0 &&
        snprintf(r->file[2].path, PATH_MAX, "%s/true", toolbox) >= PATH_MAX)
        r->file[2].path[0] = '\0';
    if (part_find(PART_ROM, r->file[3].path) < 0)
        r->file[3].path[0] = '\0';
    for (unsigned i = 0; i < REPLACED_FILES; i++)
        if (stat(i == 0 ? "/proc/self/exe" : r->file[i].path, &r->file[i].was) < 0)
            r->file[i].path[0] = '\0';
}

bool replaced_now(const struct replaced *r)
{
    struct stat now;

    for (unsigned i = 0; i < REPLACED_FILES; i++)
        if (r->file[i].path[0] && stat(r->file[i].path, &now) == 0 && !same(&now, &r->file[i].was))
            return true;
    return false;
}
