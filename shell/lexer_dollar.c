/* lexer_dollar.c - what follows $: the choice, and arithmetic expansion (XCU 2.6.4). */
#include "shell/arith.h"
#include "shell/lexer.h"
#include <string.h>

/* How often one command may turn out to have meant $( ( by $((: enough for any script, too few to be a way to
 * hang. */
#define MOST_REREADS 500

/* ---- arithmetic expansion ---- */

static void add_arith(struct word_builder *b, struct word *word, bool quoted)
{
    struct part *part = arena_zalloc(b->p->arena, sizeof *part);

    part->kind = PART_ARITH;
    part->quoted = quoted;
    part->u.arith.word = word;
    part->u.arith.code = arith_compile_word(word, b->p->arena);
    word_add_part(b, part);
}

/*
 * `next` is at the second parenthesis of $((. It is arithmetic unless its parentheses prove not to end in )):
 * then false, and `next` is where it was.
 */
static bool read_arith(struct word_builder *b, bool quoted)
{
    struct parser *p = b->p;
    struct lexer_mark mark = lexer_try(p);
    struct opener opener;
    struct word_builder expression;
    int line = p->line;
    bool is_arith = false, undecided = false;

    p->next++;
    if (lexer_enter(p, &opener, "))", line)) {
        word_begin(&expression, p);
        word_read(&expression, CONTEXT_ARITH);
        if (*p->next == ')') {
            p->next++;
            is_arith = lexer_peek(p) == ')';
        }
        undecided = !is_arith && *p->next == '\0';
        if (undecided)
            lexer_fail_at_end(p);
    }
    lexer_leave(p);
    if (!is_arith && !p->failed && p->rereads++ < MOST_REREADS) {
        lexer_go_back(p, &mark);
        return false;
    }
    lexer_keep(p);
    if (is_arith) {
        p->next++;
        add_arith(b, word_finish(&expression, line, true), quoted);
    } else {
        lexer_fail(p, line, "$(( without ))");
    }
    return true;
}

/* ---- $ ---- */

void dollar_read(struct word_builder *b, enum word_context context)
{
    struct parser *p = b->p;
    bool quoted = context_is_quoted(context);
    char c;

    p->next++;
    c = lexer_peek(p);
    if (c == '(') {
        p->next++;
        if (lexer_peek(p) == '(' && read_arith(b, quoted))
            return;
        p->next--;
        command_read(b, quoted);
    } else if (c == '{') {
        param_read_braces(b, context);
    } else if (c == '\'' && !quoted) {
        quote_dollar_single(b);
    } else {
        param_read(b, context);
    }
}
