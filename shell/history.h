/*
 * history.h - the command history of an interactive shell (XCU fc, sh HISTFILE HISTSIZE): a list in memory
 * and a file.
 *
 * The list holds the last HISTSIZE (default 1000) commands; they are numbered from 1 on and keep their
 * number. A command may be of several lines. Its text has no newline at its end.
 *
 * The file ($HISTFILE, else $XDG_STATE_HOME/fleetsh/history, else ~/.local/state/fleetsh/history;
 * HISTFILE='': none) has one command a line:
 *
 *   @TIME STATUS DIRECTORY<tab>COMMAND
 *
 * TIME in seconds since 1970, STATUS of three characters, --- until the command has ended; newlines are
 * written \n, backslashes \\, tabs in DIRECTORY \t. A line of another form is a command of which no more is
 * known. It is read by the first prompt. Each command is appended when it begins to run, under flock(2):
 * several shells share the file and lose nothing, and each prompt takes in what the others have added. It is
 * shortened, when it is read, to HISTSIZE commands once it has twice as many.
 *
 * HISTCONTROL: words among ignorespace (a command that begins with a blank is not kept), ignoredups (one that
 * is the same as the last), ignoreboth; ignorespace when it is not set.
 */
#ifndef SHELL_HISTORY_H
#define SHELL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct shell;
struct history;

struct history_entry {
    const char *text;
    const char *directory; /* "": not known */
    int64_t time;          /* seconds since 1970 when it began; 0: not known */
    int status;            /* -1: not known, or it runs */
};

/* Makes sh->history and reads the file, unless that is done. Trouble with the file is no error. */
void history_open(struct shell *sh);

/* A command that is about to run: it becomes the current one, until the next one or history_catch_up(). */
void history_add(struct shell *sh, const char *text, size_t len);
/* The current command, if there is one, has ended with $?. What other shells have added is taken in. */
void history_catch_up(struct shell *sh);
/* fc: the current command shall not be in the history; it is taken out of list and file. */
void history_forget_current(struct shell *sh);

/* Numbers of the oldest and the newest command but the current one; both 0 when there is none. */
unsigned history_oldest(const struct history *history);
unsigned history_newest(const struct history *history);
/* NULL when there is none of that number. Valid until the next change. */
const struct history_entry *history_entry(const struct history *history, unsigned number);
const char *history_get(const struct history *history, unsigned number); /* its text */

#endif
