/* split.c - field splitting (XCU 2.6.5) of the expansion buffer, and the hand-over of fields to pathname
 * expansion. */
#include "shell/arena.h"
#include "shell/expansion.h"
#include "shell/locale.h"
#include "shell/pattern.h"
#include "shell/utf8.h"
#include <string.h>

/* ---- IFS ---- */

void ifs_prepare(struct ifs *ifs, const char *text, size_t len)
{
    bool utf8 = locale_is_utf8();
    uint32_t character;
    memset(ifs, 0, sizeof *ifs);
    ifs->set = text != NULL;
    if (!text) {
        text = " \t\n";
        len = 3;
    }
    ifs->text = text;
    ifs->len = len;
    if (len)
        ifs->first_len = utf8_decode(text, text + len, utf8, &character);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x80 && utf8)
            memset(ifs->class + 0x80, IFS_WIDE, 0x80);
        else
            ifs->class[c] = c == ' ' || c == '\t' || c == '\n' ? IFS_WHITE : IFS_OTHER;
    }
    for (const char *special = "*?["; *special; special++)
        ifs->class[(unsigned char)*special] |= IFS_SPECIAL;
}

size_t ifs_delimiter(const struct ifs *ifs, const char *p, const char *end, unsigned *class)
{
    *class = ifs->class[(unsigned char)*p] & (IFS_WHITE | IFS_OTHER | IFS_WIDE);
    if (*class != IFS_WIDE)
        return *class != 0;
    uint32_t character;
    size_t len = utf8_decode(p, end, true, &character);
    const char *ifs_end = ifs->text + ifs->len;
    for (const char *candidate = ifs->text; candidate < ifs_end;) {
        uint32_t other;
        candidate += utf8_decode(candidate, ifs_end, true, &other);
        if (other == character) {
            *class = IFS_OTHER;
            return len;
        }
    }
    *class = 0;
    return 0;
}

/* ---- splitting ---- */

struct splitter {
    struct shell *sh;
    struct fields *out;
    char *text; /* the word in sh->scratch: fields are cut out in place */
    const struct segment *segments;
    size_t base;          /* offset in the buffer of text[0]; segments count from there */
    size_t field;         /* where the field being collected begins */
    size_t field_segment; /* the segment that begins in */
    bool in_field;
    bool after_white; /* the last delimiter was white space: one other may still belong to it */
    bool pattern;     /* the field has an unquoted * ? or [ */
};

char *split_pattern(struct shell *sh, const struct segment *segment, size_t start, size_t end)
{
    struct arena_string pattern;
    arena_string_begin(&pattern, &sh->scratch);
    for (size_t i = start; i < end; i++) {
        char c = sh->expansion->text[i];
        while (segment->end <= i)
            segment++;
        if (segment->kind == SEGMENT_QUOTED && expansion_is_special(c))
            arena_string_putc(&pattern, '\\');
        arena_string_putc(&pattern, c);
    }
    return arena_string_finish(&pattern, NULL);
}

/* The collected field ends before end, where there is a byte for its NUL. */
static void deliver(struct splitter *s, size_t end)
{
    bool is_pattern = s->pattern;
    s->in_field = s->pattern = false;
    if (is_pattern && !s->sh->options.noglob) {
        const char *pattern =
            split_pattern(s->sh, s->segments + s->field_segment, s->base + s->field, s->base + end);
        if (pattern_has_special(pattern) && pattern_glob(s->sh, pattern, s->out))
            return;
    }
    s->text[end] = '\0';
    fields_push(s->sh, s->out, s->text + s->field);
}

static void begin(struct splitter *s, size_t at, size_t segment)
{
    s->after_white = false;
    if (s->in_field)
        return;
    s->in_field = true;
    s->field = at;
    s->field_segment = segment;
}

/* A delimiter of 2.6.5 at `at`. */
static void delimit(struct splitter *s, size_t at, size_t segment, unsigned class)
{
    if (s->in_field) {
        deliver(s, at);
        s->after_white = class == IFS_WHITE;
    } else if (class == IFS_OTHER) {
        if (!s->after_white) {
            begin(s, at, segment);
            deliver(s, at);
        }
        s->after_white = false;
    }
}

static void split_segment(struct splitter *s, size_t from, size_t to, size_t segment)
{
    const struct ifs *ifs = &s->sh->expansion->ifs;
    const unsigned char *p = (const unsigned char *)s->text + from,
                        *end = (const unsigned char *)s->text + to;
    while (p < end) {
        const unsigned char *plain = p;
        while (p < end && !ifs->class[*p])
            p++;
        if (p > plain)
            begin(s, (size_t)((const char *)plain - s->text), segment);
        if (p == end)
            break;
        size_t at = (size_t)((const char *)p - s->text);
        unsigned class;
        size_t len = ifs_delimiter(ifs, (const char *)p, (const char *)end, &class);
        if (len) {
            delimit(s, at, segment, class);
            p += len;
        } else {
            uint32_t character;
            begin(s, at, segment);
            s->pattern |= (ifs->class[*p] & IFS_SPECIAL) != 0;
            p += utf8_decode((const char *)p, (const char *)end, ifs->class[*p] & IFS_WIDE, &character);
        }
    }
}

static bool has_special(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] == '*' || text[i] == '?' || text[i] == '[')
            return true;
    return false;
}

void split_fields(struct shell *sh, size_t start, size_t first_segment, struct fields *out)
{
    struct expansion *x = sh->expansion;
    size_t len = x->len - start, at = 0;
    struct splitter s = {.sh = sh, .out = out, .segments = x->segments, .base = start};
    s.text = arena_strndup(&sh->scratch, x->text + start, len);
    for (size_t i = first_segment; i < x->segment_count; i++) {
        size_t end = x->segments[i].end - start;
        switch (x->segments[i].kind) {
        case SEGMENT_LITERAL:
            if (end > at)
                begin(&s, at, i);
            s.pattern |= has_special(s.text + at, end - at);
            break;
        case SEGMENT_QUOTED:
            begin(&s, at, i);
            break;
        case SEGMENT_SPLIT:
            split_segment(&s, at, end, i);
            break;
        case SEGMENT_BREAK:
            if (s.in_field)
                deliver(&s, at);
            s.after_white = false;
            break;
        }
        at = end;
    }
    if (s.in_field)
        deliver(&s, len);
}
