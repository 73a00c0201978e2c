/* print_word.c - words as source again: quoting is put back by what each part needs. */
#include "shell/print.h"
#include <stdio.h>
#include <string.h>

/* Where a part stands decides which characters of a literal need a backslash. */
enum surrounding {
    AROUND_NOTHING, /* quoted parts bring their own quotes */
    AROUND_DQUOTE,  /* "..." */
    AROUND_DBRACE,  /* "${x-...}" */
    AROUND_HERE,    /* here-documents and $((...)) */
};

static const char *const escaped[] = {
    [AROUND_DQUOTE] = "$`\"\\",
    [AROUND_DBRACE] = "$`\"\\}",
    [AROUND_HERE] = "$`\\",
};

static void print_parts(struct printer *pr, const struct part *part, enum surrounding around);

static void print_escaped(struct printer *pr, const struct part *part, enum surrounding around)
{
    for (size_t i = 0; i < part->u.literal.len; i++) {
        char c = part->u.literal.text[i];

        if (c != '\0' && strchr(escaped[around], c))
            arena_string_putc(&pr->out, '\\');
        arena_string_putc(&pr->out, c);
    }
}

static void print_single_quoted(struct printer *pr, const struct part *part)
{
    print_text(pr, "'");
    for (size_t i = 0; i < part->u.literal.len; i++) {
        if (part->u.literal.text[i] == '\'')
            print_text(pr, "'\\'");
        arena_string_putc(&pr->out, part->u.literal.text[i]);
    }
    print_text(pr, "'");
}

/* ---- parameters ---- */

static const char *const operators[] = {
    [PARAM_DEFAULT] = "-",      [PARAM_ASSIGN] = "=",       [PARAM_ERROR] = "?",
    [PARAM_ALTERNATIVE] = "+",  [PARAM_PREFIX_SHORT] = "#", [PARAM_PREFIX_LONG] = "##",
    [PARAM_SUFFIX_SHORT] = "%", [PARAM_SUFFIX_LONG] = "%%",
};

/* Would what follows `$name` be read as more of the name? */
static bool needs_braces(const struct param *param, const struct part *next)
{
    char c;

    if (param->positional > 9)
        return true;
    if (!param->symbol || !next || next->kind != PART_LITERAL || next->u.literal.len == 0)
        return false;
    c = next->u.literal.text[0];
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void print_param(struct printer *pr, const struct part *part, enum surrounding around)
{
    const struct param *param = part->u.param;
    bool pattern = param->op >= PARAM_PREFIX_SHORT && param->op <= PARAM_SUFFIX_LONG;

    if (param->op == PARAM_BAD) {
        print_text(pr, param->text);
        return;
    }
    if (param->op == PARAM_PLAIN && !needs_braces(param, part->next)) {
        print_text(pr, "$");
        print_text(pr, param->text);
        return;
    }
    print_text(pr, param->op == PARAM_LENGTH ? "${#" : "${");
    print_text(pr, param->text);
    if (param->op != PARAM_PLAIN && param->op != PARAM_LENGTH) {
        print_text(pr, param->colon ? ":" : "");
        print_text(pr, operators[param->op]);
        if (pattern || around == AROUND_NOTHING)
            print_parts(pr, param->word->parts, AROUND_NOTHING);
        else
            print_parts(pr, param->word->parts, AROUND_DBRACE);
    }
    print_text(pr, "}");
}

/* ---- commands ---- */

/* Here-documents within have their bodies within. */
static void print_command(struct printer *pr, const struct node *body)
{
    unsigned first = pr->heredoc_first, pending = pr->heredoc_count;

    pr->heredoc_first = pending;
    print_text(pr, body && print_begins_with_paren(body) ? "$( " : "$(");
    if (body)
        print_node(pr, body);
    if (pr->heredoc_count > pr->heredoc_first && !pr->one_line)
        print_newline(pr);
    print_forget_bodies(pr);
    print_text(pr, ")");
    pr->heredoc_first = first;
}

static void print_expansion(struct printer *pr, const struct part *part, enum surrounding around)
{
    switch (part->kind) {
    case PART_TILDE:
        print_text(pr, "~");
        print_text(pr, part->u.literal.text);
        break;
    case PART_PARAM:
        print_param(pr, part, around);
        break;
    case PART_COMMAND:
        print_command(pr, part->u.command->body);
        break;
    case PART_ARITH:
        print_text(pr, "$((");
        print_parts(pr, part->u.arith.word->parts, AROUND_HERE);
        print_text(pr, "))");
        break;
    case PART_LITERAL:
        break;
    }
}

/* ---- words ---- */

/*
 * May what the part holds stand in ''? Not after a lone $, which would become $''. Nor if it has a backslash
 * before a newline: in a here-document they would be a line continuation whatever is around them.
 */
static bool fits_single_quotes(const struct printer *pr, const struct part *part)
{
    bool after_dollar = pr->out.next > pr->out.start && pr->out.next[-1] == '$';

    return part->kind == PART_LITERAL && (!part->next || !part->next->quoted) && !after_dollar &&
           !memmem(part->u.literal.text, part->u.literal.len, "\\\n", 2);
}

/* A run of quoted parts: '' when it is one literal, else "". Returns the part behind it. */
static const struct part *print_quoted_run(struct printer *pr, const struct part *part)
{
    if (fits_single_quotes(pr, part)) {
        print_single_quoted(pr, part);
        return part->next;
    }
    print_text(pr, "\"");
    for (; part && part->quoted; part = part->next) {
        if (part->kind == PART_LITERAL)
            print_escaped(pr, part, AROUND_DQUOTE);
        else
            print_expansion(pr, part, AROUND_DQUOTE);
    }
    print_text(pr, "\"");
    return part;
}

/* A lone $ at the end, as in $`a`, would make something else of an expansion behind it. */
static void print_unquoted(struct printer *pr, const struct part *part)
{
    size_t len = part->u.literal.len;

    if (part->next && !part->next->quoted && len > 0 && part->u.literal.text[len - 1] == '$') {
        arena_string_put(&pr->out, part->u.literal.text, len - 1);
        print_text(pr, "'$'");
    } else {
        arena_string_put(&pr->out, part->u.literal.text, len);
    }
}

static void print_parts(struct printer *pr, const struct part *part, enum surrounding around)
{
    while (part) {
        if (around == AROUND_NOTHING && part->quoted) {
            part = print_quoted_run(pr, part);
            continue;
        }
        if (part->kind != PART_LITERAL)
            print_expansion(pr, part, around);
        else if (around == AROUND_NOTHING)
            print_unquoted(pr, part);
        else
            print_escaped(pr, part, around);
        part = part->next;
    }
}

void print_word(struct printer *pr, const struct word *word)
{
    print_parts(pr, word->parts, AROUND_NOTHING);
}

void print_here_word(struct printer *pr, const struct word *word)
{
    print_parts(pr, word->parts, AROUND_HERE);
}
