/* source_records.c - standard input as records, and a handler for each: its standard input holds that record alone. */
#include "listen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define RECORD_MAX (16u << 20)
#define READ_BYTES (64u << 10)
#define LENGTH     4 /* bytes of it, before a record */

struct records {
    char *bytes; /* at[0], len of them */
    size_t at, len, room;
    size_t looked; /* of them have no end in them */
    unsigned long number;
    bool ended;
};

void records_open(struct listener *l)
{
    l->records = calloc(1, sizeof *l->records);
    if (!l->records)
        listen_fail(l, "out of memory");
}

static const char *rest(const struct records *r)
{
    return r->bytes + r->at;
}

/* The next record: where it begins, its length, and how many bytes that takes. false: it is not whole yet. */
static bool find(const struct listener *l, size_t *begin, size_t *size, size_t *taken)
{
    const struct records *r = l->records;
    const char *end;
    *begin = 0;
    if (l->trigger.kind == TRIGGER_LENGTH) {
        const uint8_t *b = (const uint8_t *)rest(r);
        if (r->len < LENGTH)
            return false;
        *begin = LENGTH;
        *size = (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
        *taken = LENGTH + *size;
        if (*size > RECORD_MAX)
            listen_fail(l, "record %lu: longer than 16 MiB", r->number + 1);
        return r->len >= *taken;
    }
    end = r->len
              ? memchr(rest(r) + r->looked, l->trigger.kind == TRIGGER_LINE ? '\n' : '\0', r->len - r->looked)
              : NULL;
    if (!end && !(r->ended && r->len)) /* what the last one lacks at its end is no matter */
        return false;
    *taken = end ? (size_t)(end - rest(r)) + 1 : r->len;
    *size = *taken - (end && l->trigger.kind == TRIGGER_NUL ? 1 : 0);
    return true;
}

bool records_ready(const struct listener *l)
{
    size_t begin, size, taken;
    return find(l, &begin, &size, &taken);
}

bool records_ended(const struct listener *l)
{
    return l->records->ended && !records_ready(l);
}

static void make_room(struct listener *l)
{
    struct records *r = l->records;
    if (r->len)
        memmove(r->bytes, r->bytes + r->at, r->len);
    r->at = 0;
    if (r->room - r->len >= READ_BYTES)
        return;
    r->room = 2 * r->room + READ_BYTES;
    r->bytes = realloc(r->bytes, r->room);
    if (!r->bytes)
        listen_fail(l, "out of memory");
}

void records_fill(struct listener *l)
{
    struct records *r = l->records;
    ssize_t n;
    if (r->len)
        r->looked = l->trigger.kind == TRIGGER_LENGTH ? 0 : r->len;
    if (!r->bytes || r->room - r->at - r->len < READ_BYTES)
        make_room(l);
    n = read(0, r->bytes + r->at + r->len, READ_BYTES);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n < 0)
        listen_fail(l, "standard input: %s", strerror(errno));
    r->ended = n == 0;
    r->len += (size_t)n;
    if (r->ended && l->trigger.kind == TRIGGER_LENGTH && r->len && !records_ready(l)) {
        listen_say(l, "record %lu: cut off", r->number + 1);
        l->failed++;
    }
    if (r->len > RECORD_MAX + LENGTH && !records_ready(l))
        listen_fail(l, "record %lu: longer than 16 MiB", r->number + 1);
}

/* A file of its own: however much of it the handler reads, the next one has another. */
static int make_input(const char *bytes, size_t size)
{
    int fd = memfd_create("fleetsh-record", MFD_CLOEXEC);
    while (fd >= 0 && size) {
        ssize_t n = write(fd, bytes, size);
        if (n < 0 && errno != EINTR) {
            close(fd);
            return -1;
        }
        bytes += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
    }
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

void records_take(struct listener *l)
{
    struct records *r = l->records;
    char label[LABEL_MAX], number[32];
    size_t begin, size, taken;
    int fd;
    if (!find(l, &begin, &size, &taken))
        return;
    fd = make_input(rest(r) + begin, size);
    if (fd < 0)
        listen_fail(l, "record %lu: %s", r->number + 1, strerror(errno));
    r->number++;
    r->at += taken;
    r->len -= taken;
    r->looked = 0;
    snprintf(number, sizeof number, "%lu", r->number);
    snprintf(label, sizeof label, "record %s", number);
    setenv("RECORD_NUMBER", number, 1);
    handler_start(l, fd, 1, label);
    close(fd);
}
