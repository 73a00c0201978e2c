/* json.c - yajl's events become a tree with positions. */
#include "json.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#define DEPTH_MAX 16

struct reader {
    yajl_handle yajl;
    const char *text;
    struct json *open[DEPTH_MAX]; /* arrays and objects that have not ended */
    unsigned depth;
    struct json *root;
    char *key; /* that waits for its value */
    unsigned key_line, key_column;
    struct json_error *error;
};

static void locate(const char *text, size_t at, unsigned *line, unsigned *column)
{
    *line = *column = 1;
    for (size_t i = 0; i < at; i++) {
        (*column)++;
        if (text[i] == '\n') {
            (*line)++;
            *column = 1;
        }
    }
}

static int fail(struct reader *r, unsigned line, unsigned column, const char *text)
{
    r->error->line = line;
    r->error->column = column;
    snprintf(r->error->text, sizeof r->error->text, "%s", text);
    return 0;
}

/* Where the string that ends at end (its closing quote included) begins. */
static size_t string_start(const char *text, size_t end)
{
    size_t at = end - 1, slashes;
    do {
        at--;
        for (slashes = 0; slashes < at && text[at - 1 - slashes] == '\\';)
            slashes++;
    } while (at > 0 && (text[at] != '"' || slashes % 2));
    return at;
}

/* The token that yajl has just read begins len bytes before where it is; of a string, at its opening quote.
 */
static size_t token_start(const struct reader *r, enum json_kind kind, size_t len)
{
    size_t end = yajl_get_bytes_consumed(r->yajl);
    return kind == JSON_STRING ? string_start(r->text, end) : end - len;
}

static char *copy(const void *bytes, size_t len)
{
    char *result = malloc(len + 1);
    if (!result)
        abort();
    memcpy(result, bytes, len);
    result[len] = '\0';
    return result;
}

static int add(struct reader *r, enum json_kind kind, const void *text, size_t len)
{
    struct json *node = calloc(1, sizeof *node), *parent = r->depth ? r->open[r->depth - 1] : NULL;
    if (!node)
        abort();
    node->kind = kind;
    locate(r->text, token_start(r, kind, len), &node->line, &node->column);
    if (kind == JSON_STRING && memchr(text, 0, len))
        return fail(r, node->line, node->column, "a string with a NUL");
    node->text = text ? copy(text, len) : NULL;
    node->key = r->key;
    node->key_line = r->key_line;
    node->key_column = r->key_column;
    r->key = NULL;
    if (!parent)
        r->root = node;
    else if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    if (parent)
        parent->last = node;
    if (kind != JSON_ARRAY && kind != JSON_OBJECT)
        return 1;
    if (r->depth == DEPTH_MAX)
        return fail(r, node->line, node->column, "nested too deeply");
    r->open[r->depth++] = node;
    return 1;
}

static int on_null(void *r)
{
    return add(r, JSON_NULL, "null", 4);
}

static int on_boolean(void *r, int value)
{
    return value ? add(r, JSON_BOOLEAN, "true", 4) : add(r, JSON_BOOLEAN, "false", 5);
}

static int on_number(void *r, const char *text, size_t len)
{
    return add(r, JSON_NUMBER, text, len);
}

static int on_string(void *r, const unsigned char *text, size_t len)
{
    return add(r, JSON_STRING, text, len);
}

static int on_map(void *r)
{
    return add(r, JSON_OBJECT, NULL, 1);
}

static int on_array(void *r)
{
    return add(r, JSON_ARRAY, NULL, 1);
}

static int on_end(void *context)
{
    struct reader *r = context;
    r->depth--;
    return 1;
}

static int on_key(void *context, const unsigned char *text, size_t len)
{
    struct reader *r = context;
    locate(r->text, token_start(r, JSON_STRING, len), &r->key_line, &r->key_column);
    r->key = copy(text, len);
    if (strlen(r->key) != len)
        return fail(r, r->key_line, r->key_column, "a key with a NUL");
    for (const struct json *node = r->open[r->depth - 1]->first; node; node = node->next)
        if (strcmp(node->key, r->key) == 0)
            return fail(r, r->key_line, r->key_column, "this key was given before");
    return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_array,
    .yajl_end_array = on_end,
};

/* ended: yajl has taken in all of the text, and misses something. */
static void take_syntax_error(struct reader *r, size_t len, bool ended)
{
    unsigned char *text = yajl_get_error(r->yajl, 0, (const unsigned char *)r->text, len);
    size_t at = ended ? len : yajl_get_bytes_consumed(r->yajl);
    unsigned line, column;
    text[strcspn((char *)text, "\n")] = '\0';
    locate(r->text, at < len ? at : len, &line, &column);
    fail(r, line, column, (char *)text);
    yajl_free_error(r->yajl, text);
}

struct json *json_read(const char *text, size_t len, struct json_error *error)
{
    struct reader r = {.text = text, .error = error};
    yajl_status status;
    bool ended;
    *error = (struct json_error){0};
    r.yajl = yajl_alloc(&callbacks, NULL, &r);
    if (!r.yajl)
        abort();
    status = yajl_parse(r.yajl, (const unsigned char *)text, len);
    ended = status == yajl_status_ok;
    if (ended)
        status = yajl_complete_parse(r.yajl);
    if (status != yajl_status_ok && !error->line)
        take_syntax_error(&r, len, ended);
    yajl_free(r.yajl);
    return status == yajl_status_ok ? r.root : NULL;
}

const char *json_kind_name(enum json_kind kind)
{
    static const char *const names[] = {
        [JSON_NULL] = "null",       [JSON_BOOLEAN] = "true or false", [JSON_NUMBER] = "a number",
        [JSON_STRING] = "a string", [JSON_ARRAY] = "an array",        [JSON_OBJECT] = "an object",
    };
    return names[kind];
}
