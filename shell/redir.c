/*
 * redir.c - redirections (XCU 2.7).
 *
 * Saved descriptors are a stack. Each redir_apply(save) pushes a marker and then, for each descriptor that it
 * replaces, where the old one was moved to; redir_undo() pops down to and including the marker, redir_keep()
 * just above it.
 */
#include "shell/redir.h"
#include "shell/error.h"
#include "shell/exec.h"
#include "shell/expand.h"
#include "shell/input.h"
#include "shell/job.h"
#include "shell/readahead.h"
#include "shell/shell.h"
#include "shell/symbol.h"
#include "shell/write_all.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_PRIVATE_FD 10
#define MARKER           (-1)

struct save {
    int fd;      /* MARKER, or the descriptor that was replaced */
    int copy;    /* its old description; -1: it was closed */
    bool shared; /* of descriptor 0: what readahead.h knew about it */
};

struct redir_saves {
    struct save *items;
    size_t count, cap;
};

static struct save *push(struct shell *sh, int fd, int copy)
{
    struct redir_saves *saves = sh->saves;

    if (!saves)
        saves = sh->saves = memset(xmalloc(sizeof *saves), 0, sizeof *saves);
    if (saves->count == saves->cap) {
        saves->cap = saves->cap ? saves->cap * 2 : 16;
        saves->items = xrealloc(saves->items, saves->cap * sizeof *saves->items);
    }
    saves->items[saves->count] = (struct save){.fd = fd, .copy = copy};
    return &saves->items[saves->count++];
}

int redir_move_high(int fd)
{
    int high = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_PRIVATE_FD);
    int error = errno;

    close(fd);
    errno = error;
    return high;
}

bool redir_pipe(struct shell *sh, int ends[2])
{
    bool made = pipe2(ends, O_CLOEXEC) == 0;
    int error = errno;

    for (int i = 0; made && i < 2; i++) {
        if (ends[i] > STDERR_FILENO)
            continue;
        ends[i] = redir_move_high(ends[i]);
        if (ends[i] < 0) {
            error = errno;
            close(ends[!i]);
            made = false;
        }
    }
    if (!made)
        error_unwind(sh, 2, "cannot make a pipe: %s", strerror(error));
    return made;
}

/* Where the shell notes fd when that is one of its own, which the script cannot see; else NULL. */
static int *find_private(struct shell *sh, int fd)
{
    int *const kept[] = {sh->readahead ? &sh->readahead->pipe[0] : NULL,
                         sh->readahead ? &sh->readahead->pipe[1] : NULL,
                         &sh->lifeline.read_fd,
                         &sh->lifeline.write_fd,
                         &sh->usage.fd,
                         job_terminal_descriptor(sh),
                         sh->wiring ? &sh->wiring->lease_fd : NULL};

    if (fd < FIRST_PRIVATE_FD)
        return NULL;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (kept[i] && *kept[i] == fd)
            return kept[i];
    for (const struct running_input *running = sh->inputs; running; running = running->outer) {
        int *descriptor = input_descriptor(running->input);

        if (descriptor && *descriptor == fd)
            return descriptor;
    }
    for (size_t i = 0; sh->saves && i < sh->saves->count; i++) {
        struct save *save = &sh->saves->items[i];

        if (save->fd != MARKER && save->copy == fd)
            return &save->copy;
    }
    return NULL;
}

/* The script uses a number where the shell keeps something of its own: that makes room. Returns false, with
 * errno, when there is none. */
static bool make_room(struct shell *sh, int fd)
{
    int *own = find_private(sh, fd);
    int elsewhere = own ? fcntl(fd, F_DUPFD_CLOEXEC, FIRST_PRIVATE_FD) : -1;

    if (own && elsewhere >= 0) {
        *own = elsewhere;
        close(fd);
    }
    return !own || elsewhere >= 0;
}

/* Before descriptor fd changes. Returns false, with errno, when it cannot be kept. */
static bool save_descriptor(struct shell *sh, int fd, bool was_closed)
{
    int copy = was_closed ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, FIRST_PRIVATE_FD);
    struct save *save;

    if (copy < 0 && !was_closed && errno != EBADF)
        return false;
    save = push(sh, fd, copy);
    if (fd == STDIN_FILENO && sh->readahead)
        save->shared = sh->readahead->shared;
    return true;
}

