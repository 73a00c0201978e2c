/*
 * json.h - writes JSON (RFC 8259) to a built-in utility's output, one element a line.
 *
 * Strings of any bytes come out as valid UTF-8: what is no character is U+FFFD.
 */
#ifndef BUILTINS_JSON_H
#define BUILTINS_JSON_H

#include <stdbool.h>
#include <stdint.h>

struct shell;

struct json {
    struct shell *sh;
    unsigned depth;    /* open arrays and objects, at most 31 */
    uint32_t has_more; /* bit n: the one at depth n has an element already */
};

/* key is NULL within an array and at the top; bracket is '[' or '{'. */
void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket); /* ']' or '}' */
void json_string(struct json *json, const char *key, const char *value);
void json_number(struct json *json, const char *key, uint64_t value);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);

#endif
