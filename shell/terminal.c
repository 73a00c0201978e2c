/* terminal.c - marks, directory and title for the terminal (OSC 133, 633, 7, 2). */
#include "shell/terminal.h"
#include "shell/arena.h"
#include "shell/locale.h"
#include "shell/shell.h"
#include "shell/utf8.h"
#include "shell/var.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define OSC       "\033]"
#define ST        "\033\\"
#define TITLE_MAX 200 /* bytes */
#define MARK_TEXT_MAX                                                                                        \
    4096 /* bytes of a command that a mark tells; terminals limit the length of a sequence */

static const struct feature {
    const char *name;
    enum terminal_feature bit;
} features[] = {
    {"cwd", TERMINAL_CWD},         {"marks", TERMINAL_MARKS},     {"missing", TERMINAL_MISSING},
    {"modes", TERMINAL_MODES},     {"newline", TERMINAL_NEWLINE}, {"paste", TERMINAL_PASTE},
    {"suggest", TERMINAL_SUGGEST}, {"title", TERMINAL_TITLE},     {NULL, 0},
};

/* These show such sequences as garbage, or have no use for them. */
static const char *const plain_terminals[] = {"cons25", "dumb",  "emacs", "eterm", "linux",   "sun",
                                              "vt100",  "vt102", "vt220", "vt52",  "unknown", NULL};

/*
 * What a program that was killed, or forgot, leaves switched on. docs/EMBEDDING.md has the same table. What moves
 * the cursor (the scrolling region) comes between saving and restoring it; origin mode does nothing without a region.
 */
static const char usual_modes[] =
    "\033[?2026l"      /* synchronized output: nothing would be seen until it ends */
    "\033[m\033(B\017" /* colours and attributes, character sets */
    "\033[4l"          /* insert mode */
    "\033[?1l\033>"    /* application cursor keys and keypad */
    "\033[?5;45;69l"   /* reverse video, reverse wrapping, left and right margins */
    "\033[?9;1000;1002;1003;1005;1006;1015;1016l" /* reports of the mouse, and their forms */
    "\033[?1004;2004;2031;2048l"                  /* reports of focus, pastes, colours, the window's size */
    "\033[=0u\033[>4m"                            /* keyboards: kitty's and xterm's */
    "\033[?25;7h"                                 /* the cursor is seen, lines wrap */
    "\033[?1047l"                                 /* the other screen */
    "\033[0 q"                                    /* shape of the cursor: the user's */
    "\0337\033[r\0338"                            /* scrolling region */
    "\033[J";                                     /* what a screen had below the cursor */

bool terminal_has_screen(struct shell *sh)
{
    const char *term = var_get_name(sh, "TERM");

    return term && *term && strcmp(term, "dumb") != 0;
}

static unsigned wanted_features(const char *list)
{
    unsigned wanted = 0;

    for (size_t len; *list; list += len) {
        list += strspn(list, " ,");
        len = strcspn(list, " ,");
        for (const struct feature *f = features; f->name; f++)
            if (strlen(f->name) == len && strncmp(f->name, list, len) == 0)
                wanted |= (unsigned)f->bit;
    }
    return wanted;
}

unsigned terminal_features(struct shell *sh)
{
    const char *term = var_get_name(sh, "TERM"), *list = var_get_name(sh, "FLEETSH_TERMINAL");

    if (!term || !*term || !isatty(STDERR_FILENO))
        return 0;
    for (const char *const *name = plain_terminals; *name; name++)
        if (strncmp(term, *name, strlen(*name)) == 0)
            return (list ? wanted_features(list) : ~0u) &
                   (TERMINAL_PASTE | TERMINAL_SUGGEST | TERMINAL_MISSING);
    return list ? wanted_features(list) : ~0u;
}

/* ---- texts in sequences ---- */

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code & UTF8_INVALID);
}

