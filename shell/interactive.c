/*
 * interactive.c - the input that is a user: prompts, the line editor or plain reading, history, end of file.
 */
#include "shell/arena.h"
#include "shell/edit.h"
#include "shell/error.h"
#include "shell/history.h"
#include "shell/input_impl.h"
#include "shell/job.h"
#include "shell/keyboard.h"
#include "shell/prompt.h"
#include "shell/shell.h"
#include "shell/terminal.h"
#include "shell/trap.h"
#include "shell/var.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ROUTER_MS       20 /* for vmprocd to say what it knows: no prompt waits for a router */
#define MAX_IGNORED_EOF 50 /* set -o ignoreeof: so often in a row, then it is meant */

struct interactive {
    struct input base;
    struct shell *sh;
    struct edit *edit;           /* NULL: plain reading */
    char *prompt, *right_prompt; /* of the command being typed, malloc'ed */
    struct terminal terminal;
    struct prompt_facts facts;
    int64_t began_ms; /* the running command; 0: none runs */
    bool started;
    bool router_settled; /* there is one, or the user was told that there is none */
    char *text;          /* what was read: lines given to the parser, then lines pasted with them */
    size_t len, cap;
    size_t begin;  /* of the command being typed */
    size_t next;   /* first line not given to the parser yet */
    unsigned ends; /* ends of file ignored in a row */
};

static void text_put(struct interactive *in, const char *text, size_t len)
{
    if (in->len + len > in->cap) {
        in->cap = 2 * (in->len + len);
        in->text = xrealloc(in->text, in->cap);
    }
    memcpy(in->text + in->len, text, len);
    in->len += len;
}

/* ---- prompts ---- */

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Who works in the open mode shall see it, whatever PS1 is. */
static const char *mark_prompt(struct shell *sh, const char *template, const char *text)
{
    struct arena_string s;

    if (!sh->options.ambient || strstr(template, "\\{mode"))
        return text;
    arena_string_begin(&s, &sh->scratch);
    arena_string_put(&s, "[ambient] ", 10);
    arena_string_put(&s, text, strlen(text));
    return arena_string_finish(&s, NULL);
}

static const char *make_prompt(struct interactive *in, const char *name)
{
    const char *template = var_get_name(in->sh, name), *text;

    if (!template)
        return "";
    text = prompt_make(in->sh, template, &in->facts);
    return strcmp(name, "PS1") == 0 ? mark_prompt(in->sh, template, text) : text;
}

/* ---- history ---- */

static bool is_blank(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!strchr(" \t\n", text[i]))
            return false;
    return true;
}

/* What the parser was given since the last call is a complete command. runs: or else an error. */
static void finish_command(struct interactive *in, bool runs)
{
    size_t len = in->next - in->begin;
    const char *text = in->text + in->begin;

    if (in->edit)
        edit_finish(in->edit);
    while (len > 0 && text[len - 1] == '\n')
        len--;
    if (len > 0 && !is_blank(text, len)) {
        history_add(in->sh, text, len);
        if (runs) {
            terminal_command(in->sh, &in->terminal, text, len);
            in->began_ms = now_ms();
        }
    }
    in->begin = in->next;
    if (in->next == in->len)
        in->begin = in->next = in->len = 0;
}

/* ---- reading ---- */

/* Without the line editor: the prompt on standard error (XCU 2.5.3), the terminal's own line discipline. */
static int read_plain(struct interactive *in, const char *prompt, const char *prompt_end)
{
    size_t start = in->len;

    dprintf(STDERR_FILENO, "%s%s", prompt, prompt_end);
    for (;;) {
        unsigned char byte;
        int error;

        switch (keyboard_read(&byte, -1, -1)) {
        case KEYBOARD_BYTE:
            if (byte != '\0')
                text_put(in, (char *)&byte, 1);
            if (byte == '\n')
                return 0;
            break;
        case KEYBOARD_SIGNAL:
            error = keyboard_attend(in->sh);
            if (error != 0) {
                if (error == EINTR)
                    dprintf(STDERR_FILENO, "\n");
                return error;
            }
            break;
        default: /* a last line without a newline is one, too */
            return in->len > start ? 0 : ENODATA;
        }
    }
}

/*
 * What the line editor made of the open command: its further lines are appended. ERESTART: the lines that the
 * parser has were changed, too, and it must begin anew.
 */
static int take_edited(struct interactive *in, const char *line, size_t len)
{
    size_t begun = in->len - in->begin;

    if (begun == 0 || (len >= begun && memcmp(line, in->text + in->begin, begun) == 0)) {
        text_put(in, line + begun, len - begun);
        return 0;
    }
    in->len = in->next = in->begin;
    text_put(in, line, len);
    return ERESTART;
}

/* The command being typed keeps the prompt it began with. */
static void begin_prompts(struct interactive *in)
{
    free(in->prompt);
    free(in->right_prompt);
    in->prompt = xstrdup(make_prompt(in, "PS1"));
    in->right_prompt = xstrdup(make_prompt(in, "RPS1"));
}

static int read_edited(struct interactive *in, bool continuation)
{
    size_t len;
    int error;

    if (!continuation || !in->prompt)
        begin_prompts(in);
    const struct edit_prompt shown = {.text = in->prompt,
                                      .right = in->right_prompt,
                                      .more = make_prompt(in, "PS2"),
                                      .end = terminal_prompt_end(&in->terminal),
                                      .suggest = in->terminal.features & TERMINAL_SUGGEST,
                                      .judge = in->terminal.features & TERMINAL_MISSING,
                                      .bracket_paste = in->terminal.features & TERMINAL_PASTE};
    const char *line = edit_read(in->edit, &shown, in->text + in->begin, in->len - in->begin, &len, &error);
    if (!line)
        return error == 0 ? ENODATA : error;
    if (in->sh->options.verbose)
        edit_finish(in->edit); /* the line is written once more */
    return take_edited(in, line, len);
}

