/* print.c - commands as source again (ast_print, parser.h). */
#include "shell/print.h"
#include "shell/lexer.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIND(kind) (1u << (kind))
#define LISTS      (KIND(NODE_SEQUENCE) | KIND(NODE_ASYNC))
#define AND_ORS    (KIND(NODE_AND) | KIND(NODE_OR))

void print_text(struct printer *pr, const char *text)
{
    arena_string_put(&pr->out, text, strlen(text));
}

/* ---- redirections ---- */

static const struct {
    const char *text;
    int fd;
} redir_operators[] = {
    [REDIR_READ] = {"<", 0},     [REDIR_WRITE] = {">", 1},      [REDIR_CLOBBER] = {">|", 1},
    [REDIR_APPEND] = {">>", 1},  [REDIR_READWRITE] = {"<>", 0}, [REDIR_DUP_IN] = {"<&", 0},
    [REDIR_DUP_OUT] = {">&", 1}, [REDIR_HERE] = {"<<", 0},
};

static bool has_line(const char *text, const char *line)
{
    size_t len = strlen(line);

    for (const char *at = strstr(text, line); at; at = strstr(at + 1, line)) {
        if ((at == text || at[-1] == '\n') && (at[len] == '\n' || at[len] == '\0'))
            return true;
    }
    return false;
}

/* The body is printed at once, because the delimiter must be none of its lines, but it is due after the
 * newline. */
static void print_here_operand(struct printer *pr, const struct word *body)
{
    struct printer inner = {.one_line = pr->one_line};
    struct print_heredoc *heredoc;

    if (pr->heredoc_count == pr->heredoc_size) {
        pr->heredoc_size = pr->heredoc_size * 2 + 4;
        pr->heredocs = xrealloc(pr->heredocs, pr->heredoc_size * sizeof *pr->heredocs);
    }
    heredoc = &pr->heredocs[pr->heredoc_count++];
    heredoc->arena = (struct arena)ARENA_INIT;
    arena_string_begin(&inner.out, &heredoc->arena);
    if (body->flags & WORD_STATIC)
        arena_string_put(&inner.out, body->text, body->len);
    else
        print_here_word(&inner, body);
    if (inner.out.next > inner.out.start && inner.out.next[-1] != '\n')
        print_text(&inner,
                   "\n"); /* the end of input ended it; else its last line would not be the delimiter */
    heredoc->text = arena_string_finish(&inner.out, &heredoc->len);
    free(inner.heredocs);
    strcpy(heredoc->delimiter, "EOF");
    for (unsigned i = 1; has_line(heredoc->text, heredoc->delimiter); i++)
        snprintf(heredoc->delimiter, sizeof heredoc->delimiter, "EOF%u", i);
    print_text(pr, body->flags & WORD_STATIC ? "\\" : "");
    print_text(pr, heredoc->delimiter);
}

static void print_redir(struct printer *pr, const struct redir *redir)
{
    char text[24];

    if (redir->fd_name) {
        print_text(pr, "{");
        print_text(pr, redir->fd_name->name);
        print_text(pr, "}");
    } else if (redir->fd != redir_operators[redir->op].fd) {
        snprintf(text, sizeof text, "%d", redir->fd);
        print_text(pr, text);
    }
    print_text(pr, redir_operators[redir->op].text);
    if (redir->op != REDIR_HERE) {
        print_word(pr, redir->word);
        return;
    }
    print_here_operand(pr, redir->word);
}

static void print_redirs(struct printer *pr, const struct redir *redir, bool first)
{
    for (; redir; redir = redir->next, first = false) {
        if (!first)
            print_text(pr, " ");
        print_redir(pr, redir);
    }
}

void print_forget_bodies(struct printer *pr)
{
    while (pr->heredoc_count > pr->heredoc_first)
        arena_free(&pr->heredocs[--pr->heredoc_count].arena);
}

void print_newline(struct printer *pr)
{
    print_text(pr, "\n");
    for (unsigned i = pr->heredoc_first; i < pr->heredoc_count; i++) {
        struct print_heredoc *heredoc = &pr->heredocs[i];

        arena_string_put(&pr->out, heredoc->text, heredoc->len);
        print_text(pr, heredoc->delimiter);
        print_text(pr, "\n");
    }
    print_forget_bodies(pr);
    for (unsigned i = 0; i < pr->indent; i++)
        print_text(pr, "    ");
}

/* ---- lists ---- */

static bool ends_in_ampersand(const struct node *node)
{
    while (node->kind == NODE_SEQUENCE)
        node = node->u.list.items[node->u.list.count - 1];
    return node->kind == NODE_ASYNC;
}

bool print_begins_with_paren(const struct node *node)
{
    for (;;) {
        switch (node->kind) {
        case NODE_SEQUENCE:
        case NODE_PIPELINE:
            node = node->u.list.items[0];
            break;
        case NODE_AND:
        case NODE_OR:
            node = node->u.binary.first->u.binary.left;
            break;
        case NODE_ASYNC:
            node = node->u.child;
            break;
        default:
            return node->kind == NODE_SUBSHELL;
        }
    }
}

