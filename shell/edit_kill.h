/*
 * edit_kill.h - what was cut out of lines, newest first: for emacs's yank and yank-pop, and for vi's save
 * buffer, which is the newest.
 */
#ifndef SHELL_EDIT_KILL_H
#define SHELL_EDIT_KILL_H

#include <stdbool.h>
#include <stddef.h>

#define EDIT_KILLS 32

struct edit_kills {
    char *items[EDIT_KILLS]; /* malloc'ed */
    size_t count;
};

enum edit_kill_join { EDIT_KILL_NEW, EDIT_KILL_BEHIND, EDIT_KILL_BEFORE }; /* the newest one */

void edit_kill(struct edit_kills *kills, const char *bytes, size_t len, enum edit_kill_join join);
const char *edit_kill_get(const struct edit_kills *kills,
                          size_t age);           /* 0: the newest; NULL: there is none */
void edit_kill_rotate(struct edit_kills *kills); /* the next older one is the newest now */
void edit_kill_free(struct edit_kills *kills);

#endif
