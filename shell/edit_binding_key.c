/* edit_binding_key.c - keys as the user writes them. */
#include "shell/arena.h"
#include "shell/edit_binding.h"
#include "shell/edit_escape.h"
#include "shell/edit_keys.h"
#include "shell/utf8.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- escapes ---- */

static const char letters[] = "abdefnrtv\\\"'", values[] = "\a\b\x7f\033\f\n\r\t\v\\\"'";

/* \OCTAL or \xHEX. Returns how many characters it takes, behind the backslash. */
static size_t read_number(const char *text, size_t len, char *byte)
{
    bool hex = *text == 'x';
    const char *digits = hex ? "0123456789abcdefABCDEF" : "01234567";
    char copy[4] = "";
    size_t n = 0, most = hex ? 2 : 3;

    while (n < most && hex + n < len && strchr(digits, text[hex + n]) && text[hex + n]) {
        copy[n] = text[hex + n];
        n++;
    }
    *byte = (char)strtoul(copy, NULL, hex ? 16 : 8);
    return n > 0 ? hex + n : 0;
}

static char control_of(char c)
{
    return c == '?' ? 0x7f : (char)(c & 0x1f);
}

/* One escape, behind its backslash. Returns how many characters it takes; 0: it is none. out takes two bytes. */
static size_t read_escape(const char *text, size_t len, char **out)
{
    bool control = false, meta = false;
    size_t at = 0;
    char byte;

    while (at + 1 < len && (text[at] == 'C' || text[at] == 'M') && text[at + 1] == '-') {
        control = control || text[at] == 'C';
        meta = meta || text[at] == 'M';
        at += 2;
        if (at < len && text[at] == '\\' && at + 2 < len && text[at + 2] == '-')
            at++;
    }
    if (at > 0) {
        if (at >= len)
            return 0;
        if (meta)
            *(*out)++ = '\033';
        byte = text[at++];
        if (byte == '\\' && at < len)
            byte = text[at++];
        *(*out)++ = control ? control_of(byte) : byte;
        return at;
    }
    const char *letter = len > 0 && *text ? strchr(letters, *text) : NULL;
    if (letter) {
        *(*out)++ = values[letter - letters];
        return 1;
    }
    at = len > 0 ? read_number(text, len, &byte) : 0;
    if (at > 0)
        *(*out)++ = byte;
    return at;
}

char *edit_binding_unescape(const char *text, size_t len, size_t *bytes)
{
    char *result = xmalloc(2 * len + 1), *out = result;

    for (size_t i = 0; i < len;) {
        if (text[i] != '\\') {
            *out++ = text[i++];
            continue;
        }
        size_t taken = read_escape(text + i + 1, len - i - 1, &out);
        if (taken == 0) {
            free(result);
            return NULL;
        }
        i += 1 + taken;
    }
    *out = '\0';
    *bytes = (size_t)(out - result);
    return result;
}

/* ---- keys ---- */

static uint32_t read_character(const char *bytes, size_t len, size_t *taken)
{
    uint32_t code;

    *taken = utf8_decode(bytes, bytes + len, true, &code);
    if (*taken == 0 || (code & UTF8_INVALID)) {
        *taken = 1;
        return KEY_BYTE | (unsigned char)*bytes;
    }
    return code == 0 ? KEY_WITH_CONTROL : code;
}

uint32_t edit_binding_next_key(const char *bytes, size_t len, size_t *taken)
{
    uint32_t key;

    if (*bytes != '\033' || len == 1)
        return read_character(bytes, len, taken);
    key = edit_escape_key(bytes + 1, len - 1, taken);
    if (key == 0)
        key = KEY_META | read_character(bytes + 1, len - 1, taken);
    ++*taken;
    return key;
}

bool edit_binding_read_key(const char *text, size_t len, uint32_t *key)
{
    size_t count, taken = 0, at = 0;
    char *bytes = edit_binding_unescape(text, len, &count);
    uint32_t first = 0;

    if (bytes && count > 1 && bytes[0] == KEY_CONTROL('X')) {
        first = KEY_BEHIND_X;
        at = 1;
    }
    if (bytes && count > 0)
        *key = first | edit_binding_next_key(bytes + at, count - at, &taken);
    free(bytes);
    return count > 0 && bytes && at + taken == count;
}

char edit_binding_letter(uint32_t control)
{
    char letter = control == 0x7f ? '?' : (char)(control + '@');

    return letter >= 'A' && letter <= 'Z' ? (char)(letter + 'a' - 'A') : letter;
}

void edit_binding_write_key(uint32_t key, char text[EDIT_KEY_TEXT])
{
    const char *first = key & KEY_BEHIND_X ? "\\C-x" : "", *meta = key & KEY_META ? "\\e" : "";
    uint32_t code = key & ~(KEY_BEHIND_X | KEY_META);
    char bytes[5] = "", sequence[16];

    if (edit_escape_text(key & ~KEY_BEHIND_X, sequence))
        snprintf(text, EDIT_KEY_TEXT, "%s\\e%s", first, sequence);
    else if (code == KEY_WITH_CONTROL)
        snprintf(text, EDIT_KEY_TEXT, "%s%s\\C-@", first, meta);
    else if (code == KEY_ESCAPE)
        snprintf(text, EDIT_KEY_TEXT, "%s%s\\e", first, meta);
    else if (code < ' ' || code == KEY_DELETE_BACK)
        snprintf(text, EDIT_KEY_TEXT, "%s%s\\C-%c", first, meta, edit_binding_letter(code));
    else if (code & KEY_BYTE)
        snprintf(text, EDIT_KEY_TEXT, "%s%s\\x%02x", first, meta, code & 0xff);
    else if (edit_key_bytes(code, bytes) > 0)
        snprintf(text, EDIT_KEY_TEXT, "%s%s%s%s", first, meta, code == '"' || code == '\\' ? "\\" : "",
                 bytes);
    else
        *text = '\0'; /* a paste */
}
