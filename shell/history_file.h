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

/* Gets each command, oldest first; what entry points to is only lent. */
typedef void history_visit(const struct history_entry *entry, void *context);

/* Visits the last limit commands; shortens the file if it has more than 2 * limit. */
void history_file_load(struct shell *sh, unsigned limit, struct history_place *place, history_visit *visit,
                       void *context);
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
