#include "remember.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *key;
    size_t offset, size;
} fields[] = {
#define FIELD(name)                                                                                          \
    {                                                                                                        \
#name, offsetof(struct record, name), sizeof((struct record *)0)->name                               \
    }
    FIELD(name),
    FIELD(uri),
    FIELD(accel),
    FIELD(id),
#undef FIELD
};
#define NFIELDS (sizeof fields / sizeof *fields)

/* make: also the directories on the way. */
static int file_path(char path[PATH_MAX], bool make)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int len;

    if (state && state[0] == '/')
        len = snprintf(path, PATH_MAX, "%s/fleetsh/router", state);
    else if (home && home[0] == '/')
        len = snprintf(path, PATH_MAX, "%s/.local/state/fleetsh/router", home);
    else
        return -ENOENT;
    if (len >= PATH_MAX)
        return -ENAMETOOLONG;
    for (char *slash = strchr(path + 1, '/'); make && slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    return 0;
}

int remember_read(struct record *record)
{
    char path[PATH_MAX], line[256];
    FILE *file;
    int err = file_path(path, false);

    if (err < 0)
        return err;
    file = fopen(path, "re");
    if (!file)
        return -errno;
    *record = (struct record){.local = true};
    while (fgets(line, sizeof line, file)) {
        char *value = strchr(line, '=');

        if (!value)
            continue;
        *value++ = '\0';
        value[strcspn(value, "\n")] = '\0';
        for (unsigned i = 0; i < NFIELDS; i++)
            if (strcmp(line, fields[i].key) == 0 && strlen(value) < fields[i].size)
                strcpy((char *)record + fields[i].offset, value);
    }
    fclose(file);
    return 0;
}

void remember_write(const struct record *record)
{
    char path[PATH_MAX], new[PATH_MAX + 8];
    FILE *file;

    if (file_path(path, true) < 0)
        return;
    snprintf(new, sizeof new, "%s.%d", path, (int)getpid());
    file = fopen(new, "we");
    if (!file)
        return;
    for (unsigned i = 0; i < NFIELDS; i++)
        fprintf(file, "%s=%s\n", fields[i].key, (const char *)record + fields[i].offset);
    if (fclose(file) != 0 || rename(new, path) < 0)
        unlink(new);
}
