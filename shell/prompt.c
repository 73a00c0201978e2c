/* prompt.c - one pass over a prompt's template, then its expansion. */
#include "shell/prompt.h"
#include "shell/arena.h"
#include "shell/expand.h"
#include "shell/history.h"
#include "shell/prompt_value.h"
#include "shell/shell.h"
#include "shell/symbol.h"
#include "shell/terminal.h"
#include "shell/utf8.h"
#include "shell/var.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct prompt {
    struct shell *sh;
    const struct prompt_facts *facts;
    struct arena_string out;
    struct prompt_value *value;
};

/* To be taken as it is by the expansion that follows. */
static void put_literal(struct prompt *p, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (strchr("$`\\", text[i]) && text[i])
            arena_string_putc(&p->out, '\\');
        arena_string_putc(&p->out, text[i]);
    }
}

static void put_value(struct prompt *p)
{
    const char *text = p->value->text, *end = text + strlen(text);
    uint32_t code;

    for (size_t n; text < end; text += n) {
        n = utf8_decode(text, end, true, &code);
        if (code < 0x20 || (code >= 0x7f && code < 0xa0) || (code & UTF8_INVALID))
            arena_string_putc(&p->out, '?');
        else
            put_literal(p, text, n);
    }
}

/* !: the number of the command that is about to be typed. */
static void put_number(struct prompt *p)
{
    char digits[16];
    unsigned number = p->sh->history ? history_newest(p->sh->history) + 1 : 1;

    arena_string_put(&p->out, digits, (size_t)snprintf(digits, sizeof digits, "%u", number));
}

/* Length of $(...), ${...} or `...` at text, which are copied as they are; 0: none of these. */
static size_t substitution_length(const char *text)
{
    char open = text[0] == '$' ? text[1] : 0, close = open == '(' ? ')' : '}';
    size_t at = 2, depth = 1;

    if (text[0] == '`') {
        const char *end = strchr(text + 1, '`');
        return end ? (size_t)(end + 1 - text) : strlen(text);
    }
    if (open != '(' && open != '{')
        return 0;
    for (; text[at] && depth > 0; at++) {
        if (text[at] == '\\' && text[at + 1])
            at++;
        else if (text[at] == open)
            depth++;
        else if (text[at] == close)
            depth--;
    }
    return at;
}

/* \{name} or \{name:text}, after the brace. Returns where it ends, or NULL: it is none. */
static const char *put_named(struct prompt *p, const char *text)
{
    const char *end = strchr(text, '}');
    size_t len = end ? strcspn(text, ":}") : 0;

    if (!end)
        return NULL;
    const char *colour = prompt_colour(p->sh, text, len);
    if (colour) {
        arena_string_put(&p->out, colour, strlen(colour));
        return end + 1;
    }
    if (!prompt_value_find(p->sh, p->facts, text, len, p->value))
        return NULL;
    if (text[len] != ':') {
        put_value(p);
        return end + 1;
    }
    for (const char *at = text + len + 1; p->value->notable && at < end; at++) {
        if (*at == '%')
            put_value(p);
        else
            put_literal(p, at, 1);
    }
    return end + 1;
}

/* After a backslash. Returns where what belongs to it ends. */
static const char *put_escape(struct prompt *p, const char *text)
{
    static const char from[] = "en[]", to[] = "\033\n\1\2";
    const char *name = prompt_value_of_letter(*text), *special = *text ? strchr(from, *text) : NULL, *end;

    if (name) {
        prompt_value_find(p->sh, p->facts, name, strlen(name), p->value);
        put_value(p);
        return text + 1;
    }
    if (special) {
        arena_string_putc(&p->out, to[special - from]);
        return text + 1;
    }
    if (*text == '!') {
        put_number(p);
        return text + 1;
    }
    if (*text >= '0' && *text <= '3' && strspn(text, "01234567") >= 3) {
        char c = (char)((text[0] - '0') << 6 | (text[1] - '0') << 3 | (text[2] - '0'));
        if (c)
            put_literal(p, &c, 1);
        return text + 3;
    }
    if (*text == '{' && (end = put_named(p, text + 1)) != NULL)
        return end;
    arena_string_putc(&p->out, '\\'); /* the expansion's, or nobody's */
    if (*text)
        arena_string_putc(&p->out, *text++);
    return text;
}

static const char *put_escapes(struct prompt *p, const char *text)
{
    size_t len;

    arena_string_begin(&p->out, &p->sh->scratch);
    while (*text) {
        if (*text == '\\') {
            text = put_escape(p, text + 1);
        } else if ((len = substitution_length(text)) > 0 || (*text == '$' && text[1] && (len = 2) > 0)) {
            arena_string_put(&p->out, text, len); /* the ! of $! is no number */
            text += len;
        } else if (*text == '!' && text[1] == '!') {
            arena_string_putc(&p->out, '!');
            text += 2;
        } else if (*text == '!') {
            put_number(p);
            text++;
        } else {
            arena_string_putc(&p->out, *text++);
        }
    }
    return arena_string_finish(&p->out, NULL);
}

const char *prompt_make(struct shell *sh, const char *template, const struct prompt_facts *facts)
{
    struct prompt p = {.sh = sh, .facts = facts, .value = xmalloc(sizeof *p.value)};
    int status = sh->status;
    const char *text = put_escapes(&p, template);

    free(p.value);
    text = expand_prompt(sh, text);
    sh->status = status; /* $? of the next command is not the prompt's business */
    return text;
}

#define POSIX_PROMPT (geteuid() == 0 ? "# " : "$ ")

/*
 * What is out of the ordinary is shown, and nothing else beside the directory. POSIX's own prompt stays where
 * somebody may rely on it.
 */
void prompt_set_defaults(struct shell *sh)
{
    bool plain = !isatty(STDERR_FILENO) || !terminal_has_screen(sh) || var_get_name(sh, "POSIXLY_CORRECT");

    if (!var_get_name(sh, "PS1") && !plain) {
        var_set_name(sh, "PS1",
                     "\\{yellow}\\{router:% }\\{red}\\{mode:% }\\{host:% }\\{bold}\\{blue}\\w\\{plain}"
                     "\\{yellow}\\{jobs: %j}\\{red}\\{status: %}\\{plain} \\$ ",
                     0);
        if (!var_get_name(sh, "RPS1"))
            var_set_name(sh, "RPS1", "\\{grey}\\{took:%}\\{plain}", 0);
    }
    if (!var_get_name(sh, "PS1"))
        var_set_name(sh, "PS1", POSIX_PROMPT, 0);
    if (!var_get_name(sh, "PS2"))
        var_set_name(sh, "PS2", "> ", 0);
}

void prompt_after_profile(struct shell *sh)
{
    const char *ps1 = var_get_name(sh, "PS1");

    if (!sh->interactive || !ps1 || (strcmp(ps1, "$ ") != 0 && strcmp(ps1, "# ") != 0))
        return;
    var_unset(sh, symbol_intern("PS1", 3));
    prompt_set_defaults(sh);
}
