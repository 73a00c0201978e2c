/*
 * history_file.h - the history file (format and place: history.h). For history.c alone.
 */
#ifndef SHELL_HISTORY_FILE_H
#define SHELL_HISTORY_FILE_H

#include <stddef.h>
#include <sys/types.h>

struct shell;

/* Where a command was written; length 0: nowhere. */
struct history_record {
    dev_t device;
    ino_t inode;
    off_t offset;
    size_t length;
};

/* Calls visit for each of the last limit commands, oldest first; shortens the file if it has more than 2 *
 * limit. */
void history_file_load(struct shell *sh, unsigned limit,
                       void (*visit)(const char *text, size_t len, void *context), void *context);
struct history_record history_file_append(struct shell *sh, const char *text, size_t len);
/* Removes a record if nothing was written behind it. */
void history_file_take_back(struct shell *sh, const struct history_record *record);

#endif
