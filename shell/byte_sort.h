/*
 * byte_sort.h - puts many texts in the order of their bytes (that of strcmp()).
 *
 * The bytes after the prefix that all have in common, the next eight, are compared as one number that lies beside the
 * pointer: names in a large directory differ there, and nothing has to be fetched to compare two.
 */
#ifndef SHELL_BYTE_SORT_H
#define SHELL_BYTE_SORT_H

#include <stddef.h>
#include <stdint.h>

struct byte_sort_item {
    char *text;     /* not looked after */
    uint64_t key;   /* byte_sort()'s own */
    unsigned index; /* the caller's: where it came from. Of equal texts the lower one comes first */
};

void byte_sort(struct byte_sort_item *items, size_t count);

#endif
