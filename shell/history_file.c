/*
 * history_file.c - a file that several shells append to.
 *
 * Invariant: who holds the lock of the file that the name leads to is alone. Shortening replaces the file, so
 * a lock is good only when, once it is held, the name still leads to what was locked: open_locked() sees to
 * that.
 */
#include "shell/history_file.h"
#include "shell/arena.h"
#include "shell/error.h"
#include "shell/shell.h"
#include "shell/var.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Fills path; false: no file is wanted. */
static bool find_path(struct shell *sh, char path[PATH_MAX])
{
    const char *file = var_get_name(sh, "HISTFILE");
    const char *state = var_get_name(sh, "XDG_STATE_HOME");
    const char *home = var_get_name(sh, "HOME");
    int len;

    if (file)
        len = snprintf(path, PATH_MAX, "%s", file);
    else if (state && state[0] == '/')
        len = snprintf(path, PATH_MAX, "%s/fleetsh/history", state);
    else if (home && home[0] == '/')
        len = snprintf(path, PATH_MAX, "%s/.local/state/fleetsh/history", home);
    else
        return false;
    return len > 0 && len < PATH_MAX;
}

/* Makes the directories above path that are missing, for the user alone. */
static void make_directories(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

static bool is_same_file(int fd, const char *path)
{
    struct stat opened, named;

    return fstat(fd, &opened) == 0 && stat(path, &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino;
}

/* A descriptor of the locked file, or -1. Closing it unlocks. */
static int open_locked(struct shell *sh, char path[PATH_MAX])
{
    struct stat st;

    if (!find_path(sh, path))
        return -1;
    for (;;) {
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
        if (fd < 0 && errno == ENOENT) {
            make_directories(path);
            fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
        }
        if (fd < 0)
            return -1;
        if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (flock(fd, LOCK_EX) != 0 && errno != EINTR)) {
            close(fd);
            return -1;
        }
        if (is_same_file(fd, path))
            return fd;
        close(fd); /* it was replaced while we waited for its lock */
    }
}

static bool pwrite_all(int fd, off_t at, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = pwrite(fd, text, len, at);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            text += n;
            at += n;
            len -= (size_t)n;
        }
    }
    return true;
}

/* From there to the end of the last complete line, malloc'ed; NULL when there is nothing to be had. */
static char *read_lines(int fd, off_t from, off_t end, size_t *len)
{
    char *text;

    *len = 0;
    if (end <= from)
        return NULL;
    text = xmalloc((size_t)(end - from));
    while (*len < (size_t)(end - from)) {
        ssize_t n = pread(fd, text + *len, (size_t)(end - from) - *len, from + (off_t)*len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        *len += (size_t)n;
    }
    while (*len > 0 && text[*len - 1] != '\n') /* a record cut short by a full disk */
        --*len;
    return text;
}

/* ---- records ---- */

/* Undoes escape(), in place; adds the NUL. */
static char *unescape(char *text, size_t len)
{
    size_t out = 0;

    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c == '\\' && i + 1 < len) {
            c = text[++i];
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
        }
        text[out++] = c;
    }
    text[out] = '\0';
    return text;
}

static char *escape(char *out, const char *text, bool tabs)
{
    for (; *text; text++) {
        if (*text == '\\' || *text == '\n' || (tabs && *text == '\t'))
            *out++ = '\\';
        *out++ = *text == '\n' ? 'n' : tabs && *text == '\t' ? 't' : *text;
    }
    return out;
}

/* A line without its newline, whose place is taken by a NUL. Changes text. */
static void parse_record(char *text, size_t len, struct history_entry *entry)
{
    char *end, *tab = memchr(text, '\t', len);
    long long time = text[0] == '@' ? strtoll(text + 1, &end, 10) : 0;

    text[len] = '\0';
    if (time > 0 && tab && *end == ' ' && tab - end >= 5 && end[4] == ' ') {
        *entry = (struct history_entry){.time = time, .status = -1};
        if (end[3] >= '0' && end[3] <= '9')
            entry->status = atoi(end);
        entry->directory = unescape(end + 5, (size_t)(tab - end - 5));
        entry->text = unescape(tab + 1, len - (size_t)(tab + 1 - text));
    } else {
        *entry = (struct history_entry){.text = unescape(text, len), .directory = "", .status = -1};
    }
}

static void visit_lines(char *line, char *end, history_visit *visit, void *context)
{
    struct history_entry entry;

    while (line < end) {
        char *newline = memchr(line, '\n', (size_t)(end - line));
        parse_record(line, (size_t)(newline - line), &entry);
        visit(&entry, context);
        line = newline + 1;
    }
}

/* Visits what stands behind place in the locked file; place moves to its end. */
static void read_on(int fd, struct history_place *place, history_visit *visit, void *context)
{
    struct stat st;
    size_t len;

    if (fstat(fd, &st) != 0)
        return;
    if (st.st_dev == place->device && st.st_ino == place->inode) {
        char *text = read_lines(fd, place->end, st.st_size, &len);
        if (text)
            visit_lines(text, text + len, visit, context);
        free(text);
    }
    *place = (struct history_place){st.st_dev, st.st_ino, st.st_size};
}

/* ---- the file as a whole ---- */

