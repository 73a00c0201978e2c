/* expand.c - the driver of word expansions (XCU 2.6): the buffer, the parts of a word, the kinds of result.
 */
#include "shell/expand.h"
#include "shell/arith.h"
#include "shell/arith_code.h"
#include "shell/error.h"
#include "shell/eval.h"
#include "shell/expansion.h"
#include "shell/parser.h"
#include "shell/pattern.h"
#include <string.h>

/* ---- the buffer ---- */

void expand_init(struct shell *sh)
{
    sh->expansion = xmalloc(sizeof *sh->expansion);
    *sh->expansion = (struct expansion){0};
    ifs_prepare(&sh->expansion->ifs, NULL, 0);
}

void expand_ifs_changed(struct shell *sh, struct symbol *symbol)
{
    const char *value = var_get(sh, symbol);
    ifs_prepare(&sh->expansion->ifs, value, value ? symbol->var.len : 0);
}

void expansion_reserve(struct expansion *x, size_t more)
{
    if (x->cap - x->len > more)
        return;
    x->cap = 2 * x->cap + more + 256;
    x->text = xrealloc(x->text, x->cap);
}

void expansion_put(struct expansion *x, const char *text, size_t len)
{
    expansion_reserve(x, len);
    memcpy(x->text + x->len, text, len);
    x->len += len;
}

bool expansion_is_special(char c)
{
    return c == '*' || c == '?' || c == '[' || c == ']' || c == '\\' || c == '!' || c == '^' || c == '-';
}

static void put_escaped(struct expansion *x, const char *text, size_t len)
{
    expansion_reserve(x, 2 * len);
    for (size_t i = 0; i < len; i++) {
        if (expansion_is_special(text[i]))
            x->text[x->len++] = '\\';
        x->text[x->len++] = text[i];
    }
}

void expansion_close_segment(struct expansion *x, enum segment_kind kind)
{
    if (x->segment_count == x->segment_cap) {
        x->segment_cap = 2 * x->segment_cap + 32;
        x->segments = xrealloc(x->segments, x->segment_cap * sizeof *x->segments);
    }
    x->segments[x->segment_count++] = (struct segment){x->len, kind};
}

void expansion_add(struct expansion *x, enum expand_mode mode, const char *text, size_t len,
                   enum segment_kind kind)
{
    if (mode == EXPAND_PATTERN && kind == SEGMENT_QUOTED)
        put_escaped(x, text, len);
    else if (len)
        expansion_put(x, text, len);
    if (mode == EXPAND_FIELDS && (len || kind == SEGMENT_QUOTED))
        expansion_close_segment(x, kind);
}

bool expansion_failed(struct shell *sh)
{
    if (sh->unwind == UNWIND_NONE) {
        sh->status = 2;
        sh->unwind = UNWIND_ERROR;
    }
    return false;
}

void fields_push(struct shell *sh, struct fields *fields, char *text)
{
    if (fields->count + 1 >= fields->cap) {
        size_t cap = fields->cap ? 2 * fields->cap : 16;
        char **items = arena_alloc(&sh->scratch, cap * sizeof *items);
        if (fields->count)
            memcpy(items, fields->items, fields->count * sizeof *items);
        fields->items = items;
        fields->cap = cap;
    }
    fields->items[fields->count++] = text;
    fields->items[fields->count] = NULL;
}

/* Where the buffer stood: restored by whoever used it, failed or not. */
struct place {
    size_t len, segment_count;
};

static struct place enter(struct shell *sh)
{
    return (struct place){sh->expansion->len, sh->expansion->segment_count};
}

static void leave(struct shell *sh, struct place place)
{
    sh->expansion->len = place.len;
    sh->expansion->segment_count = place.segment_count;
}

/* ---- parts ---- */

static bool add_command(struct shell *sh, const struct part *part, enum expand_mode mode,
                        enum segment_kind kind)
{
    struct arena_mark mark = arena_mark(&sh->scratch);
    size_t len;
    const char *text = eval_command_substitution(sh, part->u.command, &len);
    if (sh->unwind == UNWIND_NONE)
        expansion_add(sh->expansion, mode, text, len, kind);
    arena_release(&sh->scratch, mark);
    return sh->unwind == UNWIND_NONE;
}

/* The values of the parameters in a compiled expression; false when one is not plain enough to stand for
 * itself. */
static bool plain_params(struct shell *sh, const struct arith *code, intmax_t *values)
{
    for (unsigned i = 0; i < code->param_count; i++) {
        struct param_value value;
        param_get(sh, code->params[i]->u.param, &value);
        if (!value.text || !arith_plain_number(value.text, value.len, &values[i]))
            return false;
    }
    return true;
}