/* Between two commands of a list, or a list and the reserved word after it. */
static void print_separator(struct printer *pr, const struct node *before)
{
    if (!pr->one_line)
        print_newline(pr);
    else
        print_text(pr, ends_in_ampersand(before) ? " " : "; ");
}

/* opening list closing, the list on lines of its own if there are lines. */
static void print_enclosed(struct printer *pr, const char *opening, const struct node *list,
                           const char *closing)
{
    print_text(pr, opening);
    pr->indent++;
    if (pr->one_line)
        print_text(pr, " ");
    else
        print_newline(pr);
    print_node(pr, list);
    pr->indent--;
    print_separator(pr, list);
    print_text(pr, closing);
}

/* In braces if it is of one of those kinds, which would not stay together here. */
static void print_operand(struct printer *pr, const struct node *node, unsigned kinds)
{
    if (KIND(node->kind) & kinds)
        print_enclosed(pr, "{", node, "}");
    else
        print_node(pr, node);
}

static void print_sequence(struct printer *pr, const struct node *node)
{
    for (unsigned i = 0; i < node->u.list.count; i++) {
        if (i > 0)
            print_separator(pr, node->u.list.items[i - 1]);
        print_node(pr, node->u.list.items[i]);
    }
}

static void print_async(struct printer *pr, const struct node *node)
{
    print_operand(pr, node->u.child, LISTS);
    print_text(pr, " &");
}

static void print_and_or(struct printer *pr, const struct node *node)
{
    const struct node *at = node->u.binary.first;

    print_operand(pr, at->u.binary.left, LISTS);
    for (; at; at = at == node ? NULL : at->u.binary.up) {
        print_text(pr, at->kind == NODE_AND ? " && " : " || ");
        print_operand(pr, at->u.binary.right, LISTS | AND_ORS);
    }
}

static void print_pipeline(struct printer *pr, const struct node *node)
{
    for (unsigned i = 0; i < node->u.list.count; i++) {
        print_text(pr, i > 0 ? " | " : "");
        print_operand(pr, node->u.list.items[i],
                      LISTS | AND_ORS | KIND(NODE_NOT) | KIND(NODE_TIME) | KIND(NODE_PIPELINE));
    }
}

static void print_not(struct printer *pr, const struct node *node)
{
    print_text(pr, "! ");
    print_operand(pr, node->u.child, LISTS | AND_ORS | KIND(NODE_NOT));
}

/* A command whose name looks like an option, as in `time <f -x`. */
static bool begins_with_minus(const struct node *node)
{
    const struct part *part;

    while (node->kind == NODE_PIPELINE)
        node = node->u.list.items[0];
    if (node->kind != NODE_SIMPLE || node->u.simple.assignments || !node->u.simple.words)
        return false;
    part = node->u.simple.words->parts;
    return part->kind == PART_LITERAL && !part->quoted && part->u.literal.text[0] == '-';
}

static void print_time(struct printer *pr, const struct node *node)
{
    const struct node *child = node->u.time.child;

    print_text(pr, node->u.time.posix_format ? "time -p " : "time ");
    print_operand(pr, child, begins_with_minus(child) ? ~0u : LISTS | AND_ORS);
}

/* ---- commands ---- */

static void print_words(struct printer *pr, const struct word *word, const char *separator)
{
    for (; word; word = word->next) {
        print_word(pr, word);
        print_text(pr, word->next ? separator : "");
    }
}

/*
 * `time` that was a name because of the option behind it, and is so when it is printed: not with that of
 * `time -p|a`, nor with one that has come to be quoted.
 */
static bool is_still_a_name(const struct node *node)
{
    const struct word *option = node->u.simple.words->next;
    const struct part *part = option ? option->parts : NULL;

    if (node->redirs)
        return false;
    return !option ||
           (part && part->kind == PART_LITERAL && !part->quoted && part->u.literal.text[0] == '-' &&
            !(option->flags & WORD_STATIC && strcmp(option->text, "-p") == 0));
}

/* The command name, which may have stood behind a redirection and so was no reserved word. */
static void print_name(struct printer *pr, const struct node *node)
{
    const struct word *name = node->u.simple.words;
    int reserved = name->symbol && !(name->flags & WORD_QUOTED) ? name->symbol->reserved : TOKEN_NONE;

    if (node->u.simple.assignments || reserved == TOKEN_NONE ||
        (reserved == TOKEN_TIME && is_still_a_name(node))) {
        print_word(pr, name);
    } else {
        print_text(pr, "'");
        print_text(pr, name->text);
        print_text(pr, "'");
    }
    print_text(pr, name->next ? " " : "");
}