/* Replaces the locked file by one of the given text: a crash leaves the old one or the new one. The new one's
 * place. */
static void shorten(const char *path, const char *text, size_t len, struct history_place *place)
{
    char temporary[PATH_MAX];
    struct stat st;

    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary)
        return;
    int fd = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
    if (fd < 0)
        return;
    if (!pwrite_all(fd, 0, text, len) || fstat(fd, &st) != 0 || rename(temporary, path) != 0)
        unlink(temporary);
    else
        *place = (struct history_place){st.st_dev, st.st_ino, st.st_size};
    close(fd);
}

static void find_lines(struct history_lines *lines, size_t len)
{
    size_t cap = len / 32 + 2, count = 0;

    lines->starts = xmalloc(cap * sizeof *lines->starts);
    for (size_t at = 0; at < len; count++) {
        if (count + 2 > cap)
            lines->starts = xrealloc(lines->starts, (cap *= 2) * sizeof *lines->starts);
        lines->starts[count] = at;
        at = (size_t)((char *)memchr(lines->text + at, '\n', len - at) - lines->text) + 1;
    }
    lines->starts[count] = len;
    lines->count = count;
}

void history_file_load(struct shell *sh, unsigned limit, struct history_place *place,
                       struct history_lines *lines)
{
    char path[PATH_MAX];
    struct stat st;
    size_t len;
    int fd = open_locked(sh, path);

    *lines = (struct history_lines){0};
    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0) {
        *place = (struct history_place){st.st_dev, st.st_ino, st.st_size};
        lines->text = read_lines(fd, 0, st.st_size, &len);
        if (lines->text)
            find_lines(lines, len);
    }
    if (lines->count > limit) {
        size_t all = lines->count, begin = lines->starts[all - limit];
        lines->first = all - limit;
        lines->count = limit;
        if (all > 2 * (size_t)limit)
            shorten(path, lines->text + begin, len - begin, place);
    }
    close(fd);
}

void history_lines_take_apart(const struct history_lines *lines, size_t line, struct history_entry *entry)
{
    const size_t *start = lines->starts + lines->first + line;

    parse_record(lines->text + start[0], start[1] - start[0] - 1, entry);
}

void history_lines_free(struct history_lines *lines)
{
    free(lines->text);
    free(lines->starts);
    *lines = (struct history_lines){0};
}

/* A record cut short by a full disk is none, but it ends before the next one begins. */
static bool ends_within_line(int fd, off_t end)
{
    char last;

    return end > 0 && pread(fd, &last, 1, end - 1) == 1 && last != '\n';
}

struct history_record history_file_append(struct shell *sh, struct history_place *place,
                                          const struct history_entry *entry, history_visit *visit,
                                          void *context)
{
    struct history_record record = {0};
    char path[PATH_MAX];
    int fd = open_locked(sh, path);

    if (fd < 0)
        return record;
    read_on(fd, place, visit, context);
    if (ends_within_line(fd, place->end) && pwrite_all(fd, place->end, "\n", 1))
        place->end++;
    char *line = xmalloc(2 * (strlen(entry->text) + strlen(entry->directory)) + 40);
    char *out = line + sprintf(line, "@%lld --- ", (long long)entry->time);
    size_t status_offset = (size_t)(out - line) - 4;
    out = escape(out, entry->directory, true);
    *out++ = '\t';
    out = escape(out, entry->text, false);
    *out++ = '\n';
    if (pwrite_all(fd, place->end, line, (size_t)(out - line))) {
        record = (struct history_record){place->device, place->inode, place->end,
                                         place->end + (off_t)status_offset, (size_t)(out - line)};
        place->end += (off_t)record.length;
    }
    free(line);
    close(fd);
    return record;
}

static bool is_in(const struct history_record *record, const struct stat *st)
{
    return record->length > 0 && st->st_dev == record->device && st->st_ino == record->inode &&
           st->st_size >= record->offset + (off_t)record->length;
}

void history_file_follow(struct shell *sh, struct history_place *place, const struct history_record *ended,
                         int status, history_visit *visit, void *context)
{
    char path[PATH_MAX], text[4];
    struct stat st;

    if (ended->length == 0 &&
        (!find_path(sh, path) || stat(path, &st) != 0 ||
         (st.st_dev == place->device && st.st_ino == place->inode && st.st_size == place->end)))
        return; /* as at most prompts */
    int fd = open_locked(sh, path);
    if (fd < 0)
        return;
    snprintf(text, sizeof text, "%3d", status & 0xff);
    if (fstat(fd, &st) == 0 && is_in(ended, &st))
        pwrite_all(fd, ended->status_offset, text, 3);
    read_on(fd, place, visit, context);
    close(fd);
}

void history_file_take_back(struct shell *sh, struct history_place *place,
                            const struct history_record *record)
{
    char path[PATH_MAX];
    struct stat st;
    int fd = record->length > 0 ? open_locked(sh, path) : -1;

    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0 && is_in(record, &st) && st.st_size == record->offset + (off_t)record->length) {
        if (ftruncate(fd, record->offset) == 0)
            place->end = record->offset;
        else
            error_print_errno(sh, errno, "fc: %s", path);
    }
    close(fd);
}
