/*
 * lexer_splice.c - alias substitution (XCU 2.3.1) and attempts, both as changes of the text.
 *
 * A splice is an alias's value that stands where its name stood. `active` is the innermost that holds the
 * current position; the same alias is not substituted again in there. Values are left at the start of the
 * next token, not when their last character is read: a token that ends with a value still results from it.
 *
 * While $(( is tried as arithmetic, or $( without aliases, all splices are kept. Undone in reverse order,
 * they make the text what it was.
 */
#include "shell/alias.h"
#include "shell/lexer.h"
#include <assert.h>
#include <string.h>

/* In one command. Aliases that name two others each would be done after years. */
#define MOST_SUBSTITUTIONS 500000

static struct splice *add_splice(struct parser *p)
{
    if (p->splice_count == p->splice_size) {
        p->splice_size = p->splice_size * 2 + 8;
        p->splices = xrealloc(p->splices, (size_t)p->splice_size * sizeof *p->splices);
    }
    return &p->splices[p->splice_count++];
}

bool lexer_substitute(struct parser *p, size_t start, struct symbol *symbol)
{
    const struct alias *alias = symbol->alias;
    char last = alias->len ? alias->value[alias->len - 1] : '\0';

    for (int i = p->active; i >= 0; i = p->splices[i].outer) {
        if (p->splices[i].symbol == symbol)
            return false;
    }
    if (p->substitutions++ == MOST_SUBSTITUTIONS) {
        lexer_fail(p, p->line, "aliases without end");
        return false;
    }
    lexer_replace(p, start, alias->value, alias->len);
    *add_splice(p) = (struct splice){
        .start = start,
        .end = start + alias->len,
        .symbol = symbol,
        .outer = p->active,
        .trailing_blank = last == ' ' || last == '\t',
    };
    p->active = p->splice_count - 1;
    return true;
}

void lexer_leave_aliases(struct parser *p)
{
    size_t at = lexer_offset(p);
    bool left = false, blank = false;

    while (p->active >= 0 && p->splices[p->active].end <= at) {
        const struct splice *value = &p->splices[p->active];

        left = true;
        blank |= value->trailing_blank &&
                 value->end > p->last_end; /* else it was quoted, part of the token before */
        p->active = value->outer;
    }
    if (left)
        p->check_alias = blank;
    if (p->active < 0 && !p->attempts)
        p->splice_count = 0;
}

void lexer_note_continuation(struct parser *p)
{
    if (p->attempts)
        *add_splice(p) =
            (struct splice){.start = lexer_offset(p), .end = lexer_offset(p), .outer = p->active};
}

struct lexer_mark lexer_try(struct parser *p)
{
    p->attempts++;
    return (struct lexer_mark){
        .next = lexer_offset(p),
        .gather_len = p->gather_len,
        .node_count = p->node_count,
        .name_count = p->name_count,
        .depth = p->depth,
        .opener = p->opener,
        .line = p->line,
        .splice_count = p->splice_count,
        .active = p->active,
        .pending_tail = p->pending_tail,
    };
}

void lexer_keep(struct parser *p)
{
    assert(p->attempts > 0);
    p->attempts--;
}

static void undo(struct parser *p, const struct splice *splice)
{
    p->active = splice->outer;
    p->next = p->text + splice->end;
    if (splice->symbol)
        lexer_replace(p, splice->start, splice->symbol->name, splice->symbol->len);
    else
        lexer_replace(p, splice->start, "\\\n", 2);
}

void lexer_go_back(struct parser *p, const struct lexer_mark *mark)
{
    lexer_keep(p);
    while (p->splice_count > mark->splice_count)
        undo(p, &p->splices[--p->splice_count]);
    p->active = mark->active;
    p->next = p->text + mark->next;
    p->line = mark->line;
    p->gather_len = mark->gather_len;
    p->node_count = mark->node_count;
    p->name_count = mark->name_count;
    p->depth = mark->depth;
    p->opener = mark->opener;
    p->pending_tail = mark->pending_tail;
    *p->pending_tail = NULL;
}
