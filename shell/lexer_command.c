/*
 * lexer_command.c - command substitution (XCU 2.6.3).
 *
 * Where a substitution ends is found by the grammar, but without alias substitution (2.2.3), which takes
 * place when its commands are run. So they are parsed without aliases, and kept as text for the case that
 * there are some then. Aliases may be what makes sense of the commands, as with `alias begin="{"`. So what is
 * no command without them is read once more with the aliases of now. That holds as well where the text would
 * not be all of it: a here-document's body behind the parenthesis; and within an alias's value, where the
 * alias is not to be substituted again.
 */
#include "shell/lexer.h"
#include <string.h>

void command_note_name(struct parser *p, struct symbol *name)
{
    if (!name) {
        p->unknown_name = true;
        return;
    }
    if (p->name_count == p->name_size) {
        p->name_size = p->name_size * 2 + 16;
        p->names = xrealloc(p->names, p->name_size * sizeof *p->names);
    }
    p->names[p->name_count++] = name;
}

/* The text of commands whose names were noted from base on. NULL: there is none. */
static struct command_text *keep_text(struct parser *p, size_t base, const char *text, size_t len, int line)
{
    size_t count = p->name_count - base, size = count * sizeof *p->names;
    struct command_text *kept;

    if (count == 0)
        return NULL;
    kept = arena_alloc(p->arena, sizeof *kept + size);
    *kept = (struct command_text){
        .text = arena_strndup(p->arena, text, len),
        .len = len,
        .line = line,
        .lines = memchr(text, '\n', len) != NULL,
        .unknown = p->unknown_name,
        .count = (unsigned)count,
    };
    memcpy(kept->names, p->names + base, size);
    return kept;
}

/* ---- both forms ---- */

/* What stands between backquotes. */
struct backquoted {
    const char *text;
    size_t len;
    int line;
};

/* Reads the commands as p->alias_time says; what they were is kept if that is LATER. */
typedef struct ast_command reader(struct parser *p, const struct backquoted *backquoted);

/* The outermost substitution decides for those within: were each tried twice, n of them took 2^n attempts. */
static struct ast_command read_commands(struct parser *p, reader *read, const struct backquoted *backquoted)
{
    enum alias_time outside = p->alias_time;
    struct lexer_mark mark;
    struct ast_command command;

    if (outside == ALIASES_NOW && p->active < 0) {
        mark = lexer_try(p);
        p->alias_time = ALIASES_LATER;
        p->quiet = true;
        command = read(p, backquoted);
        p->quiet = false;
        p->alias_time = ALIASES_NOW;
        if (!p->mistaken && !p->pending) {
            lexer_keep(p);
            return command;
        }
        p->mistaken = p->failed = false;
        lexer_go_back(p, &mark);
    }
    if (outside == ALIASES_NOW)
        p->alias_time = ALIASES_AT_ONCE;
    command = read(p, backquoted);
    p->alias_time = outside;
    return command;
}

/*
 * A word is being read: its token is put aside. So are here-documents whose bodies are due on the next line:
 * a NEWLINE within the substitution does not begin them. Those that begin within and whose bodies are not
 * there yet follow after the word's line.
 */
static struct part *read_substitution(struct parser *p, reader *read, const struct backquoted *backquoted,
                                      bool quoted)
{
    struct token token = p->token;
    struct heredoc *pending = p->pending, **tail = p->pending_tail;
    struct part *part = arena_zalloc(p->arena, sizeof *part);

    p->pending = NULL;
    p->pending_tail = &p->pending;
    part->kind = PART_COMMAND;
    part->quoted = quoted;
    part->u.command = arena_alloc(p->arena, sizeof *part->u.command);
    *part->u.command = read_commands(p, read, backquoted);
    if (pending) {
        *tail = p->pending;
        if (!p->pending)
            p->pending_tail = tail;
        p->pending = pending;
    }
    p->token = token;
    return part;
}

/* ---- $( ) ---- */

