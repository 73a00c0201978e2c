/*
 * complete.h - what the line editor asks when TAB is typed, and the shell about a command that is not there.
 * completion/ answers: it knows commands, files, variables and jobs; shell/ knows only this contract.
 */
#ifndef SHELL_COMPLETE_H
#define SHELL_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

struct shell;

struct completion {
    char *text;         /* the replacement, quoted as the word is */
    char *about;        /* one line that tells what it is, or NULL */
    unsigned char type; /* DT_* of a file, while files are collected */
};

struct completions {
    size_t start;             /* byte of the line where the word to replace begins; it ends at the cursor */
    struct completion *items; /* sorted by text, each once; all malloc'ed */
    size_t count, cap;
    size_t limit;       /* so many items are wanted, the first ones... */
    size_t left_out;    /* ...and so many more there are */
    char *greatest;     /* the last of those that were left out; malloc'ed, or NULL */
    char *common;       /* what all begin with, whole characters only, quoted as they are; malloc'ed */
    bool has_programs;  /* some are names of programs in PATH */
    size_t listed_from; /* bytes of each item that need not be listed: the directory it is in */
    volatile size_t *so_far; /* counts what is found of very many, for who waits meanwhile; NULL: nobody looks */
    const char *ending;      /* goes behind an item that is the only one, and no directory: a blank, after a
                           closing quote */
};

/* What the word before the cursor may become, the first `limit` of it. Only the cursor's own command matters;
 * nothing is run. */
void complete_line(struct shell *sh, const char *line, size_t cursor, size_t limit, struct completions *out);
/*
 * The first `limit` of the pathnames that word, as it stands in a line, expands to; without a pattern, of those that
 * begin so. Directories end with a slash.
 */
void complete_pathnames(struct shell *sh, const char *word, size_t limit, struct completions *out);
void completions_free(struct completions *completions);

/*
 * Calls visit for each word of the line that is a command's name, constant and outside of double-quotes: bytes
 * from..to of the line are name. Not for names whose meaning this line, up to there, may change, nor behind what is not
 * understood without the parser (case, here-documents, arithmetic).
 */
typedef void complete_command_visit(size_t from, size_t to, const char *name, void *context);
void complete_each_command(const char *line, size_t len, complete_command_visit *visit, void *context);

/* The command whose name is so near to this one, of no command, that it may be meant: malloc'ed, or NULL. */
char *complete_nearest(struct shell *sh, const char *name);

#endif
