/* utf8.c - decoding UTF-8 strictly: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
#include "shell/utf8.h"
#include "shell/locale.h"
#include <string.h>

size_t utf8_decode_slow(const char *p, const char *end, uint32_t *code)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char lead = (unsigned char)*p;
    size_t len = lead >= 0xf8   ? 0
                 : lead >= 0xf0 ? 4
                 : lead >= 0xe0 ? 3
                 : lead >= 0xc0 ? 2
                 : lead < 0x80  ? 1
                                : 0;
    *code = lead;
    if (len == 1)
        return 1;
    *code |= UTF8_INVALID;
    if (!len || (size_t)(end - p) < len)
        return 1;
    uint32_t value = lead & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        unsigned char c = (unsigned char)p[i];
        if ((c & 0xc0) != 0x80)
            return 1;
        value = value << 6 | (c & 0x3f);
    }
    if (value < smallest[len] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return 1;
    *code = value;
    return len;
}

size_t utf8_before(const char *start, const char *p, bool utf8)
{
    size_t most = (size_t)(p - start) < 4 ? (size_t)(p - start) : 4;
    if (!utf8 || !((unsigned char)p[-1] & 0x80))
        return 1;
    for (size_t len = 2; len <= most; len++) {
        uint32_t code;
        if (((unsigned char)p[-(ptrdiff_t)len] & 0xc0) != 0x80)
            return utf8_decode_slow(p - len, p, &code) == len ? len : 1;
    }
    return 1;
}

size_t utf8_encode(uint32_t code, char out[4])
{
    size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = len; i-- > 1; code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3f));
    out[0] = (char)(lead[len] | code);
    return len;
}

size_t utf8_count(const char *text, size_t len)
{
    if (!locale_is_utf8())
        return len;
    size_t count = 0;
    const char *end = text + len;
    while (text < end) {
        uint32_t code;
        uint64_t eight;
        for (; end - text >= 8 && (memcpy(&eight, text, 8), !(eight & 0x8080808080808080u)); text += 8)
            count += 8;
        if (text < end) {
            text += utf8_decode(text, end, true, &code);
            count++;
        }
    }
    return count;
}
