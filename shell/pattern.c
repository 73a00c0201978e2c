/* pattern.c - matching strings against patterns (XCU 2.14.1, 2.14.2). */
#include "shell/pattern.h"
#include "shell/arena.h"
#include "shell/locale.h"
#include "shell/pattern_code.h"
#include "shell/utf8.h"
#include <stdlib.h>
#include <string.h>

/* ---- cutting a pattern ---- */

static void add_segment(struct pattern_code *code, const struct pattern_segment *segment)
{
    if (code->count == code->cap) {
        bool first = code->segments == code->local;
        code->cap *= 2;
        code->segments = xrealloc(first ? NULL : code->segments, code->cap * sizeof *code->segments);
        if (first)
            memcpy(code->segments, code->local, sizeof code->local);
    }
    code->segments[code->count++] = *segment;
}

/* The element at p < end: where the next one begins. */
static const char *skip_element(const char *p, const char *end, bool utf8)
{
    uint32_t character;
    const char *close;
    if (*p == '[' && (close = bracket_end(p, end)))
        return close;
    if (*p == '\\' && p + 1 < end)
        p++;
    return p + utf8_decode(p, end, utf8, &character);
}

void pattern_compile(struct pattern_code *code, const char *pattern, size_t len)
{
    const char *end = pattern + len;
    code->segments = code->local;
    code->cap = sizeof code->local / sizeof *code->local;
    code->count = 0;
    code->end = end;
    code->utf8 = locale_is_utf8();
    struct pattern_segment segment = {.start = pattern, .literal = true};
    for (const char *p = pattern; p < end;) {
        if (*p == '*') {
            segment.end = p++;
            add_segment(code, &segment);
            segment = (struct pattern_segment){.start = p, .literal = true};
            continue;
        }
        if (*p == '?' || *p == '[' || *p == '\\' || ((unsigned char)*p >= 0x80 && code->utf8))
            segment.literal = false;
        segment.characters++;
        p = skip_element(p, end, code->utf8);
    }
    segment.end = end;
    add_segment(code, &segment);
}

void pattern_code_free(struct pattern_code *code)
{
    if (code->segments != code->local)
        free(code->segments);
}

/* ---- placing one segment ---- */

/* At text exactly: the end of what it matches, or NULL. */
static const char *match_at(const struct pattern_code *code, const struct pattern_segment *segment,
                            const char *text, const char *end)
{
    const char *p = segment->start;
    if (segment->literal) {
        size_t len = (size_t)(segment->end - p);
        return (size_t)(end - text) >= len && !memcmp(text, p, len) ? text + len : NULL;
    }
    while (p < segment->end) {
        uint32_t have, want;
        const char *close;
        if (text == end)
            return NULL;
        text += utf8_decode(text, end, code->utf8, &have);
        if (*p == '?') {
            p++;
        } else if (*p == '[' && (close = bracket_end(p, code->end))) {
            if (!bracket_match(p, close, have, code->utf8))
                return NULL;
            p = close;
        } else {
            if (*p == '\\' && p + 1 < segment->end)
                p++;
            p += utf8_decode(p, segment->end, code->utf8, &want);
            if (have != want)
                return NULL;
        }
    }
    return text;
}

/* characters before text, or NULL when there are fewer since start. */
static const char *step_back(const struct pattern_code *code, const char *start, const char *text,
                             size_t characters)
{
    if (!code->utf8)
        return (size_t)(text - start) >= characters ? text - characters : NULL;
    for (; characters; characters--) {
        if (text == start)
            return NULL;
        text -= utf8_before(start, text, true);
    }
    return text;
}

/* So that it ends at end: where it starts (not before start), or NULL. */
static const char *match_before(const struct pattern_code *code, const struct pattern_segment *segment,
                                const char *start, const char *end)
{
    const char *text = step_back(code, start, end, segment->characters);
    return text && match_at(code, segment, text, end) == end ? text : NULL;
}

/* Leftmost in start..end; *after is the end of the match. */
static const char *find_first(const struct pattern_code *code, const struct pattern_segment *segment,
                              const char *start, const char *end, const char **after)
{
    if (segment->literal) {
        size_t len = (size_t)(segment->end - segment->start);
        const char *found = len ? memmem(start, (size_t)(end - start), segment->start, len) : start;
        *after = found ? found + len : NULL;
        return found;
    }
    for (uint32_t character;; start += utf8_decode(start, end, code->utf8, &character)) {
        if ((*after = match_at(code, segment, start, end)))
            return start;
        if (start == end)
            return NULL;
    }
}