static void print_simple(struct printer *pr, const struct node *node)
{
    const struct assignment *assignment = node->u.simple.assignments;

    for (; assignment; assignment = assignment->next) {
        print_text(pr, assignment->symbol->name);
        print_text(pr, "=");
        print_word(pr, assignment->value);
        print_text(pr, assignment->next || node->u.simple.words ? " " : "");
    }
    if (node->u.simple.words) {
        print_name(pr, node);
        print_words(pr, node->u.simple.words->next, " ");
    }
    print_redirs(pr, node->redirs, !node->u.simple.words && !node->u.simple.assignments);
}

static void print_subshell(struct printer *pr, const struct node *node)
{
    if (!pr->one_line) {
        print_enclosed(pr, "(", node->u.child, ")");
        return;
    }
    print_text(pr, print_begins_with_paren(node->u.child) ? "( " : "(");
    print_node(pr, node->u.child);
    print_text(pr, ")");
}

static void print_brace(struct printer *pr, const struct node *node)
{
    print_enclosed(pr, "{", node->u.child, "}");
}

static void print_if(struct printer *pr, const struct node *node)
{
    const char *keyword = "if ";

    for (;; keyword = "elif ") {
        print_text(pr, keyword);
        print_node(pr, node->u.if_.condition);
        print_separator(pr, node->u.if_.condition);
        print_enclosed(pr, "then", node->u.if_.then_part, "");
        if (!node->u.if_.else_part || node->u.if_.else_part->kind != NODE_IF || node->u.if_.else_part->redirs)
            break;
        node = node->u.if_.else_part;
    }
    if (node->u.if_.else_part)
        print_enclosed(pr, "else", node->u.if_.else_part, "");
    print_text(pr, "fi");
}

static void print_loop(struct printer *pr, const struct node *node)
{
    print_text(pr, node->kind == NODE_WHILE ? "while " : "until ");
    print_node(pr, node->u.loop.condition);
    print_separator(pr, node->u.loop.condition);
    print_enclosed(pr, "do", node->u.loop.body, "done");
}

static void print_for(struct printer *pr, const struct node *node)
{
    print_text(pr, "for ");
    print_text(pr, node->u.for_.variable->name);
    if (!node->u.for_.over_positional)
        print_text(pr, node->u.for_.words ? " in " : " in");
    print_words(pr, node->u.for_.words, " ");
    if (pr->one_line)
        print_text(pr, "; ");
    else
        print_newline(pr);
    print_enclosed(pr, "do", node->u.for_.body, "done");
}

static void print_case_item(struct printer *pr, const struct case_item *item)
{
    const char *end = item->fall_through ? ";&" : ";;";

    print_text(pr, "(");
    print_words(pr, item->patterns, " | ");
    if (item->body) {
        print_enclosed(pr, ")", item->body, end);
    } else {
        print_text(pr, ") ");
        print_text(pr, end);
    }
}

static void print_case(struct printer *pr, const struct node *node)
{
    print_text(pr, "case ");
    print_word(pr, node->u.case_.subject);
    print_text(pr, " in");
    for (const struct case_item *item = node->u.case_.items; item; item = item->next) {
        if (pr->one_line)
            print_text(pr, " ");
        else
            print_newline(pr);
        print_case_item(pr, item);
    }
    if (pr->one_line)
        print_text(pr, " ");
    else
        print_newline(pr);
    print_text(pr, "esac");
}

static void print_function(struct printer *pr, const struct node *node)
{
    print_text(pr, node->u.function.name->name);
    print_text(pr, "() ");
    print_operand(pr, node->u.function.body, ~(KIND(NODE_SUBSHELL) | KIND(NODE_BRACE)));
}

static void (*const printers[])(struct printer *pr, const struct node *node) = {
    [NODE_SIMPLE] = print_simple,     [NODE_SEQUENCE] = print_sequence,
    [NODE_ASYNC] = print_async,       [NODE_AND] = print_and_or,
    [NODE_OR] = print_and_or,         [NODE_NOT] = print_not,
    [NODE_PIPELINE] = print_pipeline, [NODE_SUBSHELL] = print_subshell,
    [NODE_BRACE] = print_brace,       [NODE_IF] = print_if,
    [NODE_WHILE] = print_loop,        [NODE_UNTIL] = print_loop,
    [NODE_FOR] = print_for,           [NODE_CASE] = print_case,
    [NODE_FUNCTION] = print_function, [NODE_TIME] = print_time,
};

void print_node(struct printer *pr, const struct node *node)
{
    printers[node->kind](pr, node);
    if (node->kind != NODE_SIMPLE)
        print_redirs(pr, node->redirs, false);
}

char *ast_print(const struct node *node, bool one_line, struct arena *arena)
{
    struct printer pr = {.one_line = one_line};

    arena_string_begin(&pr.out, arena);
    if (node)
        print_node(&pr, node);
    if (pr.heredoc_count && !one_line)
        print_newline(&pr);
    if (pr.out.next > pr.out.start && pr.out.next[-1] == '\n')
        pr.out.next--; /* of a here-document's delimiter: like every other command, this ends without */
    print_forget_bodies(&pr);
    free(pr.heredocs);
    return arena_string_finish(&pr.out, NULL);
}