/* As in a URL; slashes stay. */
static void put_percent(struct arena_string *s, const char *text, size_t len)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c != '\0' && strchr(plain, c)) {
            arena_string_putc(s, (char)c);
        } else {
            char code[3] = {'%', digits[c >> 4], digits[c & 15]};
            arena_string_put(s, code, sizeof code);
        }
    }
}

/* What users may see: characters that are no controls, in UTF-8. */
static void put_visible(struct arena_string *s, const char *text, size_t len)
{
    const char *end = text + (len < TITLE_MAX ? len : TITLE_MAX);
    uint32_t code;

    for (size_t n; text < end; text += n) {
        n = utf8_decode(text, end, true, &code);
        if (is_control(code))
            arena_string_putc(s, ' ');
        else
            arena_string_put(s, text, n);
    }
}

/* VS Code's way: \xHH for what ends a sequence or a parameter. */
static void put_vscode(struct arena_string *s, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        char code[8];
        if (c == '\\')
            arena_string_put(s, "\\\\", 2);
        else if (c < 0x20 || c == ';' || c == 0x7f)
            arena_string_put(s, code, (size_t)snprintf(code, sizeof code, "\\x%02x", c));
        else
            arena_string_putc(s, (char)c);
    }
}

static void put(struct arena_string *s, const char *text)
{
    arena_string_put(s, text, strlen(text));
}

/* ---- the sequences ---- */

static void begin_mark(struct arena_string *s, const struct terminal *terminal, const char *mark)
{
    put(s, terminal->vscode ? OSC "633;" : OSC "133;");
    put(s, mark);
}

static void put_mark(struct arena_string *s, const struct terminal *terminal, const char *mark)
{
    begin_mark(s, terminal, mark);
    put(s, ST);
}

static void put_status(struct arena_string *s, const struct terminal *terminal, int status)
{
    char text[16];

    if (terminal->state == TERMINAL_RUNNING) {
        snprintf(text, sizeof text, "D;%d", status & 0xff);
        put_mark(s, terminal, text);
    } else if (terminal->state == TERMINAL_TYPING) {
        put_mark(s, terminal, "D");
    }
}

/*
 * A sign and as many blanks as make a row of it: where the cursor was at the beginning of a row it is there still, else
 * it is in the next one, and the sign tells what the output did not end with. Comes before what moves the cursor, which
 * would forget that the last column was written and the next character belongs to the next row.
 */
static void put_fresh_line(struct arena_string *s)
{
    struct winsize size;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2)
        return;
    put(s, "\033[?7h\033[m"); /* rows wrap */
    put(s, locale_is_utf8() ? "\033[2m\xe2\x8f\x8e\033[m" : "\033[2m%\033[m");
    for (unsigned column = 1; column < size.ws_col; column++)
        arena_string_putc(s, ' ');
    put(s, "\r\033[K");
}

static void put_directory(struct arena_string *s, struct shell *sh, const struct terminal *terminal)
{
    const char *pwd = var_get_name(sh, "PWD");
    char host[HOST_NAME_MAX + 1] = "";

    if (!pwd || pwd[0] != '/')
        return;
    if (terminal->features & TERMINAL_CWD) {
        gethostname(host, sizeof host - 1);
        put(s, OSC "7;file://");
        put_percent(s, host, strlen(host));
        put_percent(s, pwd, strlen(pwd));
        put(s, ST);
    }
    if ((terminal->features & TERMINAL_MARKS) && terminal->vscode) {
        begin_mark(s, terminal, "P;Cwd=");
        put_vscode(s, pwd, strlen(pwd));
        put(s, ST);
    }
}

static void put_directory_title(struct arena_string *s, struct shell *sh)
{
    const char *pwd = var_get_name(sh, "PWD"), *home = var_get_name(sh, "HOME");
    size_t home_len = home ? strlen(home) : 0;
    char host[HOST_NAME_MAX + 1] = "";

    put(s, OSC "2;");
    if (var_get_name(sh, "SSH_CONNECTION")) { /* which of the many windows it is */
        gethostname(host, sizeof host - 1);
        put_visible(s, host, strlen(host));
        put(s, ": ");
    }
    if (pwd && home_len > 1 && strncmp(pwd, home, home_len) == 0 &&
        (pwd[home_len] == '/' || pwd[home_len] == '\0')) {
        put(s, "~");
        pwd += home_len;
    }
    if (pwd)
        put_visible(s, pwd, strlen(pwd));
    put(s, ST);
}

