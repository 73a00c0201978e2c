/*
 * expansion.h - what the files of word expansion share: expand.c (the driver), param.c, split.c, glob.c.
 *
 * Expansion has two steps. First the parts of a word are appended to one buffer, as text with segments that
 * say where it came from (tilde, parameter expansion, command substitution, arithmetic). Then the buffer is
 * cut into fields (field splitting) and each field with unquoted pattern characters becomes pathnames. A
 * context that yields one string needs no segments; a pattern gets a backslash before each quoted special
 * character instead.
 *
 * The buffer is used as a stack: a nested expansion (the word of ${x-word}, a pattern) works above what is
 * there and gives its space back, so nothing is allocated per expansion. It moves when it grows: hold
 * offsets, not pointers.
 */
#ifndef SHELL_EXPANSION_H
#define SHELL_EXPANSION_H

#include "shell/expand.h"
#include "shell/shell.h"

enum segment_kind {
    SEGMENT_LITERAL, /* unquoted source text: not split */
    SEGMENT_SPLIT,   /* result of an unquoted expansion */
    SEGMENT_QUOTED,  /* neither split nor a pattern; keeps an empty field alive */
    SEGMENT_BREAK, /* between two positional parameters of $@ or $*: one byte, where a field ends in any case
                    */
};

struct segment {
    size_t end; /* it reaches from the end of the one before to here */
    enum segment_kind kind;
};

#define IFS_WHITE   0x1u /* IFS white space: space, tab, newline in IFS */
#define IFS_OTHER   0x2u
#define IFS_WIDE    0x4u /* look at the whole character: IFS has some of more than one byte */
#define IFS_SPECIAL 0x8u /* * ? [: not of IFS, but looked for in the same scan */

struct ifs {
    unsigned char class[256];
    const char *text; /* IFS itself, for IFS_WIDE; owned by the variable */
    size_t len;
    size_t first_len; /* bytes of its first character, which joins "$*"; 0: IFS is null */
    bool set;         /* else a space joins */
};

struct expansion {
    char *text;
    size_t len, cap;
    struct segment *segments;
    size_t segment_count, segment_cap;
    struct ifs ifs;
};

enum expand_mode { EXPAND_FIELDS, EXPAND_STRING, EXPAND_PATTERN };

/* ---- the buffer (expand.c) ---- */

void expansion_reserve(struct expansion *x, size_t more);
void expansion_put(struct expansion *x, const char *text, size_t len);
/* Text with its origin: as the mode needs it. */
void expansion_add(struct expansion *x, enum expand_mode mode, const char *text, size_t len,
                   enum segment_kind kind);
bool expansion_is_special(char c); /* means something in a pattern: * ? [ ] \\ ! ^ - */
/* From here on the buffer's end belongs to a segment of that kind. */
void expansion_close_segment(struct expansion *x, enum segment_kind kind);

/* Appends the expansion of the parts. quoted: all of it stands in double-quotes. literal: what unquoted
 * literals are. */
bool expand_parts(struct shell *sh, const struct part *parts, enum expand_mode mode, bool quoted,
                  enum segment_kind literal);
/* Marks the expansion failed: the message has been printed. Returns false. */
bool expansion_failed(struct shell *sh);

void fields_push(struct shell *sh, struct fields *fields, char *text);

/* ---- param.c ---- */

/* The value of a single parameter. text is NULL when it is unset. Valid until something is assigned. */
struct param_value {
    const char *text;
    size_t len;
    char buffer[40];
};
void param_get(struct shell *sh, const struct param *param, struct param_value *value);
/* The value with ${x#w} and the like done, of any parameter but $@ and $*. false: failed. */
bool param_get_trimmed(struct shell *sh, const struct param *param, struct param_value *value);
bool param_expand(struct shell *sh, const struct param *param, enum expand_mode mode, bool quoted);

/* ---- tilde.c ---- */

void tilde_expand(struct shell *sh, const char *user, size_t len, bool slash_follows, enum expand_mode mode);

/* ---- split.c ---- */

void ifs_prepare(struct ifs *ifs, const char *text, size_t len); /* text NULL: unset */
/* The IFS character at p: its length and class, or 0. */
size_t ifs_delimiter(const struct ifs *ifs, const char *p, const char *end, unsigned *class);
/* Cuts buffer[start..] with its segments from first_segment on into fields, with pathname expansion. */
/* buffer[start..end] as a pattern: what came from quoted segments is escaped. segment: the one that start is
 * in. */
char *split_pattern(struct shell *sh, const struct segment *segment, size_t start, size_t end);
void split_fields(struct shell *sh, size_t start, size_t first_segment, struct fields *out);

#endif
