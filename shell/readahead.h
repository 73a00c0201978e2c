/*
 * readahead.h - what the `read` utility took from descriptor 0 beyond the line it returned.
 *
 * `read` may take no byte behind its delimiter, yet a system call a byte is slow. On a seekable descriptor it
 * reads blocks and keeps the rest for the next `read`; in a pipe it looks ahead by tee(2), and takes out what
 * it used when that must be so. Whoever may look at descriptor 0 meanwhile must first have it put where the
 * next unread byte is, by readahead_sync(). It costs one test when nothing was read ahead. Call it before
 *
 *   - fork (fork.c) and becoming another program (exec.c),
 *   - a redirection that replaces or duplicates descriptor 0, and its undoing (redir.c),
 *   - reading commands from a shared descriptor 0 (input_line in eval_input),
 *   - the end of the process (shell_exit, sub-shells as well) and sending a signal (kill).
 *
 * A descriptor open for writing too, or one that an asynchronous list has inherited, is put right after every
 * `read`: fork.c calls readahead_shared() for FORK_ASYNC; redir.c clears shared for a new description on
 * descriptor 0.
 */
#ifndef SHELL_READAHEAD_H
#define SHELL_READAHEAD_H

#include "shell/shell.h"
#include <stddef.h>
#include <sys/types.h>

enum readahead_way {
    READAHEAD_BYTES, /* one by one */
    READAHEAD_SEEK,  /* blocks; what is unused is sought back */
    READAHEAD_PEEK,  /* copies of blocks; what is used is read */
};

struct readahead {
    char *buffer;
    size_t next, end;       /* unused bytes: next..end. end is 0 unless descriptor 0 is to be put right */
    bool shared;            /* others read the description at any time */
    bool immediate;         /* of this `read`: put right when it is over */
    bool known;             /* way and immediate are right: decided once a `read` */
    enum readahead_way way; /* how buffer was filled */
    unsigned singles;       /* bytes that came one by one: from a certain number on peeking pays */
    int pipe[2];            /* takes the copies; -1: not made */
    pid_t owner;            /* who made it: a child needs its own */
};

void readahead_give_back(struct shell *sh);
static inline void readahead_sync(struct shell *sh)
{
    if (sh->readahead && sh->readahead->end)
        readahead_give_back(sh);
}

void readahead_shared(struct shell *sh);

/* For `read` alone: more bytes, as descriptor 0 allows. Sets *text to unused bytes and returns their number,
 * 0 at the end of input, -errno. readahead_use() takes the first n of them. */
ssize_t readahead_fill(struct shell *sh, const char **text);
void readahead_use(struct shell *sh, size_t n);
/* The `read` is over: puts right at once what must not wait. */
void readahead_done(struct shell *sh);

#endif
