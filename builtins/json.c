/* json.c - a writer only; nothing here reads JSON. */
#include "builtins/json.h"
#include "shell/out.h"
#include <assert.h>
#include <inttypes.h>
#include <stddef.h>

/* Length of the well-formed UTF-8 sequence at s (RFC 3629), 0 when there is none. */
static size_t utf8_length(const unsigned char *s)
{
    static const struct {
        unsigned char first, last;            /* of the first byte */
        unsigned char second_min, second_max; /* no overlong forms, surrogates, or beyond U+10FFFF */
        unsigned char length;
    } rows[] = {
        {0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (s[0] < rows[i].first || s[0] > rows[i].last)
            continue;
        if (rows[i].length > 1 && (s[1] < rows[i].second_min || s[1] > rows[i].second_max))
            return 0;
        for (size_t k = 2; k < rows[i].length; k++)
            if ((s[k] & 0xc0) != 0x80)
                return 0;
        return rows[i].length;
    }
    return 0;
}

static void put_string(struct shell *sh, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;

    out_putc(sh, '"');
    while (*s) {
        size_t len = utf8_length(s);
        if (len == 0)
            out_puts(sh, "\xef\xbf\xbd");
        else if (*s == '"' || *s == '\\')
            out_printf(sh, "\\%c", *s);
        else if (*s < 0x20 || *s == 0x7f)
            out_printf(sh, "\\u%04x", *s);
        else
            out_write(sh, (const char *)s, len);
        s += len ? len : 1;
    }
    out_putc(sh, '"');
}

static void begin_element(struct json *json, const char *key)
{
    uint32_t bit = UINT32_C(1) << json->depth;

    if (json->depth > 0)
        out_printf(json->sh, "%s\n%*s", json->has_more & bit ? "," : "", (int)(2 * json->depth), "");
    json->has_more |= bit;
    if (key) {
        put_string(json->sh, key);
        out_puts(json->sh, ": ");
    }
}

void json_open(struct json *json, const char *key, char bracket)
{
    begin_element(json, key);
    out_putc(json->sh, bracket);
    json->depth++;
    assert(json->depth < 32);
    json->has_more &= ~(UINT32_C(1) << json->depth);
}

void json_close(struct json *json, char bracket)
{
    bool empty = !(json->has_more & (UINT32_C(1) << json->depth));

    json->depth--;
    if (!empty)
        out_printf(json->sh, "\n%*s", (int)(2 * json->depth), "");
    out_putc(json->sh, bracket);
    if (json->depth == 0)
        out_putc(json->sh, '\n');
}

void json_string(struct json *json, const char *key, const char *value)
{
    begin_element(json, key);
    put_string(json->sh, value);
}

void json_number(struct json *json, const char *key, uint64_t value)
{
    begin_element(json, key);
    out_printf(json->sh, "%" PRIu64, value);
}

void json_bool(struct json *json, const char *key, bool value)
{
    begin_element(json, key);
    out_puts(json->sh, value ? "true" : "false");
}

void json_null(struct json *json, const char *key)
{
    begin_element(json, key);
    out_puts(json->sh, "null");
}
