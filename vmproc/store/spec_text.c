/* spec_text.c - writes a spec anew, so that two which mean the same are the same bytes. */
#include "image_store.h"
#include "vmproc/spec/digest.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_gen.h>

static void put_string(yajl_gen gen, const char *text)
{
    yajl_gen_string(gen, (const unsigned char *)text, strlen(text));
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp((*(const struct json *const *)a)->key, (*(const struct json *const *)b)->key);
}

static void put_value(yajl_gen gen, const struct json *value);

/* Sorted by their keys. */
static void put_members(yajl_gen gen, const struct json *const *members, size_t count)
{
    qsort((void *)members, count, sizeof *members, compare_keys);
    yajl_gen_map_open(gen);
    for (size_t i = 0; i < count; i++) {
        put_string(gen, members[i]->key);
        put_value(gen, members[i]);
    }
    yajl_gen_map_close(gen);
}

static const struct json **list_members(const struct json *object, size_t room, size_t *count)
{
    const struct json **members;
    *count = 0;
    for (const struct json *item = object->first; item; item = item->next)
        ++*count;
    members = calloc(*count + room, sizeof *members);
    if (!members)
        abort();
    *count = 0;
    for (const struct json *item = object->first; item; item = item->next)
        members[(*count)++] = item;
    return members;
}

static void put_value(yajl_gen gen, const struct json *value)
{
    const struct json **members;
    size_t count;
    switch (value->kind) {
    case JSON_NULL:
        yajl_gen_null(gen);
        break;
    case JSON_BOOLEAN:
        yajl_gen_bool(gen, value->text[0] == 't');
        break;
    case JSON_NUMBER:
        yajl_gen_number(gen, value->text, strlen(value->text));
        break;
    case JSON_STRING:
        put_string(gen, value->text);
        break;
    case JSON_ARRAY:
        yajl_gen_array_open(gen);
        for (const struct json *item = value->first; item; item = item->next)
            put_value(gen, item);
        yajl_gen_array_close(gen);
        break;
    case JSON_OBJECT:
        members = list_members(value, 0, &count);
        put_members(gen, members, count);
        free(members);
        break;
    }
}

/* "program" is the file beside the spec now; its old name stays the zeroth argument, which some programs go by. */
char *spec_text(const struct spec *spec, const char *hex, size_t *len)
{
    char with_prefix[sizeof DIGEST_PREFIX + STORE_HEX] = DIGEST_PREFIX;
    struct json digest = {.kind = JSON_STRING, .key = "digest", .text = with_prefix};
    struct json zeroth = {.kind = JSON_STRING, .key = "argument-zero", .text = spec->program};
    const unsigned char *bytes;
    const struct json **members;
    size_t count, kept = 0;
    char *text;
    yajl_gen gen = yajl_gen_alloc(NULL);
    assert(gen);
    yajl_gen_config(gen, yajl_gen_beautify, 1);
    strcat(with_prefix, hex);
    members = list_members(spec->root, 2, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(members[i]->key, "program") != 0 && strcmp(members[i]->key, "digest") != 0)
            members[kept++] = members[i];
    members[kept++] = &digest;
    if (spec->program_at && !spec->argument_zero)
        members[kept++] = &zeroth;
    put_members(gen, members, kept);
    free(members);
    yajl_gen_get_buf(gen, &bytes, len);
    text = malloc(*len);
    if (text)
        memcpy(text, bytes, *len);
    yajl_gen_free(gen);
    return text;
}
