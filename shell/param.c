/* param.c - parameter expansion (XCU 2.6.2). */
#include "shell/arith.h"
#include "shell/error.h"
#include "shell/expansion.h"
#include "shell/option.h"
#include "shell/pattern_code.h"
#include "shell/symbol.h"
#include "shell/utf8.h"
#include <string.h>

static bool is_list(const struct param *param)
{
    return param->special == '@' || param->special == '*';
}

/* ---- values ---- */

static void number_value(struct param_value *value, intmax_t number)
{
    value->text = value->buffer;
    value->len = arith_format(value->buffer, number);
}

static void text_value(struct param_value *value, const char *text)
{
    value->text = text;
    value->len = text ? strlen(text) : 0;
}

static void special_value(struct shell *sh, char special, struct param_value *value)
{
    switch (special) {
    case '#':
        number_value(value, sh->positional.count);
        break;
    case '?':
        number_value(value, sh->status);
        break;
    case '$':
        number_value(value, sh->pid);
        break;
    case '!':
        if (sh->last_async)
            number_value(value, sh->last_async);
        break;
    case '-':
        text_value(value, option_letters(sh, value->buffer));
        break;
    case '0':
        text_value(value, sh->name);
        break;
    }
}

void param_get(struct shell *sh, const struct param *param, struct param_value *value)
{
    value->text = NULL;
    value->len = 0;
    if (param->symbol) {
        const struct var *var = &param->symbol->var;
        if ((var->flags & (VAR_SET | VAR_DYNAMIC)) == VAR_SET) {
            value->text = var->value;
            value->len = var->len;
        } else {
            text_value(value, var_get(sh, param->symbol));
        }
    } else if (param->special) {
        special_value(sh, param->special, value);
    } else if (param->positional == 0) {
        text_value(value, sh->name);
    } else if (param->positional <= sh->positional.count) {
        text_value(value, sh->positional.items[param->positional - 1]);
    }
}

/* ---- errors ---- */

static const char *param_name(const struct param *param, char buffer[ARITH_TEXT_SIZE])
{
    if (param->symbol)
        return param->symbol->name;
    if (param->special) {
        buffer[0] = param->special;
        buffer[1] = '\0';
    } else {
        arith_format(buffer, param->positional);
    }
    return buffer;
}

static bool complain(struct shell *sh, const struct param *param, const char *why)
{
    char name[ARITH_TEXT_SIZE];
    error_print(sh, "%s: %s", param_name(param, name), why);
    return expansion_failed(sh);
}

static bool unset_is_error(struct shell *sh, const struct param *param)
{
    return sh->options.nounset && !is_list(param);
}

/* ---- ${x#w} and the like ---- */

/* The pattern of a trimming expansion, compiled. false: its expansion failed. */
static bool compile_operand(struct shell *sh, const struct param *param, struct pattern_code *code)
{
    const struct part *part = param->word ? param->word->parts : NULL;
    if (!part) {
        pattern_compile(code, "", 0);
    } else if (!part->next && part->kind == PART_LITERAL && !part->quoted) {
        pattern_compile(code, part->u.literal.text, part->u.literal.len);
    } else {
        const char *pattern = expand_pattern(sh, param->word);
        if (!pattern)
            return false;
        pattern_compile(code, pattern, strlen(pattern));
    }
    return true;
}

static void trim(const struct pattern_code *code, enum param_op op, const char **text, size_t *len)
{
    bool suffix = op == PARAM_SUFFIX_SHORT || op == PARAM_SUFFIX_LONG;
    bool longest = op == PARAM_PREFIX_LONG || op == PARAM_SUFFIX_LONG;
    long trimmed = pattern_code_trim(code, *text, *len, suffix ? PATTERN_SUFFIX : PATTERN_PREFIX, longest);
    if (trimmed <= 0)
        return;
    *len -= (size_t)trimmed;
    if (!suffix)
        *text += trimmed;
}

bool param_get_trimmed(struct shell *sh, const struct param *param, struct param_value *value)
{
    struct pattern_code code;
    struct arena_mark mark = arena_mark(&sh->scratch);
    if (!compile_operand(sh, param, &code))
        return false;
    param_get(sh, param, value);
    bool good = value->text || !unset_is_error(sh, param) || complain(sh, param, "parameter not set");
    if (value->text)
        trim(&code, param->op, &value->text, &value->len);
    else
        value->text = "";
    pattern_code_free(&code);
    arena_release(&sh->scratch, mark);
    return good;
}

/* ---- $@ and $* ---- */

static void separate(struct shell *sh, char special, enum expand_mode mode, bool quoted)
{
    struct expansion *x = sh->expansion;
    const struct ifs *ifs = &x->ifs;
    enum segment_kind kind = quoted ? SEGMENT_QUOTED : SEGMENT_SPLIT;
    if (mode == EXPAND_FIELDS && (special == '@' || !quoted)) {
        expansion_put(x, "", 1);
        expansion_close_segment(x, SEGMENT_BREAK);
    } else if (special == '*') {
        expansion_add(x, mode, ifs->text, ifs->first_len, kind);
    } else {
        expansion_add(x, mode, " ", 1, kind);
    }
}

/* code: the pattern of a trimming expansion, or NULL. */
static void add_list(struct shell *sh, const struct param *param, const struct pattern_code *code,
                     enum expand_mode mode, bool quoted)
{
    enum segment_kind kind = quoted ? SEGMENT_QUOTED : SEGMENT_SPLIT;
    if (quoted && param->special == '*' && !sh->positional.count)
        expansion_add(sh->expansion, mode, "", 0, kind);
    for (unsigned i = 0; i < sh->positional.count; i++) {
        const char *text = sh->positional.items[i];
        size_t len = strlen(text);
        if (i)
            separate(sh, param->special, mode, quoted);
        if (code)
            trim(code, param->op, &text, &len);
        expansion_add(sh->expansion, mode, text, len, kind);
    }
}