bool expand_arith(struct shell *sh, const struct part *part, intmax_t *result)
{
    const struct arith *code = part->u.arith.code;
    intmax_t values[ARITH_MAX_PARAMS];
    if (code && plain_params(sh, code, values))
        return arith_run_with(sh, code, values, result) || expansion_failed(sh);
    struct expansion *x = sh->expansion;
    struct place place = enter(sh);
    const struct word *word = part->u.arith.word;
    bool good = expand_parts(sh, word ? word->parts : NULL, EXPAND_STRING, true, SEGMENT_QUOTED);
    if (good)
        good = arith_eval(sh, x->text + place.len, x->len - place.len, result) || expansion_failed(sh);
    leave(sh, place);
    return good;
}

static bool add_arith(struct shell *sh, const struct part *part, enum expand_mode mode,
                      enum segment_kind kind)
{
    intmax_t result;
    char text[ARITH_TEXT_SIZE];
    if (!expand_arith(sh, part, &result))
        return false;
    expansion_add(sh->expansion, mode, text, arith_format(text, result), kind);
    return true;
}

static bool slash_follows(const struct part *part)
{
    const struct part *next = part->next;
    return next && next->kind == PART_LITERAL && next->u.literal.len && next->u.literal.text[0] == '/';
}

bool expand_parts(struct shell *sh, const struct part *parts, enum expand_mode mode, bool quoted,
                  enum segment_kind literal)
{
    for (const struct part *part = parts; part; part = part->next) {
        bool is_quoted = quoted || part->quoted, good = true;
        switch (part->kind) {
        case PART_LITERAL:
            expansion_add(sh->expansion, mode, part->u.literal.text, part->u.literal.len,
                          is_quoted ? SEGMENT_QUOTED : literal);
            break;
        case PART_TILDE:
            tilde_expand(sh, part->u.literal.text, part->u.literal.len, slash_follows(part), mode);
            break;
        case PART_PARAM:
            good = param_expand(sh, part->u.param, mode, is_quoted);
            break;
        case PART_COMMAND:
            good = add_command(sh, part, mode, is_quoted ? SEGMENT_QUOTED : SEGMENT_SPLIT);
            break;
        case PART_ARITH:
            good = add_arith(sh, part, mode, is_quoted ? SEGMENT_QUOTED : SEGMENT_SPLIT);
            break;
        }
        if (!good)
            return false;
    }
    return true;
}

/* ---- fields ---- */

static bool is_list(const struct param *param)
{
    return param->special == '@' || param->special == '*';
}

/* "$x", and $x with nothing in it to split or to match: no segments needed. false: take the long way. */
static bool push_simple(struct shell *sh, const struct part *part, struct fields *out)
{
    const unsigned char *class = sh->expansion->ifs.class;
    struct param_value value;
    param_get(sh, part->u.param, &value);
    if (!value.text)
        return false;
    if (!part->quoted) {
        for (size_t i = 0; i < value.len; i++)
            if (class[(unsigned char)value.text[i]])
                return false;
        if (!value.len)
            return true;
    }
    fields_push(sh, out, arena_strndup(&sh->scratch, value.text, value.len));
    return true;
}

static bool expand_word(struct shell *sh, const struct word *word, struct fields *out)
{
    const struct part *part = word->parts;
    if (part && !part->next && part->kind == PART_PARAM && part->u.param->op == PARAM_PLAIN &&
        !is_list(part->u.param) && push_simple(sh, part, out))
        return true;
    struct place place = enter(sh);
    bool good = expand_parts(sh, part, EXPAND_FIELDS, false, SEGMENT_LITERAL);
    if (good) {
        split_fields(sh, place.len, place.segment_count, out);
        good = sh->unwind == UNWIND_NONE; /* a directory could not be opened for want of descriptors */
    }
    leave(sh, place);
    return good;
}

bool expand_fields(struct shell *sh, const struct word *words, struct fields *out)
{
    for (const struct word *word = words; word; word = word->next) {
        if (word->flags & WORD_STATIC) {
            fields_push(sh, out, (char *)word->text);
        } else if (word->flags & WORD_ASSIGN) {
            char *text = expand_string(sh, word, NULL);
            if (!text)
                return false;
            fields_push(sh, out, text);
        } else if (!expand_word(sh, word, out)) {
            return false;
        }
    }
    if (!out->items) {
        fields_push(sh, out, NULL);
        out->count = 0;
    }
    return true;
}

/* ---- strings ---- */

static char *expand_to_one(struct shell *sh, const struct word *word, enum expand_mode mode, size_t *len)
{
    struct place place = enter(sh);
    char *result = NULL;
    if (expand_parts(sh, word->parts, mode, false, SEGMENT_LITERAL)) {
        size_t result_len = sh->expansion->len - place.len;
        result = arena_strndup(&sh->scratch, result_len ? sh->expansion->text + place.len : "", result_len);
        if (len)
            *len = result_len;
    }
    leave(sh, place);
    return result;
}

