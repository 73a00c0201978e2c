/*
 * redir.h - redirections (XCU 2.7) and the descriptors that the shell keeps for itself.
 */
#ifndef SHELL_REDIR_H
#define SHELL_REDIR_H

#include "shell/ast.h"
#include <stdbool.h>

struct shell;

/*
 * Performs redirs in order. save: the replaced descriptors are kept (>= 10, close-on-exec) until
 * redir_undo(). On failure reports, undoes what it saved, and returns false (XCU 2.8.1 "redirection error").
 */
bool redir_apply(struct shell *sh, const struct redir *redirs, bool save);
void redir_undo(struct shell *sh); /* the latest redir_apply(save) */
void redir_keep(struct shell *sh); /* `exec` without a command: the latest one's effect stays */

/*
 * Which descriptors (bits, below VMPROC_OWN_FILES) redirs, made in the process that becomes a command, open for it
 * alone by `<`: no other process has that open file description, and so none shares its position.
 */
unsigned redir_own_files(const struct redir *redirs);

/* Moves fd to 10 or above, close-on-exec; closes the old one. Returns the new one or -1 with errno. */
int redir_move_high(int fd);
/* pipe2(2), close-on-exec; neither end is 0, 1 or 2, so that they can be put there in any order. Failure is
 * reported and unwinds. */
bool redir_pipe(struct shell *sh, int ends[2]);

#endif
