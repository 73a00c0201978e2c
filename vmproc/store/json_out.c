/* json_out.c - see json_out.h. */
#include "json_out.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static void print(void *context, const char *text, size_t len)
{
    (void)context;
    fwrite(text, 1, len, stdout);
}

yajl_gen json_out_begin(void)
{
    yajl_gen gen = yajl_gen_alloc(NULL);
    assert(gen);
    yajl_gen_config(gen, yajl_gen_print_callback, print, NULL);
    return gen;
}

void json_out_key(yajl_gen gen, const char *key)
{
    yajl_gen_string(gen, (const unsigned char *)key, strlen(key));
}

void json_out_string(yajl_gen gen, const char *key, const char *value)
{
    json_out_key(gen, key);
    yajl_gen_string(gen, (const unsigned char *)value, strlen(value));
}

void json_out_number(yajl_gen gen, const char *key, int64_t value)
{
    json_out_key(gen, key);
    yajl_gen_integer(gen, value);
}

void json_out_end(yajl_gen gen)
{
    putchar('\n');
    yajl_gen_free(gen);
}
