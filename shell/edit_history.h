/*
 * edit_history.h - up and down: earlier and later commands that begin with what was typed.
 */
#ifndef SHELL_EDIT_HISTORY_H
#define SHELL_EDIT_HISTORY_H

#include <stdbool.h>

struct edit;

/*
 * Shows the next older (or newer) command, at last what was typed again. A line that was changed begins a new
 * walk. prefix: only those that begin with what was typed. false: there is none.
 */
bool edit_walk(struct edit *edit, bool older, bool prefix);
bool edit_walk_to(struct edit *edit, unsigned number); /* this command; false: there is none of that number */
void edit_walk_home(struct edit *edit);                /* back to what was typed */

#endif
