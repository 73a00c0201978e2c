/*
 * edit_complete.h - what TAB does to the line: inserts what is sure, lists the rest.
 */
#ifndef SHELL_EDIT_COMPLETE_H
#define SHELL_EDIT_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

struct edit;

enum edit_complete_how {
    EDIT_COMPLETE,      /* inserts what all possibilities have in common; when that is nothing, lists them */
    EDIT_COMPLETE_LIST, /* lists them */
    EDIT_COMPLETE_ALL,  /* inserts all */
};

/* The word before the cursor. false: there is nothing it may become, or the user did not want to wait. */
bool edit_complete(struct edit *edit, enum edit_complete_how how);

/*
 * vi's = \ and *: the pathnames that bytes from..to of the line, a pattern or the beginning of one, expand to
 * (XCU sh, vi Line Editing Command Mode).
 */
bool edit_complete_pathname(struct edit *edit, size_t from, size_t to, enum edit_complete_how how);

#endif