/* `next` is behind the opening parenthesis, afterwards behind the closing one. */
static struct node *read_list(struct parser *p)
{
    struct opener opener;
    struct node *body = NULL;

    lexer_consume(p);
    if (lexer_enter(p, &opener, ")", p->line)) {
        body = parse_list(p, true);
        parse_expect(p, TOKEN_RPAREN);
    }
    lexer_leave(p);
    return body;
}

static struct ast_command read_parenthesized(struct parser *p, const struct backquoted *backquoted)
{
    struct ast_command command = {NULL, NULL};
    size_t start = lexer_offset(p), base = p->name_count;
    bool unknown_outside = p->unknown_name;
    int line = p->line;

    (void)backquoted;
    p->unknown_name = false;
    command.body = read_list(p);
    if (p->alias_time == ALIASES_LATER && !p->failed)
        command.text = keep_text(p, base, p->text + start, lexer_offset(p) - 1 - start, line);
    p->name_count = base;
    p->unknown_name = unknown_outside;
    return command;
}

void command_read(struct word_builder *b, bool quoted)
{
    b->p->next++;
    word_add_part(b, read_substitution(b->p, read_parenthesized, NULL, quoted));
}

/* ---- backquotes ---- */

/*
 * Adds to b the commands within backquotes as they are to be parsed: backslashes that protect $ ` \ (and,
 * within double-quotes, ") are gone. So are line continuations, whatever is around them within: no shell sees
 * quotes or comments in there before it has found the end. Afterwards `next` is behind the closing backquote.
 */
static bool gather_backquoted(struct word_builder *b, bool quoted)
{
    struct parser *p = b->p;
    const char *escaped = quoted ? "$`\\\"" : "$`\\";
    struct opener opener = {"`", p->line, p->opener};

    p->opener = &opener;
    p->next++;
    while (*p->next != '`') {
        size_t len = strcspn(p->next, "`\\\n");

        word_add(b, p->next, len, true);
        p->next += len;
        if (*p->next == '\n') {
            word_add(b, "\n", 1, true);
            lexer_newline(p);
        } else if (*p->next == '\\' && p->next[1] == '\n') {
            p->next++;
            lexer_newline(p);
        } else if (*p->next == '\\') {
            if (p->next[1] != '\0' && strchr(escaped, p->next[1]))
                p->next++;
            word_add(b, p->next, 1, true);
            p->next++;
        } else if (*p->next == '\0' && !lexer_fill(p)) {
            lexer_fail_at_end(p);
            p->opener = opener.outer;
            return false;
        }
    }
    p->next++;
    p->opener = opener.outer;
    return true;
}

/* By a parser of its own. */
static struct ast_command read_backquoted(struct parser *p, const struct backquoted *backquoted)
{
    struct ast_command command = {NULL, NULL};
    struct parser inner;
    struct opener opener;

    parser_begin_nested(&inner, p, backquoted->text, backquoted->len, backquoted->line);
    if (lexer_enter(&inner, &opener, "`", inner.line)) {
        command.body = parse_list(&inner, true);
        if (lexer_peek_token(&inner, 0) != TOKEN_EOF)
            parse_unexpected(&inner);
        heredoc_read_pending(&inner);
    }
    lexer_leave(&inner);
    if (inner.alias_time == ALIASES_LATER && !inner.failed)
        command.text = keep_text(&inner, 0, backquoted->text, backquoted->len, backquoted->line);
    parser_end_nested(&inner, p);
    return command;
}

void command_read_backquote(struct word_builder *b, enum word_context context)
{
    struct parser *p = b->p;
    bool quoted = context_is_quoted(context);
    struct word_builder text;
    struct backquoted backquoted = {.line = p->line};
    struct part *part;

    word_begin(&text, p);
    word_add(&text, NULL, 0, true);
    if (!gather_backquoted(&text, quoted))
        return;
    backquoted.text = p->gather + text.literal;
    backquoted.len = p->gather_len - text.literal;
    part = read_substitution(p, read_backquoted, &backquoted, quoted);
    p->gather_len = text.literal;
    word_add_part(b, part);
}
