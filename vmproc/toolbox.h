/*
 * toolbox.h - what the toolbox, a directory of links to busybox's applets (scripts/make-toolbox), does not have.
 *
 * busybox's sh takes the names of all its applets for its own commands, and executes itself for them. For these the guest
 * and the shim let it have the program that PATH leads to, as for any other name.
 */
#ifndef VMPROC_TOOLBOX_H
#define VMPROC_TOOLBOX_H

#include <stdbool.h>

/* They only read what the programs of these names write as well: a build that calls ar, or xz FILE, needs the programs. */
#define TOOLBOX_LEFT_OUT "ar dpkg dpkg-deb lzma rpm xz"

/* Compiled by the guest, too: without the C library. */
static inline bool toolbox_leaves_out(const char *name)
{
    const char *list = TOOLBOX_LEFT_OUT;
    while (*list) {
        const char *at = name;
        while (*list && *list != ' ' && *list == *at)
            list++, at++;
        if ((!*list || *list == ' ') && !*at)
            return true;
        while (*list && *list != ' ')
            list++;
        list += *list == ' ';
    }
    return false;
}

#endif