/* Makes fd be what from is (-1: closed); from itself is closed when owned. Returns 0 or errno. */
static int replace(struct shell *sh, int fd, int from, bool owned, bool save)
{
    int error = 0;

    if (from != fd && !make_room(sh, fd))
        error = errno;
    else if (save && !save_descriptor(sh, fd, owned && from == fd))
        error = errno;
    else if (from < 0)
        close(fd);
    else if (from != fd && dup2(from, fd) < 0)
        error = errno;
    else if (from == fd && !owned)
        fcntl(fd, F_SETFD, 0);
    if (owned && from >= 0 && from != fd)
        close(from);
    if (fd == STDIN_FILENO && sh->readahead)
        sh->readahead->shared = false;
    return error;
}

static int open_again(const char *path, int flags)
{
    int fd;

    do
        fd = open(path, flags, 0666);
    while (fd < 0 && errno == EINTR);
    return fd;
}

/* > with set -C: only a new file, or one that is not regular (XCU 2.7.2). */
static int open_noclobber(const char *path)
{
    struct stat status;
    int fd = open_again(path, O_WRONLY | O_CREAT | O_EXCL);

    if (fd >= 0 || errno != EEXIST)
        return fd;
    fd = open_again(path, O_WRONLY);
    if (fd >= 0 && (fstat(fd, &status) != 0 || S_ISREG(status.st_mode))) {
        close(fd);
        fd = -1;
        errno = EEXIST;
    }
    return fd;
}

static int open_target(struct shell *sh, enum redir_op op, const char *path)
{
    static const int flags[] = {
        [REDIR_READ] = O_RDONLY,
        [REDIR_WRITE] = O_WRONLY | O_CREAT | O_TRUNC,
        [REDIR_CLOBBER] = O_WRONLY | O_CREAT | O_TRUNC,
        [REDIR_APPEND] = O_WRONLY | O_CREAT | O_APPEND,
        [REDIR_READWRITE] = O_RDWR | O_CREAT,
    };

    if (op == REDIR_WRITE && sh->options.noclobber)
        return open_noclobber(path);
    return open_again(path, flags[op]);
}

/* A here-document: what a pipe takes without blocking, else an anonymous file. Returns a descriptor or -1. */
static int open_here(const char *text, size_t len)
{
    bool written;
    int fds[2], error;

    if (len <= PIPE_BUF) {
        if (pipe(fds) != 0)
            return -1;
        written = write_all(fds[1], text, len);
        error = errno;
        close(fds[1]);
    } else {
        fds[0] = memfd_create("here-document", 0);
        if (fds[0] < 0)
            return -1;
        written = write_all(fds[0], text, len) && lseek(fds[0], 0, SEEK_SET) == 0;
        error = errno;
    }
    if (written)
        return fds[0];
    close(fds[0]);
    errno = error;
    return -1;
}

/* Digits only, a descriptor's number; -1 when it is none. */
static int parse_fd(const char *text)
{
    char *end;
    long fd;

    if (text[0] < '0' || text[0] > '9')
        return -1;
    fd = strtol(text, &end, 10);
    return *end == '\0' && fd < INT_MAX ? (int)fd : -1;
}

/* Is fd open, and for what the operator wants (2.7.5, 2.7.6)? Else false with a message. */
static bool check_source(struct shell *sh, int fd, bool output, const char *word)
{
    int flags = find_private(sh, fd) ? -1 : fcntl(fd, F_GETFL);

    if (flags < 0)
        error_print_errno(sh, EBADF, "%s", word);
    else if ((flags & O_ACCMODE) == (output ? O_RDONLY : O_WRONLY))
        error_print(sh, "%s: not open for %s", word, output ? "output" : "input");
    else
        return true;
    return false;
}