static void put_command(struct arena_string *s, struct shell *sh, const struct terminal *terminal,
                        const char *text, size_t len)
{
    const char *nonce = var_get_name(sh, "VSCODE_NONCE");

    len = len < MARK_TEXT_MAX ? len : MARK_TEXT_MAX;
    if (terminal->vscode) {
        begin_mark(s, terminal, "E;");
        put_vscode(s, text, len);
        if (nonce) {
            put(s, ";");
            put_vscode(s, nonce, strlen(nonce));
        }
        put(s, ST);
        put_mark(s, terminal, "C");
    } else {
        begin_mark(s, terminal, "C;cmdline_url=");
        put_percent(s, text, len);
        put(s, ST);
    }
}

/* One write(2): a sequence is not mixed with what a background job writes. A terminal that is gone is noticed
 * by who reads from it. */
static void send(struct arena_string *s)
{
    size_t len;
    const char *text = arena_string_finish(s, &len);

    while (len > 0) {
        ssize_t n = write(STDERR_FILENO, text, len);
        if (n <= 0)
            return;
        text += n;
        len -= (size_t)n;
    }
}

void terminal_prompt(struct shell *sh, struct terminal *terminal)
{
    struct arena_mark mark = arena_mark(&sh->scratch);
    const char *program = var_get_name(sh, "TERM_PROGRAM");
    struct arena_string s;

    terminal->features = terminal_features(sh);
    terminal->vscode = program && strcmp(program, "vscode") == 0;
    arena_string_begin(&s, &sh->scratch);
    if (terminal->state == TERMINAL_RUNNING && (terminal->features & (TERMINAL_MARKS | TERMINAL_MODES)))
        put(&s, ST); /* a string without an end */
    if (terminal->features & TERMINAL_MARKS)
        put_status(&s, terminal, sh->status);
    if ((terminal->features & TERMINAL_NEWLINE) && terminal->state != TERMINAL_TYPING)
        put_fresh_line(&s);
    if ((terminal->features & TERMINAL_MODES) && terminal->state == TERMINAL_RUNNING)
        put(&s, usual_modes);
    put_directory(&s, sh, terminal);
    if (terminal->features & TERMINAL_TITLE)
        put_directory_title(&s, sh);
    if (terminal->features & TERMINAL_MARKS)
        put_mark(&s, terminal, "A");
    send(&s);
    arena_release(&sh->scratch, mark);
    terminal->state = TERMINAL_TYPING;
}

const char *terminal_prompt_end(const struct terminal *terminal)
{
    if (!(terminal->features & TERMINAL_MARKS))
        return "";
    return terminal->vscode ? OSC "633;B" ST : OSC "133;B" ST;
}

void terminal_command(struct shell *sh, struct terminal *terminal, const char *text, size_t len)
{
    struct arena_mark mark = arena_mark(&sh->scratch);
    const char *newline = memchr(text, '\n', len);
    struct arena_string s;

    arena_string_begin(&s, &sh->scratch);
    if (terminal->features & TERMINAL_MARKS) {
        if (terminal->state == TERMINAL_RUNNING) { /* typed or pasted together with the one before */
            put_status(&s, terminal, sh->status);
            put_mark(&s, terminal, "A");
            put_mark(&s, terminal, "B");
        }
        put_command(&s, sh, terminal, text, len);
    }
    if (terminal->features & TERMINAL_TITLE) {
        put(&s, OSC "2;");
        put_visible(&s, text, newline ? (size_t)(newline - text) : len);
        put(&s, ST);
    }
    send(&s);
    arena_release(&sh->scratch, mark);
    terminal->state = TERMINAL_RUNNING;
}