char *expand_string(struct shell *sh, const struct word *word, size_t *len)
{
    if (!(word->flags & WORD_STATIC))
        return expand_to_one(sh, word, EXPAND_STRING, len);
    if (len)
        *len = word->len;
    return (char *)word->text;
}

char *expand_here(struct shell *sh, const struct word *word, size_t *len)
{
    return expand_string(sh, word, len);
}

char *expand_pattern(struct shell *sh, const struct word *word)
{
    const struct part *part = word->parts;
    if (part && !part->next && part->kind == PART_LITERAL && !part->quoted)
        return (char *)part->u.literal.text;
    return expand_to_one(sh, word, EXPAND_PATTERN, NULL);
}

/* The pathname that the word in the buffer stands for, if there is just one; else NULL. */
static char *only_pathname(struct shell *sh, struct place place)
{
    struct expansion *x = sh->expansion;
    struct fields matches = {0};
    if (sh->options.noglob)
        return NULL;
    const char *pattern = split_pattern(sh, x->segments + place.segment_count, place.len, x->len);
    return pattern_has_special(pattern) && pattern_glob(sh, pattern, &matches) == 1 ? matches.items[0] : NULL;
}

char *expand_redirection(struct shell *sh, const struct word *word)
{
    if (!sh->interactive || (word->flags & WORD_STATIC))
        return expand_string(sh, word, NULL);
    struct place place = enter(sh);
    char *result = NULL;
    if (expand_parts(sh, word->parts, EXPAND_FIELDS, false, SEGMENT_LITERAL)) {
        struct expansion *x = sh->expansion;
        for (size_t i = place.segment_count; i < x->segment_count; i++)
            if (x->segments[i].kind == SEGMENT_BREAK)
                x->text[x->segments[i].end - 1] = ' ';
        result = only_pathname(sh, place);
        if (!result)
            result = arena_strndup(&sh->scratch, x->len > place.len ? x->text + place.len : "",
                                   x->len - place.len);
    }
    leave(sh, place);
    return result;
}

char *expand_prompt(struct shell *sh, const char *text)
{
    int status = sh->status, of_command = sh->status_of_command_substitution;
    enum unwind unwind = sh->unwind;
    sh->unwind = UNWIND_NONE;
    const struct word *word = parser_quoted_word(sh, text, &sh->scratch);
    char *result = word ? expand_string(sh, word, NULL) : NULL;
    sh->status = status;
    sh->status_of_command_substitution = of_command;
    sh->unwind = unwind;
    return result ? result : arena_strndup(&sh->scratch, text, strlen(text));
}

/* ---- assignments ---- */

/* These parts cannot change a variable. */
static bool is_harmless(const struct part *part)
{
    for (; part; part = part->next) {
        if (part->kind == PART_ARITH || (part->kind == PART_PARAM && part->u.param->op == PARAM_ASSIGN))
            return false;
        if (part->kind == PART_PARAM && part->u.param->word && !is_harmless(part->u.param->word->parts))
            return false;
    }
    return true;
}

/* x=$x...: what follows can be appended to x. */
static bool is_append(const struct assignment *assignment)
{
    const struct part *first = assignment->value->parts;
    return first->next && first->kind == PART_PARAM && first->u.param->symbol == assignment->symbol &&
           first->u.param->op == PARAM_PLAIN && is_harmless(first->next) &&
           (assignment->symbol->var.flags & (VAR_SET | VAR_READONLY | VAR_DYNAMIC)) == VAR_SET;
}

static bool is_trim(const struct part *part)
{
    return !part->next && part->kind == PART_PARAM && part->u.param->op >= PARAM_PREFIX_SHORT &&
           part->u.param->op <= PARAM_SUFFIX_LONG && !is_list(part->u.param);
}

bool expand_assignment(struct shell *sh, const struct assignment *assignment, unsigned add_flags)
{
    const struct word *word = assignment->value;
    struct symbol *symbol = assignment->symbol;
    if (!word || !word->parts)
        return var_set(sh, symbol, "", 0, add_flags);
    if (word->flags & WORD_STATIC)
        return var_set(sh, symbol, word->text, word->len, add_flags);
    if (is_trim(word->parts)) {
        struct param_value value;
        return param_get_trimmed(sh, word->parts->u.param, &value) &&
               var_set(sh, symbol, value.text, value.len, add_flags);
    }
    bool append = is_append(assignment);
    struct place place = enter(sh);
    struct expansion *x = sh->expansion;
    bool good =
        expand_parts(sh, append ? word->parts->next : word->parts, EXPAND_STRING, false, SEGMENT_LITERAL);
    if (good) {
        size_t len = x->len - place.len;
        const char *text = len ? x->text + place.len : "";
        if (append)
            good =
                var_append(sh, symbol, text, len) && (!add_flags || var_set(sh, symbol, NULL, 0, add_flags));
        else
            good = var_set(sh, symbol, text, len, add_flags);
    }
    leave(sh, place);
    return good;
}
