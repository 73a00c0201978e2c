/*
 * tmpdir.h - the session's directory for temporary files.
 *
 * A command in a VM sees no /tmp, so a shell that was started without TMPDIR sets and exports one, a
 * directory of its own, which every command of the session is given: mktemp, sort, cc and the like put their
 * files there. Its name is settled at the start, so that all subshells agree; it is made when the variable is
 * first read, so that a script which needs no temporary files makes none. What commands leave in it is kept,
 * as in /tmp: the shell that made it takes it away only when it is empty.
 */
#ifndef SHELL_TMPDIR_H
#define SHELL_TMPDIR_H

#include <stdbool.h>

struct shell;

/* Once, before the first command. Nothing when TMPDIR has a value. */
void tmpdir_begin(struct shell *sh);
/* Makes path, TMPDIR's value, unless it is there: before the value is used. A failure is left to whoever uses
 * it. */
void tmpdir_make(const char *path);
/* Whether TMPDIR is that directory, and nobody else may be about to use it. */
bool tmpdir_is_ours(struct shell *sh);
/* At the end of the top-level shell. Where that becomes its last command, the command's shim does it. */
void tmpdir_end(struct shell *sh);

#endif
