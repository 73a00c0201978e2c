/* lexer_text.c - the text of the command being parsed: character classes, fetching lines, line continuations.
 */
#include "shell/error.h"
#include "shell/lexer.h"
#include "shell/shell.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define IN_QUOTES  (CHAR_DQUOTE | CHAR_DBRACE | CHAR_HERE | CHAR_ARITH)
#define EVERYWHERE (CHAR_WORD | CHAR_BRACE | IN_QUOTES)

const unsigned short char_class[256] = {
    ['\0'] = EVERYWHERE,
    ['\n'] = EVERYWHERE | CHAR_DELIMITER,
    [' '] = CHAR_WORD | CHAR_DELIMITER,
    ['\t'] = CHAR_WORD | CHAR_DELIMITER,
    [';'] = CHAR_WORD | CHAR_DELIMITER | CHAR_OPERATOR,
    ['&'] = CHAR_WORD | CHAR_DELIMITER | CHAR_OPERATOR,
    ['|'] = CHAR_WORD | CHAR_DELIMITER | CHAR_OPERATOR,
    ['<'] = CHAR_WORD | CHAR_DELIMITER | CHAR_OPERATOR,
    ['>'] = CHAR_WORD | CHAR_DELIMITER | CHAR_OPERATOR,
    ['('] = CHAR_WORD | CHAR_DELIMITER | CHAR_OPERATOR | CHAR_ARITH,
    [')'] = CHAR_WORD | CHAR_DELIMITER | CHAR_OPERATOR | CHAR_ARITH,
    ['\\'] = EVERYWHERE,
    ['$'] = EVERYWHERE,
    ['`'] = EVERYWHERE,
    ['\''] = CHAR_WORD | CHAR_BRACE,
    ['"'] = CHAR_WORD | CHAR_BRACE | CHAR_DQUOTE | CHAR_DBRACE | CHAR_ARITH,
    ['}'] = CHAR_BRACE | CHAR_DBRACE,
    ['*'] = CHAR_WORD | CHAR_BRACE,
    ['?'] = CHAR_WORD | CHAR_BRACE,
    ['['] = CHAR_WORD | CHAR_BRACE,
    [']'] = CHAR_WORD | CHAR_BRACE,
    [':'] = CHAR_COLON,
    ['_'] = CHAR_NAME,
    ['a' ... 'z'] = CHAR_NAME,
    ['A' ... 'Z'] = CHAR_NAME,
    ['0' ... '9'] = CHAR_NAME | CHAR_DIGIT,
};

/* Room for more bytes and a NUL. */
static void reserve(struct parser *p, size_t more)
{
    size_t next = lexer_offset(p);

    if (p->size - p->len > more)
        return;
    p->size = p->size * 2 + more + 1;
    p->text = xrealloc(p->text, p->size);
    p->next = p->text + next;
}

static void stop_reading(struct parser *p, int error)
{
    p->at_end = true;
    if (error == EINTR) {
        p->interrupted = p->failed = true;
    } else if (error) {
        error_print_errno(p->sh, error, "cannot read commands");
        p->sh->status = 128; /* XCU sh, EXIT STATUS */
        p->failed = true;
    }
}

bool lexer_fill(struct parser *p)
{
    const char *line;
    size_t len = 0;
    int error = 0;

    if (p->at_end || p->failed)
        return false;
    do
        line = input_line(p->input, p->continuation, &len, &error);
    while (line && len == 0);
    if (!line) {
        stop_reading(p, error);
        return false;
    }
    p->continuation = true;
    if (p->sh->options.verbose && !p->nested && input_echoes(p->input))
        while (write(STDERR_FILENO, line, len) < 0 && errno == EINTR)
            continue;
    reserve(p, len);
    memcpy(p->text + p->len, line, len);
    p->len += len;
    p->text[p->len] = '\0';
    return true;
}

/* text[start..end) became len characters: so the values that it was part of, even if not with all of it,
 * grow. */
static void move_ends(struct parser *p, size_t start, size_t end, size_t len)
{
    for (int i = p->active; i >= 0; i = p->splices[i].outer) {
        struct splice *value = &p->splices[i];

        if (value->end > end)
            value->end = value->end - end + start + len;
        else if (value->end > start)
            value->end = start + len;
    }
}

void lexer_replace(struct parser *p, size_t start, const char *value, size_t len)
{
    size_t end = lexer_offset(p);

    reserve(p, len);
    memmove(p->text + start + len, p->text + end, p->len - end + 1);
    if (len)
        memcpy(p->text + start, value, len);
    p->len = p->len - (end - start) + len;
    p->next = p->text + start;
    move_ends(p, start, end, len);
}

static void remove_continuation(struct parser *p)
{
    size_t start = lexer_offset(p);

    lexer_note_continuation(p);
    p->next++;
    lexer_newline(p);
    lexer_replace(p, start, NULL, 0);
}

char lexer_peek_slow(struct parser *p)
{
    for (;;) {
        if (*p->next == '\0') {
            if (!lexer_fill(p))
                return '\0';
        } else if (p->next[0] == '\\' && p->next[1] == '\n') {
            remove_continuation(p);
        } else {
            return *p->next;
        }
    }
}

size_t lexer_name(struct parser *p)
{
    size_t len = 0;

    for (;;) {
        size_t start;
        char c;

        while (char_is(p->next[len], CHAR_NAME))
            len++;
        if (p->next[len] != '\0' && p->next[len] != '\\')
            return len;
        start = lexer_offset(p);
        p->next += len;
        c = lexer_peek_slow(p);
        p->next = p->text + start;
        if (!char_is(c, CHAR_NAME))
            return len;
    }
}

void lexer_newline(struct parser *p)
{
    size_t at = lexer_offset(p);

    p->next++;
    for (int i = p->active; i >= 0; i = p->splices[i].outer) {
        if (at < p->splices[i].end)
            return;
    }
    p->line++;
}
