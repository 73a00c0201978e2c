/*
 * complete.h - what the line editor asks when TAB is typed, and the shell about a command that is not there. completion/ answers: it knows commands, files,
 * variables and jobs; shell/ knows only this contract.
 */
#ifndef SHELL_COMPLETE_H
#define SHELL_COMPLETE_H

#include <stddef.h>

struct shell;

struct completions {
    size_t start; /* byte of the line where the word to replace begins; it ends at the cursor */
    char **items; /* replacements, quoted as the word is; sorted, each once; malloc'ed */
    size_t count, cap;
    size_t listed_from; /* bytes of each item that need not be listed: the directory it is in */
    const char *ending; /* goes behind an item that is the only one, and no directory: a blank, after a
                           closing quote */
};

/* All that the word before the cursor may become. Only the cursor's own command matters; nothing is run. */
void complete_line(struct shell *sh, const char *line, size_t cursor, struct completions *out);
void completions_free(struct completions *completions);

/* The command whose name is so near to this one, of no command, that it may be meant: malloc'ed, or NULL. */
char *complete_nearest(struct shell *sh, const char *name);

#endif