/* Rightmost in start..end. */
static const char *find_last(const struct pattern_code *code, const struct pattern_segment *segment,
                             const char *start, const char *end, const char **after)
{
    for (const char *text = step_back(code, start, end, segment->characters); text;
         text = step_back(code, start, text, 1))
        if ((*after = match_at(code, segment, text, end)))
            return text;
    return NULL;
}

/* Segments from..to-1, each leftmost. Returns the end of the last one or NULL. */
static const char *place(const struct pattern_code *code, size_t from, size_t to, const char *start,
                         const char *end)
{
    for (size_t i = from; i < to; i++)
        if (!find_first(code, &code->segments[i], start, end, &start))
            return NULL;
    return start;
}

/* ---- whole matches and trimming ---- */

bool pattern_code_match(const struct pattern_code *code, const char *text, const char *end)
{
    size_t last = code->count - 1;
    text = match_at(code, &code->segments[0], text, end);
    if (!text || last == 0)
        return text == end;
    end = match_before(code, &code->segments[last], text, end);
    return end && place(code, 1, last, text, end);
}

static const char *prefix(const struct pattern_code *code, const char *text, const char *end, bool longest)
{
    size_t last = code->count - 1;
    text = match_at(code, &code->segments[0], text, end);
    if (!text || last == 0)
        return text;
    text = place(code, 1, last, text, end);
    if (!text)
        return NULL;
    const char *after;
    bool found = (longest ? find_last : find_first)(code, &code->segments[last], text, end, &after) != NULL;
    return found ? after : NULL;
}

static const char *longest_suffix(const struct pattern_code *code, const char *text, const char *end)
{
    size_t last = code->count - 1;
    const char *start = find_first(code, &code->segments[0], text, end, &text);
    end = start ? match_before(code, &code->segments[last], text, end) : NULL;
    return end && place(code, 1, last, text, end) ? start : NULL;
}

static const char *shortest_suffix(const struct pattern_code *code, const char *text, const char *end)
{
    const char *after;
    end = match_before(code, &code->segments[code->count - 1], text, end);
    for (size_t i = code->count - 1; end && i-- > 0;)
        end = find_last(code, &code->segments[i], text, end, &after);
    return end;
}

bool pattern_match(const char *pattern, const char *text)
{
    if (*pattern != *text && *pattern != '*' && *pattern != '?' && *pattern != '[' && *pattern != '\\')
        return false;
    struct pattern_code code;
    pattern_compile(&code, pattern, strlen(pattern));
    bool matches = pattern_code_match(&code, text, text + strlen(text));
    pattern_code_free(&code);
    return matches;
}

long pattern_code_trim(const struct pattern_code *code, const char *text, size_t len, enum pattern_end side,
                       bool longest)
{
    const char *end = text + len, *at;
    if (side == PATTERN_PREFIX)
        at = prefix(code, text, end, longest);
    else if (code->count == 1)
        at = match_before(code, &code->segments[0], text, end);
    else
        at = (longest ? longest_suffix : shortest_suffix)(code, text, end);
    return !at ? -1 : side == PATTERN_PREFIX ? at - text : end - at;
}

long pattern_trim(const char *pattern, const char *text, size_t len, enum pattern_end side, bool longest)
{
    struct pattern_code code;
    pattern_compile(&code, pattern, strlen(pattern));
    long trimmed = pattern_code_trim(&code, text, len, side, longest);
    pattern_code_free(&code);
    return trimmed;
}

/* ---- quoting ---- */

bool pattern_has_special(const char *pattern)
{
    const char *end = pattern + strlen(pattern);
    for (const char *p = pattern; p < end; p++) {
        if (*p == '*' || *p == '?' || (*p == '[' && bracket_end(p, end)))
            return true;
        if (*p == '\\' && p + 1 < end)
            p++;
    }
    return false;
}

char *pattern_unescape(char *pattern)
{
    char *to = pattern;
    for (const char *from = pattern; *from; from++) {
        if (*from == '\\' && from[1])
            from++;
        *to++ = *from;
    }
    *to = '\0';
    return pattern;
}
