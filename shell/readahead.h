/*
 * readahead.h - what the `read` utility took from descriptor 0 beyond the line it returned.
 *
 * On a seekable descriptor `read` reads blocks and keeps the rest for the next `read`, so that a loop over a
 * file does not cost a system call a byte. Whoever may look at the file offset meanwhile must first have it
 * put back where the next unread byte is, by readahead_sync(). It costs one test when nothing was read ahead.
 * Call it before
 *
 *   - fork (fork.c) and becoming another program (exec.c),
 *   - a redirection that replaces or duplicates descriptor 0, and its undoing (redir.c),
 *   - reading commands from a shared descriptor 0 (input_line in eval_input),
 *   - the end of the process (shell_exit, sub-shells as well) and sending a signal (kill).
 *
 * A descriptor open for writing too, or one that an asynchronous list has inherited, is put back after every
 * `read`: fork.c calls readahead_shared() for FORK_ASYNC; redir.c clears shared for a new description on
 * descriptor 0.
 */
#ifndef SHELL_READAHEAD_H
#define SHELL_READAHEAD_H

#include "shell/shell.h"
#include <stddef.h>
#include <sys/types.h>

struct readahead {
    char *buffer;
    size_t next, end; /* unused bytes: next..end */
    bool shared;      /* others read the description at any time */
    bool known;       /* block is right: decided once a `read` */
    size_t block;     /* bytes to ask for at a time; 1: descriptor 0 cannot be put back */
};

void readahead_give_back(struct shell *sh);
static inline void readahead_sync(struct shell *sh)
{
    if (sh->readahead && sh->readahead->next < sh->readahead->end)
        readahead_give_back(sh);
}

void readahead_shared(struct shell *sh);

/* For `read` alone: more bytes, by block or one by one as descriptor 0 allows. Sets *text to unused bytes and
 * returns their number, 0 at the end of input, -errno. readahead_use() takes the first n of them. */
ssize_t readahead_fill(struct shell *sh, const char **text);
void readahead_use(struct shell *sh, size_t n);
/* The `read` is over: gives back at once what must not be kept. */
void readahead_done(struct shell *sh);

#endif