/* Appends what the user typed. 0, ERESTART, EINTR, ECANCELED, EIO; ENODATA: end of file. */
static int read_lines(struct interactive *in, bool continuation)
{
    struct arena_mark mark = arena_mark(&in->sh->scratch);
    int error;

    if (in->edit && edit_usable(in->edit))
        error = read_edited(in, continuation);
    else
        error = read_plain(in, make_prompt(in, continuation ? "PS2" : "PS1"),
                           continuation ? "" : terminal_prompt_end(&in->terminal));
    arena_release(&in->sh->scratch, mark);
    return error;
}

/* The router is sought while the user types. That there is none is told once, at the prompt that knows. */
static void look_for_router(struct interactive *in)
{
    char why[VMPROC_WHY_MAX];

    if (in->router_settled || shell_executes(in->sh))
        return;
    switch (vmproc_router_state(ROUTER_MS, why)) {
    case VMPROC_ROUTER_FAILED:
        error_print(in->sh,
                    "no router, so no VM for a command (%s); `host COMMAND` runs it on this machine, "
                    "`vm router` tells more",
                    why);
        in->router_settled = true;
        break;
    case VMPROC_ROUTER_READY:
        in->router_settled = true;
        break;
    default:
        break;
    }
}

/* What is looked after before each primary prompt. */
static void prepare(struct interactive *in)
{
    struct shell *sh = in->sh;
    struct winsize size;
    char number[16];

    if (!in->started) { /* not earlier: the file that ENV names may set HISTFILE and options */
        in->started = true;
        history_open(sh);
        in->edit = edit_new(sh);
    }
    history_catch_up(sh);
    trap_run_pending(sh);
    job_notify(sh);
    look_for_router(in);
    if (sh->options.notify)
        trap_watch_children(sh);
    if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
        snprintf(number, sizeof number, "%u", size.ws_row);
        var_set_name(sh, "LINES", number, 0);
        snprintf(number, sizeof number, "%u", size.ws_col);
        var_set_name(sh, "COLUMNS", number, 0);
    }
    in->facts.took_ms = in->began_ms ? now_ms() - in->began_ms : 0;
    in->began_ms = 0;
    terminal_prompt(sh, &in->terminal);
}

/* set -o ignoreeof (XCU set): a typed end of file is not the end. */
static bool ignores_end(struct interactive *in)
{
    if (!in->sh->options.ignoreeof || !isatty(STDIN_FILENO) || ++in->ends > MAX_IGNORED_EOF)
        return false;
    dprintf(STDERR_FILENO, "Use \"exit\" to leave the shell.\n");
    return true;
}

/* The terminal was closed. Its session's leader gets SIGHUP for that, we may be another's child; it is the
 * same to our jobs. */
static bool terminal_is_gone(void)
{
    struct pollfd terminal = {.fd = STDIN_FILENO};
    struct stat st;

    return fstat(STDIN_FILENO, &st) == 0 && S_ISCHR(st.st_mode) && poll(&terminal, 1, 0) == 1 &&
           (terminal.revents & POLLHUP);
}

static const char *next_line(struct interactive *in, size_t *len)
{
    const char *line = in->text + in->next;
    const char *newline = memchr(line, '\n', in->len - in->next);

    *len = newline ? (size_t)(newline + 1 - line) : in->len - in->next;
    in->next += *len;
    return line;
}

static const char *interactive_line(struct input *input, bool continuation, size_t *len, int *error)
{
    struct interactive *in = (struct interactive *)input;

    if (!continuation && in->started)
        finish_command(in, false);
    while (in->next == in->len) {
        if (!continuation)
            prepare(in);
        *error = in->sh->unwind != UNWIND_NONE ? ECANCELED : read_lines(in, continuation);
        if (*error == 0) {
            in->ends = 0;
            break;
        }
        if (*error == ERESTART) { /* the parser forgets what it has, and comes back for all of it */
            *error = EINTR;
            return NULL;
        }
        if ((*error == ENODATA || *error == EIO) && terminal_is_gone()) {
            raise(SIGHUP);
            trap_run_pending(in->sh);
        } else if (*error == ENODATA && !continuation && ignores_end(in)) {
            continue;
        }
        in->begin = in->next = in->len = 0;
        if (*error != EINTR) /* the end; what a trap unwinds to is in sh->unwind */
            *error = 0;
        return NULL;
    }
    return next_line(in, len);
}

static void interactive_sync(struct input *input)
{
    finish_command((struct interactive *)input, true);
}

static void interactive_free(struct input *input)
{
    struct interactive *in = (struct interactive *)input;

    edit_free(in->edit);
    free(in->prompt);
    free(in->right_prompt);
    free(in->text);
    free(in);
}

struct input *input_interactive(struct shell *sh)
{
    static const struct input_kind kind = {interactive_line, interactive_sync, interactive_free, NULL, NULL};
    struct interactive *in = xmalloc(sizeof *in);

    *in = (struct interactive){.base = {.kind = &kind, .echo = true}, .sh = sh};
    return &in->base;
}
