/*
 * json.h - a JSON text as a tree whose every node knows where it stands, read by yajl.
 *
 * Of Debian's JSON libraries only yajl tells, while it reads, how far it has come, and without that an error
 * in a spec has no line and column. libvirt depends on it already.
 */
#ifndef VMPROC_SPEC_JSON_H
#define VMPROC_SPEC_JSON_H

#include <stddef.h>

enum json_kind { JSON_NULL, JSON_BOOLEAN, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
    enum json_kind kind;
    unsigned line, column;         /* of its first character, from 1; columns count bytes */
    char *text;                    /* of strings, numbers, booleans; NUL-terminated */
    char *key;                     /* in an object, else NULL */
    unsigned key_line, key_column; /* of the key */
    struct json *first, *last;     /* of arrays and objects */
    struct json *next;             /* in the same array or object */
};

struct json_error {
    unsigned line, column;
    char text[160];
};

/* The tree, never freed: its reader executes another program; NULL with error filled. A key that is given
 * twice and a string with a NUL are errors. */
struct json *json_read(const char *text, size_t len, struct json_error *error);

/* "a string", "an object"... */
const char *json_kind_name(enum json_kind kind);

#endif
