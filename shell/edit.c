/* edit.c - a line from the prompt to Enter; the terminal's modes; signals meanwhile. */
#include "shell/arena.h"
#include "shell/edit_state.h"
#include "shell/history.h"
#include "shell/keyboard.h"
#include "shell/locale.h"
#include "shell/redir.h"
#include "shell/shell.h"
#include "shell/var.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define FAR_FD    250
#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

static enum edit_mode wanted_mode(const struct shell *sh)
{
    return sh->options.vi ? EDIT_VI : sh->options.emacs ? EDIT_EMACS : EDIT_NONE;
}

/*
 * A stream on fd, which is closed. Its descriptor is one that nobody asks for, if the limit of open files
 * allows: a redirection that wants that very one would take the screen away.
 */
static FILE *open_far(int fd)
{
    int far = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, FAR_FD);

    if (far < 0)
        far = redir_move_high(fd);
    else
        close(fd);
    return far >= 0 ? fdopen(far, "w") : NULL;
}

struct edit *edit_new(struct shell *sh)
{
    FILE *out = isatty(STDIN_FILENO) && isatty(STDERR_FILENO)
                    ? open_far(dup(STDERR_FILENO)) /* `exec 2>file` does not take the screen away */
                    : NULL;

    if (!out)
        return NULL;
    struct edit *edit = xmalloc(sizeof *edit);
    *edit = (struct edit){.sh = sh, .out = out, .screen = {.out = out}, .judge = {.answer = -1}};
    edit_text_begin(&edit->text, "", 0);
    if (!sh->options.vi && !sh->options.emacs)
        sh->options.emacs = true;
    return edit;
}

static void free_prompts(struct edit *edit)
{
    free(edit->lead.bytes);
    free(edit->more.bytes);
    free(edit->right.bytes);
    free(edit->above);
}

void edit_free(struct edit *edit)
{
    if (!edit)
        return;
    fclose(edit->out);
    edit_text_free(&edit->text);
    edit_kill_free(&edit->kills);
    edit_screen_free(&edit->screen);
    edit_keys_free(&edit->keyboard);
    edit_vi_free(&edit->vi);
    free_prompts(edit);
    free(edit->walk.typed);
    free(edit->sought);
    free(edit->line);
    free(edit);
}

bool edit_usable(const struct edit *edit)
{
    const char *terminal = var_get_name(edit->sh, "TERM");

    return terminal && *terminal && strcmp(terminal, "dumb") != 0 && wanted_mode(edit->sh) != EDIT_NONE &&
           isatty(STDIN_FILENO) && isatty(STDERR_FILENO) &&
           isatty(fileno(edit->out)); /* a redirection of that very number takes the screen away */
}

/* ---- the terminal ---- */

/*
 * Signals stay on: ^C is SIGINT and finds its trap. What would stop or quit the shell is a key. So does the
 * translation of CR: the kernel does it when a key comes, and what is typed ahead may be for a command.
 */
void edit_take_terminal(struct edit *edit)
{
    struct termios modes;

    if (edit->taken || tcgetattr(STDIN_FILENO, &modes) != 0)
        return;
    edit->taken = true;
    edit->modes = modes;
    edit->has_modes = modes.c_lflag & ICANON; /* else a command forgot to leave the raw mode: not kept */
    if (!edit->has_modes) {
        edit->modes.c_lflag |= ICANON | ECHO | ECHOE | ECHOK | ISIG | IEXTEN;
        edit->modes.c_iflag |= ICRNL | BRKINT;
        edit->modes.c_oflag |= OPOST | ONLCR;
        modes.c_oflag |= OPOST | ONLCR;
    }
    modes.c_iflag &= (tcflag_t) ~(INLCR | IGNCR | IXON | ISTRIP | INPCK);
    modes.c_iflag |= ICRNL;
    modes.c_lflag &= (tcflag_t) ~(ICANON | ECHO | IEXTEN);
    modes.c_lflag |= ISIG;
    modes.c_cc[VMIN] = modes.c_cc[VTIME] = 0; /* nobody waits in read(2): keyboard.c */
    modes.c_cc[VQUIT] = modes.c_cc[VSUSP] = _POSIX_VDISABLE;
    edit->screen.onlcr = (modes.c_oflag & OPOST) && (modes.c_oflag & ONLCR);
    tcsetattr(STDIN_FILENO, TCSADRAIN, &modes);
}

void edit_give_terminal(struct edit *edit)
{
    if (edit->taken)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &edit->modes);
    edit->taken = false;
}

void edit_bell(struct edit *edit)
{
    fputc('\a', edit->out);
    fflush(edit->out);
}

/* xterm and the kernel's console leave wrapped lines as they are when the window changes. */
static bool reflows(struct edit *edit)
{
    const char *terminal = var_get_name(edit->sh, "TERM");

    return !var_get_name(edit->sh, "XTERM_VERSION") && terminal && strcmp(terminal, "linux") != 0;
}

static void follow_window(struct edit *edit)
{
    struct winsize size;

    if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) != 0 ||
        (size.ws_row == edit->screen.height && size.ws_col == edit->screen.width))
        return;
    edit_screen_resize(&edit->screen, size.ws_row, size.ws_col, reflows(edit));
    edit_show(edit);
}

bool edit_attend(struct edit *edit)
{
    bool noisy = keyboard_is_noisy(edit->sh);

    if (noisy) { /* the action shall find the terminal as commands do */
        edit_step_aside(edit);
        edit_give_terminal(edit);
    }
    edit->stop = keyboard_attend(edit->sh);
    edit->stopped = edit->stop != 0;
    if (noisy) {
        edit_take_terminal(edit);
        edit->fresh = edit->stopped;
        if (!edit->stopped) {
            edit_show_prompt_above(edit);
            edit_show(edit);
        }
    }
    if (!edit->stopped)
        follow_window(edit); /* after its signal was taken: no change is missed */
    return !edit->stopped;
}

