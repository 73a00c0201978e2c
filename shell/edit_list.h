/*
 * edit_list.h - what the word before the cursor may become, below the line; the line is then shown anew.
 */
#ifndef SHELL_EDIT_LIST_H
#define SHELL_EDIT_LIST_H

#include "shell/complete.h"
#include <stddef.h>

struct edit;

void edit_list_below(struct edit *edit, const struct completions *found);

/* What is listed of an item: without the directory it is in. */
const char *edit_list_name(const struct completions *found, size_t i);

/*
 * Puts characters as they are, control characters as ?: a file's name must not command the terminal. Stops before
 * width columns are exceeded. put may be NULL. Returns the columns used.
 */
typedef void edit_visible_put(const char *bytes, size_t len, void *context);
unsigned edit_visible(const char *text, unsigned width, edit_visible_put *put, void *context);

#endif