/* ---- the operators ---- */

static bool add_plain(struct shell *sh, const struct param *param, enum expand_mode mode, bool quoted)
{
    struct param_value value;
    if (is_list(param)) {
        add_list(sh, param, NULL, mode, quoted);
        return true;
    }
    param_get(sh, param, &value);
    if (!value.text && unset_is_error(sh, param))
        return complain(sh, param, "parameter not set");
    expansion_add(sh->expansion, mode, value.text, value.len, quoted ? SEGMENT_QUOTED : SEGMENT_SPLIT);
    return true;
}

static bool add_trimmed(struct shell *sh, const struct param *param, enum expand_mode mode, bool quoted)
{
    if (!is_list(param)) {
        struct param_value value;
        if (!param_get_trimmed(sh, param, &value))
            return false;
        expansion_add(sh->expansion, mode, value.text, value.len, quoted ? SEGMENT_QUOTED : SEGMENT_SPLIT);
        return true;
    }
    struct pattern_code code;
    struct arena_mark mark = arena_mark(&sh->scratch);
    if (!compile_operand(sh, param, &code))
        return false;
    add_list(sh, param, &code, mode, quoted);
    pattern_code_free(&code);
    arena_release(&sh->scratch, mark);
    return true;
}

static bool add_length(struct shell *sh, const struct param *param, enum expand_mode mode, bool quoted)
{
    struct param_value value;
    char text[ARITH_TEXT_SIZE];
    size_t length;
    if (is_list(param)) {
        length = sh->positional.count;
    } else {
        param_get(sh, param, &value);
        if (!value.text && unset_is_error(sh, param))
            return complain(sh, param, "parameter not set");
        length = value.len ? utf8_count(value.text, value.len) : 0;
    }
    expansion_add(sh->expansion, mode, text, arith_format(text, (intmax_t)length),
                  quoted ? SEGMENT_QUOTED : SEGMENT_SPLIT);
    return true;
}

/* The word of ${x-w} and ${x+w} in the parameter's place: its unquoted literals are results of expansion. */
static bool add_word(struct shell *sh, const struct param *param, enum expand_mode mode, bool quoted)
{
    const struct part *parts = param->word ? param->word->parts : NULL;
    if (!parts && quoted)
        expansion_add(sh->expansion, mode, "", 0, SEGMENT_QUOTED);
    return expand_parts(sh, parts, mode, quoted, SEGMENT_SPLIT);
}

/* The word as one string, in sh->scratch. */
static const char *word_string(struct shell *sh, const struct param *param, size_t *len)
{
    *len = 0;
    return param->word && param->word->parts ? expand_string(sh, param->word, len) : "";
}

static bool assign_word(struct shell *sh, const struct param *param)
{
    size_t len;
    if (!param->symbol)
        return complain(sh, param, "cannot be assigned to this way");
    struct arena_mark mark = arena_mark(&sh->scratch);
    const char *text = word_string(sh, param, &len);
    bool good = text && (var_set(sh, param->symbol, text, len, 0) || expansion_failed(sh));
    arena_release(&sh->scratch, mark);
    return good;
}

static bool report_word(struct shell *sh, const struct param *param)
{
    size_t len;
    const char *text = word_string(sh, param, &len);
    if (!text)
        return false;
    if (!param->word)
        text = param->colon ? "parameter null or not set" : "parameter not set";
    return complain(sh, param, text);
}

/* Counts as set for the operator: not unset and, with a colon, not null. */
static bool is_there(struct shell *sh, const struct param *param)
{
    struct param_value value;
    if (is_list(param)) {
        const struct positional *positional = &sh->positional;
        if (!param->colon || positional->count != 1)
            return positional->count > 0;
        return positional->items[0][0] != '\0';
    }
    param_get(sh, param, &value);
    return value.text && (value.len || !param->colon);
}

bool param_expand(struct shell *sh, const struct param *param, enum expand_mode mode, bool quoted)
{
    switch (param->op) {
    case PARAM_PLAIN:
        return add_plain(sh, param, mode, quoted);
    case PARAM_LENGTH:
        return add_length(sh, param, mode, quoted);
    case PARAM_PREFIX_SHORT:
    case PARAM_PREFIX_LONG:
    case PARAM_SUFFIX_SHORT:
    case PARAM_SUFFIX_LONG:
        return add_trimmed(sh, param, mode, quoted);
    case PARAM_DEFAULT:
        return is_there(sh, param) ? add_plain(sh, param, mode, quoted) : add_word(sh, param, mode, quoted);
    case PARAM_ALTERNATIVE:
        if (is_there(sh, param))
            return add_word(sh, param, mode, quoted);
        expansion_add(sh->expansion, mode, "", 0, quoted ? SEGMENT_QUOTED : SEGMENT_SPLIT);
        return true;
    case PARAM_ASSIGN:
        return (is_there(sh, param) || assign_word(sh, param)) && add_plain(sh, param, mode, quoted);
    case PARAM_ERROR:
        return is_there(sh, param) ? add_plain(sh, param, mode, quoted) : report_word(sh, param);
    case PARAM_BAD:
        break;
    }
    error_print(sh, "%s: bad substitution", param->text);
    return expansion_failed(sh);
}