/* ---- a line ---- */

void edit_set_text(struct edit *edit, const char *bytes, size_t len)
{
    if (edit->mode == EDIT_VI) { /* XCU sh: u does not take back that another line is shown */
        edit_text_begin(&edit->text, bytes, len);
        free(edit->vi.original);
        edit->vi.original = xstrdup(edit->text.bytes);
        return;
    }
    edit_text_new_group(&edit->text);
    edit_text_replace(&edit->text, 0, edit->text.len, bytes, len);
}

static void set_prompts(struct edit *edit, const struct edit_prompt *prompt)
{
    const char *last, *unused;
    size_t len, end_len = strlen(prompt->end);

    free_prompts(edit);
    edit->lead = edit_prompt_make(prompt->text, &last);
    edit->more = edit_prompt_make(prompt->more, &unused);
    edit->right = edit_prompt_make(prompt->right, &unused);
    if (edit->right.blank)
        edit->right.columns = 0;
    edit->above = xmalloc((size_t)(last - prompt->text) + 1);
    memcpy(edit->above, prompt->text, (size_t)(last - prompt->text));
    edit->above[last - prompt->text] = '\0';
    len = strlen(edit->lead.bytes);
    edit->lead.bytes = xrealloc(edit->lead.bytes, len + end_len + 1);
    memcpy(edit->lead.bytes + len, prompt->end, end_len + 1);
    edit->suggest = prompt->suggest && edit->mode == EDIT_EMACS;
}

static bool is_set(struct shell *sh, const char *name)
{
    const char *value = var_get_name(sh, name);

    return value && *value;
}

static void begin_line(struct edit *edit, const struct edit_prompt *prompt, const char *begun,
                       size_t begun_len)
{
    struct winsize size = {0};

    edit->mode = wanted_mode(edit->sh);
    edit->screen.colour = !is_set(edit->sh, "NO_COLOR");
    if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        size.ws_col = 80;
    if (edit->screen.known && (edit->screen.height != size.ws_row || edit->screen.width != size.ws_col))
        edit_screen_resize(&edit->screen, size.ws_row, size.ws_col, reflows(edit));
    edit->screen.height = size.ws_row > 0 ? size.ws_row : 24;
    edit->screen.width = size.ws_col;
    set_prompts(edit, prompt);
    edit_judge_begin(edit, prompt->judge && edit->screen.colour);
    if (prompt->bracket_paste)
        fputs(PASTE_ON, edit->out);
    if (!edit->screen.known)
        edit_show_prompt_above(edit);
    /* What was typed of an open command can still be taken back, step by step. */
    if (edit->text.len == begun_len && begun_len > 0 && memcmp(edit->text.bytes, begun, begun_len) == 0)
        edit_text_new_group(&edit->text);
    else
        edit_text_begin(&edit->text, begun, begun_len);
    const char *next = begun_len == 0 && edit->next_number && edit->sh->history
                           ? history_get(edit->sh->history, edit->next_number)
                           : NULL;
    if (next)
        edit_text_begin(&edit->text, next, strlen(next));
    edit->walk.at = next ? edit->next_number : 0;
    edit->next_number = 0;
    edit->text.cursor = edit->text.len;
    edit->last = edit->now = NULL;
    edit->mark = 0;
    edit->accepted = edit->stopped = edit->fresh = false;
    edit->stop = 0;
    if (edit->mode == EDIT_VI)
        edit_vi_begin(edit);
}

static void take_keys(struct edit *edit)
{
    while (!edit->accepted && !edit->stopped) {
        uint32_t key = edit_key(edit);
        if (key == KEY_NONE)
            break;
        edit->key = key;
        if (edit->mode == EDIT_VI)
            edit_vi_key(edit, key);
        else
            edit_emacs_key(edit, key);
    }
}

/* Enter: a newline behind the whole. */
static const char *finish_line(struct edit *edit, size_t *len)
{
    edit_show_final(edit, "");
    edit->text.cursor = edit->text.len;
    edit_text_insert(&edit->text, "\n", 1);
    free(edit->line);
    edit->line = xstrdup(edit->text.bytes);
    *len = edit->text.len;
    return edit->line;
}

static void give_up_line(struct edit *edit)
{
    edit->text.cursor = edit->text.len;
    if (!edit->fresh)
        edit_show_final(edit, edit->stop == EINTR ? "^C" : "");
    edit->keyboard.queue_len = edit->keyboard.queue_at = 0;
    edit->keyboard.recording = false;
    edit_text_begin(&edit->text, "", 0);
    edit_finish(edit);
}

const char *edit_read(struct edit *edit, const struct edit_prompt *prompt, const char *begun,
                      size_t begun_len, size_t *len, int *error)
{
    locale_settle();
    keyboard_watch_window(true); /* before the size is asked for */
    edit_take_terminal(edit);    /* before the prompt: an early key is not echoed twice */
    begin_line(edit, prompt, begun, begun_len);
    take_keys(edit);
    edit_judge_end(edit);
    keyboard_watch_window(false);
    *error = edit->stop;
    const char *line = edit->accepted ? finish_line(edit, len) : NULL;
    if (!line)
        give_up_line(edit);
    if (prompt->bracket_paste)
        fputs(PASTE_OFF, edit->out);
    fflush(edit->out);
    return line;
}

void edit_finish(struct edit *edit)
{
    edit->screen.known = false;
    edit->screen.row = edit->screen.column = 0;
    edit_give_terminal(edit);
}
