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
        int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0600);
        if (fd < 0 && errno == ENOENT) {
            make_directories(path);
            fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0600);
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

static bool write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            text += n;
            len -= (size_t)n;
        }
    }
    return true;
}

/* The whole file, malloc'ed; NULL when there is nothing to be had. */
static char *read_all(int fd, size_t *len)
{
    struct stat st;
    char *text;

    *len = 0;
    if (fstat(fd, &st) != 0 || st.st_size <= 0)
        return NULL;
    text = xmalloc((size_t)st.st_size);
    while (*len < (size_t)st.st_size) {
        ssize_t n = pread(fd, text + *len, (size_t)st.st_size - *len, (off_t)*len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        *len += (size_t)n;
    }
    return text;
}

/* Where the last n of count lines begin. */
static char *skip_lines(char *text, char *end, size_t count, size_t n)
{
    for (; count > n && text < end; count--)
        text = (char *)memchr(text, '\n', (size_t)(end - text)) + 1;
    return text;
}

/* Undoes escape(), in place. */
static size_t unescape(char *text, size_t len)
{
    size_t out = 0;

    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c == '\\' && i + 1 < len) {
            c = text[++i];
            if (c == 'n')
                c = '\n';
        }
        text[out++] = c;
    }
    return out;
}

/* The record of a command, newline included, malloc'ed. */
static char *escape(const char *text, size_t len, size_t *record_len)
{
    char *record = xmalloc(2 * len + 1), *out = record;

    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\\' || text[i] == '\n')
            *out++ = '\\';
        *out++ = text[i];
        if (text[i] == '\n')
            out[-1] = 'n';
    }
    *out++ = '\n';
    *record_len = (size_t)(out - record);
    return record;
}

/* Replaces the locked file by one of the given text: a crash leaves the old one or the new one. */
static void shorten(const char *path, const char *text, size_t len)
{
    char temporary[PATH_MAX];

    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary)
        return;
    int fd = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
    if (fd < 0)
        return;
    if (!write_all(fd, text, len) || rename(temporary, path) != 0)
        unlink(temporary);
    close(fd);
}

void history_file_load(struct shell *sh, unsigned limit,
                       void (*visit)(const char *text, size_t len, void *context), void *context)
{
    char path[PATH_MAX];
    size_t len, lines = 0;
    int fd = open_locked(sh, path);

    if (fd < 0)
        return;
    char *text = read_all(fd, &len);
    char *end = text ? text + len : NULL;
    while (end > text && end[-1] != '\n') /* a record cut short by a full disk */
        end--;
    for (char *line = text; line < end; line = (char *)memchr(line, '\n', (size_t)(end - line)) + 1)
        lines++;
    char *line = skip_lines(text, end, lines, limit);
    if (lines > 2 * (size_t)limit)
        shorten(path, line, (size_t)(end - line));
    close(fd);
    while (line < end) {
        char *newline = memchr(line, '\n', (size_t)(end - line));
        visit(line, unescape(line, (size_t)(newline - line)), context);
        line = newline + 1;
    }
    free(text);
}

struct history_record history_file_append(struct shell *sh, const char *text, size_t len)
{
    struct history_record record = {0};
    char path[PATH_MAX];
    struct stat st;
    size_t record_len;
    int fd = open_locked(sh, path);

    if (fd < 0)
        return record;
    char *line = escape(text, len, &record_len);
    if (fstat(fd, &st) == 0 && write_all(fd, line, record_len))
        record = (struct history_record){st.st_dev, st.st_ino, st.st_size, record_len};
    free(line);
    close(fd);
    return record;
}

void history_file_take_back(struct shell *sh, const struct history_record *record)
{
    char path[PATH_MAX];
    struct stat st;
    int fd = record->length > 0 ? open_locked(sh, path) : -1;

    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0 && st.st_dev == record->device && st.st_ino == record->inode &&
        st.st_size == record->offset + (off_t)record->length && ftruncate(fd, record->offset) != 0)
        error_print_errno(sh, errno, "fc: %s", path);
    close(fd);
}
