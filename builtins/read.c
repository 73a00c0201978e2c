/*
 * read [-r] [-d delimiter] [-p prompt] name... - XCU read. -p, as in other shells: a prompt where a terminal
 * is read.
 *
 * No byte behind the delimiter is taken: shell/readahead.h sees to that.
 */
#include "builtins/builtins.h"
#include "shell/arena.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/expansion.h"
#include "shell/out.h"
#include "shell/readahead.h"
#include "shell/symbol.h"
#include "shell/trap.h"
#include "shell/var.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

struct line {
    struct shell *sh;
    char delimiter;
    bool raw;     /* -r */
    bool prompts; /* a terminal in an interactive shell: PS2 before a continuation line */
    bool escapes; /* some byte of the line was escaped: marks tells which */
    char *text, *marks;
    size_t len, cap;
};

static void reserve(struct line *line, size_t more)
{
    if (line->len + more < line->cap)
        return;
    struct arena *scratch = &line->sh->scratch;
    size_t cap = 2 * line->cap + more + 256;
    char *text = arena_alloc(scratch, cap), *marks = line->raw ? NULL : arena_alloc(scratch, cap);
    if (line->len) {
        memcpy(text, line->text, line->len);
        if (marks)
            memcpy(marks, line->marks, line->len);
    }
    line->text = text;
    line->marks = marks;
    line->cap = cap;
}

/* Unescaped bytes. No value holds a NUL: they are dropped, as elsewhere. */
static void put_run(struct line *line, const char *text, size_t len)
{
    size_t before = line->len;
    reserve(line, len);
    for (const char *nul; (nul = memchr(text, '\0', len)); text = nul + 1) {
        size_t run = (size_t)(nul - text);
        memcpy(line->text + line->len, text, run);
        line->len += run;
        len -= run + 1;
    }
    memcpy(line->text + line->len, text, len);
    line->len += len;
    if (line->marks)
        memset(line->marks + before, false, line->len - before);
}

static void put_escaped(struct line *line, char c)
{
    put_run(line, &c, 1);
    if (!c)
        return;
    line->escapes = true;
    line->marks[line->len - 1] = true;
}

static void prompt_for_more(struct line *line)
{
    const char *ps2 = line->prompts ? var_get_name(line->sh, "PS2") : NULL;
    if (!ps2)
        return;
    const char *text = expand_prompt(line->sh, ps2);
    if (write(STDERR_FILENO, text, strlen(text)) < 0)
        return; /* no prompt, then */
}

/* Bytes up to and including an unescaped delimiter. Returns how many were used; *ended: the delimiter came.
 */
static size_t take_escaped(struct line *line, const char *text, size_t len, bool *after_backslash,
                           bool *ended)
{
    const char *p = text, *end = text + len, *delimiter = NULL;
    while (p < end) {
        if (*after_backslash) {
            *after_backslash = false;
            if (*p == '\n' || *p == line->delimiter)
                prompt_for_more(line);
            else
                put_escaped(line, *p);
            p++;
            continue;
        }
        if (!delimiter || delimiter < p) {
            delimiter = memchr(p, line->delimiter, (size_t)(end - p));
            delimiter = delimiter ? delimiter : end;
        }
        const char *backslash = memchr(p, '\\', (size_t)(delimiter - p));
        const char *stop = backslash ? backslash : delimiter;
        put_run(line, p, (size_t)(stop - p));
        p = stop < end ? stop + 1 : end;
        *after_backslash = backslash != NULL;
        if (!backslash && stop < end) {
            *ended = true;
            break;
        }
    }
    return (size_t)(p - text);
}

static size_t take_raw(struct line *line, const char *text, size_t len, bool *ended)
{
    const char *delimiter = memchr(text, line->delimiter, len);
    put_run(line, text, delimiter ? (size_t)(delimiter - text) : len);
    *ended = delimiter != NULL;
    return delimiter ? (size_t)(delimiter - text) + 1 : len;
}

