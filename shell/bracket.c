/* bracket.c - bracket expressions of patterns (XCU 2.14.1, XBD 9.3.5 with ! for ^; ^ as well, as everywhere).
 */
#include "shell/locale.h"
#include "shell/pattern_code.h"
#include "shell/utf8.h"
#include <ctype.h>
#include <string.h>
#include <wctype.h>

/* p stands on [ before : . or =: the place of the closing pair, or NULL. */
static const char *inner_end(const char *p, const char *end)
{
    for (const char *q = p + 2; q + 1 < end; q++)
        if (*q == p[1] && q[1] == ']')
            return q;
    return NULL;
}

static bool opens_inner(const char *p, const char *end)
{
    return *p == '[' && p + 1 < end && (p[1] == ':' || p[1] == '.' || p[1] == '=');
}

const char *bracket_end(const char *p, const char *end)
{
    const char *q = p + 1;
    if (q < end && (*q == '!' || *q == '^'))
        q++;
    for (const char *first = q; q < end; q++) {
        const char *inner;
        if (*q == ']' && q > first)
            return q + 1;
        if (*q == '\\' && q + 1 < end)
            q++;
        else if (opens_inner(q, end) && (inner = inner_end(q, end)))
            q = inner + 1;
    }
    return NULL;
}

static const struct {
    const char *name;
    int (*has)(int c);
} classes[] = {
    {"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
    {"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
    {"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
};

static bool in_class(const char *name, size_t len, uint32_t code, bool utf8)
{
    if (code < 0x80 || !utf8) {
        for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
            if (strlen(classes[i].name) == len && !memcmp(classes[i].name, name, len))
                return classes[i].has((int)(unsigned char)code) != 0;
    }
    char copy[32];
    if (len >= sizeof copy || (code & UTF8_INVALID))
        return false;
    memcpy(copy, name, len);
    copy[len] = '\0';
    if (!utf8)
        return false;
    locale_settle();
    return iswctype((wint_t)code, wctype(copy)) != 0;
}

/* The first level of a character's collation weights. */
static size_t primary_weight(uint32_t code, bool utf8, char weight[64])
{
    char text[5] = {(char)code};
    if (utf8)
        text[utf8_encode(code, text)] = '\0';
    locale_settle();
    size_t len = strxfrm(weight, text, 64);
    return len < 64 ? strcspn(weight, "\1") : 0;
}

static bool is_equivalent(uint32_t a, uint32_t b, bool utf8)
{
    char weight_a[64], weight_b[64];
    if (a == b || locale_collates_bytes() || ((a | b) & UTF8_INVALID))
        return a == b;
    size_t len = primary_weight(a, utf8, weight_a);
    return len && len == primary_weight(b, utf8, weight_b) && !memcmp(weight_a, weight_b, len);
}

/* One character of the list, plain, escaped or [.x.]. Returns what follows it; NULL: no such collating
 * element. */
static const char *list_character(const char *p, const char *end, bool utf8, uint32_t *code)
{
    const char *close;
    if (opens_inner(p, end) && p[1] == '.' && (close = inner_end(p, end)))
        return p + 2 < close && p + 2 + utf8_decode(p + 2, close, utf8, code) == close ? close + 2 : NULL;
    if (*p == '\\' && p + 1 < end)
        p++;
    return p + utf8_decode(p, end, utf8, code);
}

bool bracket_match(const char *start, const char *end, uint32_t code, bool utf8)
{
    const char *p = start + 1, *last = end - 1; /* last: the ] */
    bool negated = *p == '!' || *p == '^', found = false;
    for (p += negated; p < last;) {
        const char *close;
        uint32_t low, high;
        if (opens_inner(p, last) && p[1] != '.' && (close = inner_end(p, last))) {
            if (p[1] == ':')
                found |= in_class(p + 2, (size_t)(close - p - 2), code, utf8);
            else if (p + 2 < close && p + 2 + utf8_decode(p + 2, close, utf8, &low) == close)
                found |= is_equivalent(low, code, utf8);
            p = close + 2;
            continue;
        }
        if (!(p = list_character(p, last, utf8, &low)))
            return false;
        high = low;
        if (last - p >= 2 && *p == '-' && !(p = list_character(p + 1, last, utf8, &high)))
            return false;
        found |= low <= code && code <= high;
    }
    return found != negated;
}
