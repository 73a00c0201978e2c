/*
 * history.h - the command history of an interactive shell (XCU fc, sh HISTFILE HISTSIZE): a list in memory
 * and a file.
 *
 * The list holds the last HISTSIZE (default 1000) commands; they are numbered from 1 on and keep their
 * number. A command may be of several lines. Its text has no newline at its end.
 *
 * The file ($HISTFILE, else $XDG_STATE_HOME/fleetsh/history, else ~/.local/state/fleetsh/history;
 * HISTFILE='': none) has one command a line, newlines in it written \n and backslashes \\. It is read once,
 * by the first prompt. Each command is appended when it begins to run, under flock(2): several shells share
 * the file and lose nothing. It is shortened, when it is read, to HISTSIZE commands once it has twice as
 * many.
 */
#ifndef SHELL_HISTORY_H
#define SHELL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

struct shell;
struct history;

/* Makes sh->history and reads the file, unless that is done. Trouble with the file is no error. */
void history_open(struct shell *sh);

/* A command that is about to run: it becomes the current one, until the next one or history_no_current(). */
void history_add(struct shell *sh, const char *text, size_t len);
void history_no_current(struct shell *sh);
/* fc: the current command shall not be in the history; it is taken out of list and file. */
void history_forget_current(struct shell *sh);

/* Numbers of the oldest and the newest command but the current one; both 0 when there is none. */
unsigned history_oldest(const struct history *history);
unsigned history_newest(const struct history *history);
/* NULL when there is none of that number. Valid until the next change. */
const char *history_get(const struct history *history, unsigned number);

#endif
