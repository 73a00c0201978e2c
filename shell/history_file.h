/*
 * history_file.h - the history file (format and place: history.h). For history.c alone.
 */
#ifndef SHELL_HISTORY_FILE_H
#define SHELL_HISTORY_FILE_H

#include "shell/history.h"
#include <sys/types.h>

/* What has been read: that file, up to there. A file that another shell has shortened is a new one, and what
 * was added to the old one since the last prompt is then seen by the next shell only. */
struct history_place {
    dev_t device;
    ino_t inode;
    off_t end;
};

/* Where a command was written; length 0: nowhere. */
struct history_record {
    dev_t device;
    ino_t inode;
    off_t offset, status_offset;
    size_t length;
};

/*
 * The last commands of the file as they stand there, oldest first: to find where lines begin takes a tenth of what
 * taking all of them apart would, of which few are ever asked for.
 */
struct history_lines {
    char *text;            /* malloc'ed */
    size_t *starts, count; /* starts[count] is the end; malloc'ed */
    size_t first;          /* starts[first] is line 0's: those before are left out */
};

/* Gets each command, oldest first; what entry points to is only lent. */
typedef void history_visit(const struct history_entry *entry, void *context);

/* The last limit commands; shortens the file if it has more than 2 * limit. */
void history_file_load(struct shell *sh, unsigned limit, struct history_place *place,
                       struct history_lines *lines);
/* entry points into lines from then on; to be done once for a line, 0... */
void history_lines_take_apart(const struct history_lines *lines, size_t line, struct history_entry *entry);
/* There are none then. */
void history_lines_free(struct history_lines *lines);
/* Visits what others have written since, then appends. */
struct history_record history_file_append(struct shell *sh, struct history_place *place,
                                          const struct history_entry *entry, history_visit *visit,
                                          void *context);
/* Writes the status of a record, and visits what others have written since. */
void history_file_follow(struct shell *sh, struct history_place *place, const struct history_record *ended,
                         int status, history_visit *visit, void *context);
/* Removes a record if nothing was written behind it. */
void history_file_take_back(struct shell *sh, struct history_place *place,
                            const struct history_record *record);

#endif
