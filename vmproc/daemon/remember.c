#include "remember.h"
#include "state_file.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "routers"

static const struct {
    const char *key;
    size_t offset, size;
} fields[] = {
#define FIELD(name)                                                                                          \
    {                                                                                                        \
#name, offsetof(struct record, name), sizeof((struct record *)0)->name                               \
    }
    FIELD(name), FIELD(host), FIELD(uri), FIELD(accel), FIELD(arch), FIELD(id), FIELD(images), FIELD(labels),
#undef FIELD
};
#define NFIELDS (sizeof fields / sizeof *fields)

static void take(struct record *record, const char *key, const char *value)
{
    for (unsigned i = 0; i < NFIELDS; i++)
        if (strcmp(key, fields[i].key) == 0 && strlen(value) < fields[i].size)
            strcpy((char *)record + fields[i].offset, value);
    if (strcmp(key, "address") == 0)
        record_add_address(record, value);
    if (strcmp(key, "port") == 0)
        record->port = (uint32_t)strtoul(value, NULL, 10) & 0xffff;
}

static void finish(struct remembered *remembered, struct record *record)
{
    if (record->name[0] && remembered->count < REMEMBER_MAX) {
        record->local = !record->host[0];
        remembered->records[remembered->count++] = *record;
    }
    *record = (struct record){0};
}

void remember_read(struct remembered *remembered)
{
    char path[PATH_MAX], line[256];
    struct record record = {0};
    FILE *file = NULL;

    remembered->count = 0;
    if (state_file_path(FILE_NAME, false, path) == 0)
        file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        char *value = strchr(line, '=');

        line[strcspn(line, "\n")] = '\0';
        if (!line[0])
            finish(remembered, &record);
        if (!value)
            continue;
        *value++ = '\0';
        take(&record, line, value);
    }
    finish(remembered, &record);
    if (file)
        fclose(file);
}

static void write_record(FILE *file, const struct record *record)
{
    for (unsigned i = 0; i < NFIELDS; i++) {
        const char *value = (const char *)record + fields[i].offset;

        if (value[0])
            fprintf(file, "%s=%s\n", fields[i].key, value);
    }
    for (unsigned i = 0; i < RECORD_ADDRESSES && record->address[i][0]; i++)
        fprintf(file, "address=%s\n", record->address[i]);
    fprintf(file, "port=%u\n\n", record->port);
}

static void write_all(const struct remembered *remembered)
{
    char path[PATH_MAX], new[PATH_MAX + 8];
    FILE *file;

    if (state_file_path(FILE_NAME, true, path) < 0)
        return;
    snprintf(new, sizeof new, "%s.%d", path, (int)getpid());
    file = fopen(new, "we");
    if (!file)
        return;
    for (unsigned i = 0; i < remembered->count; i++)
        write_record(file, &remembered->records[i]);
    if (fclose(file) != 0 || rename(new, path) < 0)
        unlink(new);
}

void remember_note(struct remembered *remembered, const struct record *record)
{
    struct record *records = remembered->records, noted = *record;
    unsigned i = 0;

    noted.keys = 0;
    noted.txtvers[0] = '\0';
    if (noted.local) { /* it is this one */
        memset(noted.host, 0, sizeof noted.host);
        memset(noted.address, 0, sizeof noted.address);
    }
    if (remembered->count && memcmp(&records[0], &noted, sizeof noted) == 0)
        return;
    while (i < remembered->count &&
           (strcmp(records[i].name, noted.name) != 0 || records[i].local != noted.local))
        i++;
    if (i == remembered->count && remembered->count < REMEMBER_MAX)
        remembered->count++;
    i = i < REMEMBER_MAX ? i : REMEMBER_MAX - 1;
    memmove(records + 1, records, i * sizeof *records);
    records[0] = noted;
    write_all(remembered);
}
