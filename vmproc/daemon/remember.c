#include "remember.h"
#include "state_file.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "router"

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

int remember_read(struct record *record)
{
    char path[PATH_MAX], line[256];
    FILE *file;
    int err = state_file_path(FILE_NAME, false, path);

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

    if (state_file_path(FILE_NAME, true, path) < 0)
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
