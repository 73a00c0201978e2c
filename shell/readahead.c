/* readahead.c - reading descriptor 0 by blocks where what is too much can stay (readahead.h). */
#include "shell/readahead.h"
#include "shell/arena.h"
#include "shell/redir.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define BLOCK           16384u
#define BLOCK_IMMEDIATE 512u /* when the rest is put back after each line */
#define SINGLES         64u  /* a pipe for the copies costs about as much */

static struct readahead *state(struct shell *sh)
{
    if (!sh->readahead) {
        sh->readahead = xmalloc(sizeof *sh->readahead);
        *sh->readahead = (struct readahead){.buffer = xmalloc(BLOCK), .pipe = {-1, -1}};
    }
    return sh->readahead;
}

static ssize_t read_again(int fd, char *buffer, size_t size)
{
    ssize_t got;
    do
        got = read(fd, buffer, size);
    while (got < 0 && errno == EINTR);
    return got;
}

/* Peeked bytes that were used leave the pipe. They are there: only this process reads it meanwhile. */
static void take_out(struct readahead *r)
{
    for (size_t left = r->next; left;) {
        ssize_t got = read_again(STDIN_FILENO, r->buffer, left);
        if (got <= 0)
            break;
        left -= (size_t)got;
    }
}

void readahead_give_back(struct shell *sh)
{
    struct readahead *r = sh->readahead;
    int saved = errno;
    if (r->way == READAHEAD_PEEK)
        take_out(r);
    else
        lseek(STDIN_FILENO, -(off_t)(r->end - r->next), SEEK_CUR);
    errno = saved;
    r->next = r->end = 0;
}

void readahead_shared(struct shell *sh)
{
    readahead_sync(sh);
    state(sh)->shared = true;
}

static void close_pipe(struct readahead *r)
{
    for (int i = 0; i < 2; i++) {
        if (r->pipe[i] >= 0)
            close(r->pipe[i]);
        r->pipe[i] = -1;
    }
}

/* A pipe of this process's own for the copies. */
static bool have_pipe(struct readahead *r)
{
    pid_t self = getpid();
    if (r->pipe[1] >= 0 && r->owner == self)
        return true;
    close_pipe(r);
    if (pipe2(r->pipe, O_CLOEXEC) != 0)
        return false;
    r->owner = self;
    for (int i = 0; i < 2; i++)
        r->pipe[i] = redir_move_high(r->pipe[i]);
    if (r->pipe[0] >= 0 && r->pipe[1] >= 0)
        return true;
    close_pipe(r);
    return false;
}

static void decide(struct readahead *r)
{
    r->known = true;
    r->way = READAHEAD_BYTES;
    r->immediate = r->shared;
    if (lseek(STDIN_FILENO, 0, SEEK_CUR) >= 0) {
        r->way = READAHEAD_SEEK;
        /* A description that is open for writing, too, has another user of its offset: descriptor 1, perhaps.
         */
        if ((fcntl(STDIN_FILENO, F_GETFL) & O_ACCMODE) == O_RDWR)
            r->immediate = true;
    } else if (errno == ESPIPE && !r->shared && r->singles >= SINGLES && have_pipe(r)) {
        r->way = READAHEAD_PEEK;
    }
}

/* Copies of the bytes that come next. EINVAL: not a pipe but a socket or a terminal. */
static ssize_t peek(struct readahead *r)
{
    ssize_t copied = tee(STDIN_FILENO, r->pipe[1], BLOCK, 0);
    if (copied <= 0)
        return copied;
    ssize_t got = read_again(r->pipe[0], r->buffer, (size_t)copied);
    if (got != copied) { /* cannot be; a pipe that is not empty would make nonsense of the next copy */
        close_pipe(r);
        errno = EIO;
        return -1;
    }
    return got;
}

static ssize_t refill(struct readahead *r)
{
    if (r->way == READAHEAD_PEEK) {
        ssize_t got = peek(r);
        if (got >= 0 || errno != EINVAL)
            return got;
        r->way = READAHEAD_BYTES;
    }
    if (r->way == READAHEAD_SEEK)
        return read(STDIN_FILENO, r->buffer, r->immediate ? BLOCK_IMMEDIATE : BLOCK);
    r->singles++;
    return read(STDIN_FILENO, r->buffer, 1);
}

ssize_t readahead_fill(struct shell *sh, const char **text)
{
    struct readahead *r = state(sh);
    if (r->next == r->end) {
        readahead_sync(sh);
        if (!r->known)
            decide(r);
        ssize_t got = refill(r);
        if (got <= 0)
            return got < 0 ? -errno : 0;
        r->next = 0;
        r->end = (size_t)got;
    }
    *text = r->buffer + r->next;
    return (ssize_t)(r->end - r->next);
}

void readahead_use(struct shell *sh, size_t n)
{
    struct readahead *r = sh->readahead;
    r->next += n;
    if (r->next == r->end && r->way != READAHEAD_PEEK)
        r->next = r->end = 0;
}

void readahead_done(struct shell *sh)
{
    struct readahead *r = state(sh);
    if (r->known && r->immediate)
        readahead_sync(sh);
    r->known = false;
}
