/* readahead.c - reading descriptor 0 by blocks where what is too much can be put back (readahead.h). */
#include "shell/readahead.h"
#include "shell/arena.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define BLOCK        16384u
#define BLOCK_SHARED 512u /* put back after each line */

static struct readahead *state(struct shell *sh)
{
    if (!sh->readahead) {
        sh->readahead = xmalloc(sizeof *sh->readahead);
        *sh->readahead = (struct readahead){.buffer = xmalloc(BLOCK)};
    }
    return sh->readahead;
}

void readahead_give_back(struct shell *sh)
{
    struct readahead *r = sh->readahead;
    int saved = errno;
    lseek(STDIN_FILENO, -(off_t)(r->end - r->next), SEEK_CUR);
    errno = saved;
    r->next = r->end = 0;
}

void readahead_shared(struct shell *sh)
{
    readahead_sync(sh);
    state(sh)->shared = true;
}

/* A description that is open for writing, too, has another user of its offset: descriptor 1, perhaps. */
static size_t block_size(const struct readahead *r)
{
    if (lseek(STDIN_FILENO, 0, SEEK_CUR) < 0)
        return 1;
    int flags = fcntl(STDIN_FILENO, F_GETFL);
    return r->shared || (flags & O_ACCMODE) == O_RDWR ? BLOCK_SHARED : BLOCK;
}

ssize_t readahead_fill(struct shell *sh, const char **text)
{
    struct readahead *r = state(sh);
    if (r->next == r->end) {
        if (!r->known)
            r->block = block_size(r);
        r->known = true;
        ssize_t got = read(STDIN_FILENO, r->buffer, r->block);
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
    sh->readahead->next += n;
}

void readahead_done(struct shell *sh)
{
    struct readahead *r = state(sh);
    if (r->known && r->block != BLOCK)
        readahead_sync(sh);
    r->known = false;
}