/* Returns 0, 1 at the end of input, -errno. */
static int read_line(struct line *line)
{
    bool after_backslash = false, ended = false;
    while (!ended) {
        const char *text;
        ssize_t got = readahead_fill(line->sh, &text);
        if (got == -EINTR && !trap_pending)
            continue;
        if (got <= 0)
            return got < 0 ? (int)got : 1;
        size_t used = line->raw ? take_raw(line, text, (size_t)got, &ended)
                                : take_escaped(line, text, (size_t)got, &after_backslash, &ended);
        readahead_use(line->sh, used);
    }
    return 0;
}

/* ---- into the variables ---- */

/* The delimiter at text[at]: its length and class, or 0. */
static size_t delimiter_at(const struct line *line, size_t at, unsigned *class)
{
    *class = 0;
    if (line->escapes && line->marks[at])
        return 0;
    return ifs_delimiter(&line->sh->expansion->ifs, line->text + at, line->text + line->len, class);
}

static size_t skip_white(const struct line *line, size_t at)
{
    unsigned class;
    while (at < line->len && delimiter_at(line, at, &class) && class == IFS_WHITE)
        at++;
    return at;
}

/* The field at `at` (not at white space): *end is its end; returns where the next one begins. */
static size_t next_field(const struct line *line, size_t at, size_t *end)
{
    unsigned class;
    size_t len = 0;
    while (at < line->len && !(len = delimiter_at(line, at, &class)))
        at++;
    *end = at;
    at = skip_white(line, at);
    if (at < line->len && (len = delimiter_at(line, at, &class)))
        at = skip_white(line, at + len);
    return at;
}

/* What the last name gets: all that is left but the white space behind it, and but one delimiter that only
 * ends it. */
static size_t rest_end(const struct line *line, size_t at)
{
    size_t end, white = line->len;
    unsigned class;
    if (next_field(line, at, &end) == line->len)
        return end;
    while (white > at && delimiter_at(line, white - 1, &class) && class == IFS_WHITE)
        white--;
    return white;
}

static bool assign(struct line *line, char **names)
{
    size_t at = skip_white(line, 0);
    for (; *names; names++) {
        size_t end, next;
        if (names[1]) {
            next = next_field(line, at, &end);
        } else {
            end = rest_end(line, at);
            next = line->len;
        }
        struct symbol *symbol = symbol_intern(*names, strlen(*names));
        if (!var_set(line->sh, symbol, line->text + at, end - at, 0))
            return false;
        at = next;
    }
    return true;
}

/* ---- the utility ---- */

static bool names_are_valid(struct shell *sh, char **names)
{
    if (!*names)
        error_print(sh, "read: a variable name is required");
    for (char **name = names; *name; name++)
        if (!var_is_name(*name, strlen(*name))) {
            error_print(sh, "read: %s: not a valid name", *name);
            return false;
        }
    return *names != NULL;
}

static int read_names(struct line *line, char **names)
{
    reserve(line, 1);
    int result = read_line(line);
    readahead_done(line->sh);
    if (result == -EINTR)
        return 128 + SIGINT;
    if (result < 0) {
        error_print_errno(line->sh, -result, "read");
        return 2;
    }
    return assign(line, names) ? result : 2;
}

int builtin_read(struct shell *sh, int argc, char **argv)
{
    struct line line = {.sh = sh, .delimiter = '\n'};
    struct builtin_options options = {0};
    const char *prompt = NULL;
    for (int letter; (letter = builtin_option(sh, &options, argc, argv, "d:p:r")) != -1;) {
        if (letter == 'r')
            line.raw = true;
        else if (letter == 'd')
            line.delimiter = options.argument[0];
        else if (letter == 'p')
            prompt = options.argument;
        else
            return 2;
    }
    if (!names_are_valid(sh, argv + options.index))
        return 2;
    bool terminal = (prompt || sh->interactive) && isatty(STDIN_FILENO);
    if (terminal && prompt && write(STDERR_FILENO, prompt, strlen(prompt)) < 0)
        error_print_errno(sh, errno, "read");
    line.prompts = terminal && sh->interactive;
    struct arena_mark mark = arena_mark(&sh->scratch);
    int status = read_names(&line, argv + options.index);
    arena_release(&sh->scratch, mark);
    return status;
}