/* The source of one redirection. from: a descriptor, -1 to close. Returns false when reported. */
static bool open_source(struct shell *sh, const struct redir *redir, int *from, bool *owned)
{
    const char *word;
    size_t len;

    *owned = true;
    if (redir->op == REDIR_HERE) {
        word = expand_here(sh, redir->word, &len);
        if (!word)
            return false;
        *from = open_here(word, len);
        if (*from < 0)
            error_print_errno(sh, errno, "here-document");
        return *from >= 0;
    }
    word = expand_redirection(sh, redir->word);
    if (!word)
        return false;
    if (redir->op == REDIR_DUP_IN || redir->op == REDIR_DUP_OUT) {
        *owned = false;
        *from = strcmp(word, "-") == 0 ? -1 : parse_fd(word);
        if (*from < 0 && strcmp(word, "-") != 0)
            error_print(sh, "%s: not a file descriptor", word);
        else
            return *from < 0 || check_source(sh, *from, redir->op == REDIR_DUP_OUT, word);
        return false;
    }
    *from = open_target(sh, redir->op, word);
    if (*from < 0)
        error_print_errno(sh, errno, "%s", word);
    return *from >= 0;
}

/* {name}>file (IO_LOCATION): a descriptor of the shell's choice, which stays open; {name}>&- closes it. */
static bool apply_named(struct shell *sh, const struct redir *redir, int from, bool owned)
{
    char number[16];
    int fd;

    if (from < 0) {
        const char *value = var_get(sh, redir->fd_name);

        fd = value ? parse_fd(value) : -1;
        if (fd < 0) {
            error_print(sh, "%s: not a file descriptor", redir->fd_name->name);
            return false;
        }
        if (!find_private(sh, fd))
            close(fd);
        return true;
    }
    fd = fcntl(from, F_DUPFD, FIRST_PRIVATE_FD);
    if (owned)
        close(from);
    if (fd < 0) {
        error_print_errno(sh, errno, "%s", redir->fd_name->name);
        return false;
    }
    int len = snprintf(number, sizeof number, "%d", fd);
    return var_set(sh, redir->fd_name, number, (size_t)len, 0);
}

static bool apply_one(struct shell *sh, const struct redir *redir, bool save)
{
    int from, error;
    bool owned;

    if (!open_source(sh, redir, &from, &owned))
        return false;
    if (redir->fd_name)
        return apply_named(sh, redir, from, owned);
    if (redir->fd == STDIN_FILENO || from == STDIN_FILENO)
        readahead_sync(sh);
    error = replace(sh, redir->fd, from, owned, save);
    if (error != 0)
        error_print_errno(sh, error, "%d", redir->fd);
    return error == 0;
}

unsigned redir_own_files(const struct redir *redirs)
{
    unsigned own = 0;

    for (; redirs; redirs = redirs->next) {
        if (redirs->fd_name || word_runs(redirs->word))
            own = 0; /* what it starts has those that are open by then */
        if (redirs->fd_name || redirs->fd >= VMPROC_OWN_FILES)
            continue;
        own &= ~(1u << redirs->fd);
        if (redirs->op == REDIR_READ)
            own |= 1u << redirs->fd;
    }
    return own;
}

bool redir_apply(struct shell *sh, const struct redir *redirs, bool save)
{
    struct arena_mark mark = arena_mark(&sh->scratch);
    bool ok = true;

    if (save)
        push(sh, MARKER, 0);
    for (; redirs && ok; redirs = redirs->next) {
        ok = apply_one(sh, redirs, save);
        arena_release(&sh->scratch, mark);
    }
    if (!ok && save)
        redir_undo(sh);
    return ok;
}

static void restore(struct shell *sh, const struct save *save)
{
    if (save->fd == STDIN_FILENO)
        readahead_sync(sh);
    if (save->copy < 0) {
        close(save->fd);
    } else {
        dup2(save->copy, save->fd);
        close(save->copy);
    }
    if (save->fd == STDIN_FILENO && sh->readahead)
        sh->readahead->shared = save->shared;
}

void redir_undo(struct shell *sh)
{
    struct redir_saves *saves = sh->saves;

    while (saves->items[--saves->count].fd != MARKER)
        restore(sh, &saves->items[saves->count]);
}

void redir_keep(struct shell *sh)
{
    struct redir_saves *saves = sh->saves;

    if (!saves)
        return;
    for (; saves->count > 0 && saves->items[saves->count - 1].fd != MARKER; saves->count--)
        if (saves->items[saves->count - 1].copy >= 0)
            close(saves->items[saves->count - 1].copy);
}
