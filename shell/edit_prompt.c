/* edit_prompt.c - bytes to wide characters, escape sequences to literals. */
#include "shell/edit_prompt.h"
#include "shell/arena.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct builder {
    wchar_t *text;
    size_t len;
    wchar_t *literal; /* escape sequences waiting for the character that they will be attached to */
    size_t literal_len;
};

static void put_literal(struct builder *b)
{
    if (b->literal_len == 0)
        return;
    b->text[b->len++] = EDIT_PROMPT_MARK;
    wmemcpy(b->text + b->len, b->literal, b->literal_len);
    b->len += b->literal_len;
    b->text[b->len++] = EDIT_PROMPT_MARK;
    b->literal_len = 0;
}

/* Length of the escape sequence at text (ECMA-48: CSI, OSC and other strings, two-byte ones), 0: none. */
static size_t escape_length(const char *text)
{
    size_t len = 2;

    if (text[0] != '\033' || !text[1])
        return 0;
    if (text[1] == '[') {
        while (text[len] >= 0x20 && text[len] <= 0x3f)
            len++;
        return text[len] ? len + 1 : len;
    }
    if (strchr("]P_^X", text[1])) {
        while (text[len] && text[len] != '\a' && !(text[len] == '\033' && text[len + 1] == '\\'))
            len++;
        return text[len] == '\a' ? len + 1 : text[len] ? len + 2 : len;
    }
    if (strchr("()*+", text[1]) && text[2])
        return 3;
    return len;
}

static void add_literal(struct builder *b, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        b->literal[b->literal_len++] = (unsigned char)text[i] < 0x80 ? (wchar_t)text[i] : L'?';
}

/* The character at text; its length. Control characters and bytes that are none are not shown as they are. */
static size_t add_character(struct builder *b, const char *text, mbstate_t *state)
{
    wchar_t wide;
    size_t len = mbrtowc(&wide, text, strlen(text), state);

    if (len == (size_t)-1 || len == (size_t)-2 || len == 0) {
        memset(state, 0, sizeof *state);
        wide = L'?';
        len = 1;
    }
    if (wide == L'\t')
        wide = L' ';
    if (wide < L' ' || wide == 0x7f)
        return len;
    put_literal(b);
    b->text[b->len++] = wide;
    return len;
}

/* A literal at the end. */
static void finish(struct builder *b)
{
    bool after_blank = b->len > 0 && b->text[b->len - 1] == L' ';

    if (b->literal_len == 0)
        return;
    if (after_blank && b->len > 1 && b->text[b->len - 2] == EDIT_PROMPT_MARK) {
        /* The blank carries a literal already: ours joins that one, inside its closing mark. */
        b->len -= 2;
        wmemcpy(b->text + b->len, b->literal, b->literal_len);
        b->len += b->literal_len;
        b->text[b->len++] = EDIT_PROMPT_MARK;
        b->literal_len = 0;
    } else {
        if (after_blank)
            b->len--;
        put_literal(b);
    }
    b->text[b->len++] = L' ';
}

wchar_t *edit_prompt_make(const char *text, const char **line_start)
{
    const char *newline = strrchr(text, '\n');
    mbstate_t state = {0};
    struct builder b = {0};

    *line_start = text = newline ? newline + 1 : text;
    size_t len = strlen(text), escape;
    b.text = xmalloc((3 * len + 4) * sizeof *b.text); /* a literal adds two marks, the end a blank */
    b.literal = xmalloc((len + 1) * sizeof *b.literal);
    while (*text) {
        if (*text == '\1') { /* as for GNU readline: \001...\002 takes no columns, whatever it is */
            escape = strcspn(text + 1, "\2");
            add_literal(&b, text + 1, escape);
            text += 1 + escape + (text[1 + escape] == '\2');
        } else if ((escape = escape_length(text)) > 0) {
            add_literal(&b, text, escape);
            text += escape;
        } else {
            text += add_character(&b, text, &state);
        }
    }
    finish(&b);
    b.text[b.len] = L'\0';
    free(b.literal);
    return b.text;
}

bool edit_prompt_is_blank(const wchar_t *prompt)
{
    bool literal = false;

    for (; *prompt; prompt++) {
        if (*prompt == EDIT_PROMPT_MARK)
            literal = !literal;
        else if (!literal && *prompt != L' ')
            return false;
    }
    return true;
}
