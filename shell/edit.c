/*
 * edit.c - one line from libedit.
 *
 * libedit keeps the buffer, the keys and the screen; it reads through edit_keys.c, so bytes, signals, the
 * window's size and pasted text are ours. EL_SIGNAL stays off: with it libedit would signal the whole process
 * group.
 */
#include "shell/edit.h"
#include "shell/arena.h"
#include "shell/edit_complete.h"
#include "shell/edit_keys.h"
#include "shell/edit_prompt.h"
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

/* ---- what libedit calls ---- */

static wchar_t *give_prompt(EditLine *el)
{
    return edit_of(el)->prompt;
}

static wchar_t *give_right_prompt(EditLine *el)
{
    return edit_of(el)->right_prompt;
}

/* The text that edit_keys.c collected when the terminal sent a paste. */
static unsigned char insert_paste(EditLine *el, int key)
{
    struct edit *edit = edit_of(el);
    wchar_t *text = edit_widen(edit->paste, edit->paste_len);
    int error = *text ? edit->lib->winsertstr(el, text) : 0;

    (void)key;
    free(text);
    edit->paste_len = 0;
    return error ? CC_ERROR : CC_REFRESH;
}

static int characters_of(const char *text, size_t len)
{
    wchar_t *wide = edit_widen(text, len);
    int count = (int)wcslen(wide);

    free(wide);
    return count;
}

static unsigned char complete(EditLine *el, int key)
{
    struct edit *edit = edit_of(el);
    const LineInfoW *line = edit->lib->wline(el);
    struct edit_completion completion;
    size_t len;
    char *before = edit_narrow(line->buffer, (size_t)(line->cursor - line->buffer), &len);
    const char *no_color = var_get_name(edit->sh, "NO_COLOR");
    const struct edit_list list = {.out = edit->out,
                                   .rows = edit->size.ws_row ? edit->size.ws_row : 24,
                                   .columns = edit->size.ws_col ? edit->size.ws_col : 80,
                                   .colour = !no_color || !*no_color};
    int status = edit_complete(edit->sh, before, len, &list, &completion);

    (void)key;
    if (completion.insert) {
        wchar_t *text = edit_widen(completion.insert, strlen(completion.insert));
        edit->lib->deletestr(el,
                             characters_of(before + len - completion.delete_bytes, completion.delete_bytes));
        edit->lib->winsertstr(el, text);
        free(text);
    }
    free(completion.insert);
    free(before);
    return status < 0 ? CC_ERROR : status > 0 ? CC_REDISPLAY : CC_REFRESH;
}

static unsigned char search(EditLine *el, bool older)
{
    struct edit *edit = edit_of(el);
    const LineInfoW *line = edit->lib->wline(el);
    int count = (int)(line->lastchar - line->buffer);
    size_t len;
    char *now = edit_narrow(line->buffer, (size_t)count, &len);
    const char *found = edit_search(edit->sh, &edit->search, older, now, len);

    free(now);
    if (!found)
        return CC_ERROR;
    wchar_t *text = edit_widen(found, strlen(found));
    edit->lib->cursor(el, (int)(line->lastchar - line->cursor));
    edit->lib->deletestr(el, count);
    if (*text)
        edit->lib->winsertstr(el, text);
    free(text);
    return CC_REFRESH;
}

static unsigned char show_older(EditLine *el, int key)
{
    (void)key;
    return search(el, true);
}

static unsigned char show_newer(EditLine *el, int key)
{
    (void)key;
    return search(el, false);
}

/* At the end of the line: takes what is suggested there, or one word of it. */
static unsigned char take_suggestion(struct edit *edit, bool word)
{
    const char *rest = edit->suggestion.wanted ? edit_suggest_rest(edit) : NULL;
    size_t len = rest ? strlen(rest) : 0;

    if (len == 0)
        return CC_ERROR;
    if (word) {
        len = strspn(rest, " ");
        len += strcspn(rest + len, " ");
    }
    wchar_t *text = edit_widen(rest, len);
    edit->lib->winsertstr(edit->el, text);
    free(text);
    return CC_REFRESH;
}

static unsigned char go_right(EditLine *el, int key)
{
    struct edit *edit = edit_of(el);
    const LineInfoW *line = edit->lib->wline(el);

    (void)key;
    if (line->cursor == line->lastchar)
        return take_suggestion(edit, false);
    edit->lib->cursor(el, 1);
    return CC_CURSOR;
}

static unsigned char go_to_end(EditLine *el, int key)
{
    struct edit *edit = edit_of(el);
    const LineInfoW *line = edit->lib->wline(el);
    int right = (int)(line->lastchar - line->cursor);

    (void)key;
    if (right == 0)
        return take_suggestion(edit, false) == CC_REFRESH ? CC_REFRESH : CC_NORM;
    edit->lib->cursor(el, right);
    return CC_CURSOR;
}

static unsigned char take_word(EditLine *el, int key)
{
    (void)key;
    return take_suggestion(edit_of(el), true);
}

/* ---- setting up ---- */

static const struct binding {
    const char *key, *command;
} emacs_bindings[] = {
    {"\\e[A", "fleetsh-older"},
    {"\\eOA", "fleetsh-older"},
    {"\\e[B", "fleetsh-newer"},
    {"\\eOB", "fleetsh-newer"},
    {"^P", "fleetsh-older"},
    {"^N", "fleetsh-newer"},
    {"^R", "em-inc-search-prev"},
    {"\\e[C", "fleetsh-right"},
    {"\\eOC", "fleetsh-right"},
    {"^F", "fleetsh-right"},
    {"^E", "fleetsh-end"},
    {"\\e\\e[C", "fleetsh-take-word"},
    {"\\e[1;3C", "fleetsh-take-word"},
    {"\\e[H", "ed-move-to-beg"},
    {"\\eOH", "ed-move-to-beg"},
    {"\\e[1~", "ed-move-to-beg"},
    {"\\e[F", "fleetsh-end"},
    {"\\eOF", "fleetsh-end"},
    {"\\e[4~", "fleetsh-end"},
    {"\\e[3~", "ed-delete-next-char"},
    {"\\e[1;5C", "em-next-word"},
    {"\\e[1;5D", "ed-prev-word"},
    {"^W", "ed-delete-prev-word"},
    {NULL, NULL},
};

static void bind_keys(struct edit *edit)
{
    if (edit->mode == EDIT_EMACS)
        for (const struct binding *b = emacs_bindings; b->key; b++)
            edit->lib->set(edit->el, EL_BIND, b->key, b->command, NULL);
    else
        edit->lib->set(edit->el, EL_BIND, "-a", EDIT_PASTE_BIND, "fleetsh-paste", NULL);
    edit->lib->set(edit->el, EL_BIND, EDIT_PASTE_BIND, "fleetsh-paste", NULL);
    edit->lib->set(edit->el, EL_BIND, "^I", "fleetsh-complete", NULL);
}

static enum edit_mode wanted_mode(const struct shell *sh)
{
    return sh->options.vi ? EDIT_VI : sh->options.emacs ? EDIT_EMACS : EDIT_NONE;
}

/* TERM, set -o vi and set -o emacs may have changed since the last line. */
static void follow_settings(struct edit *edit)
{
    const char *terminal = var_get_name(edit->sh, "TERM");
    enum edit_mode mode = wanted_mode(edit->sh);

    if (!edit->terminal || strcmp(edit->terminal, terminal) != 0) {
        free(edit->terminal);
        edit->terminal = xstrdup(terminal);
        edit->lib->set(edit->el, EL_TERMINAL, terminal);
        edit->mode = EDIT_NONE; /* its arrow keys are bound anew */
    }
    if (edit->mode != mode) {
        edit->mode = mode;
        edit->lib->set(edit->el, EL_EDITOR, mode == EDIT_VI ? "vi" : "emacs");
        bind_keys(edit);
        edit->lib->source(edit->el, NULL); /* ~/.editrc has the last word */
    }
}

/*
 * A stream on fd, which is closed. libedit keeps the descriptor's number, so that it cannot be moved when a
 * redirection wants that very one: it is one that nobody asks for, if the limit of open files allows.
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
    const struct libedit *lib = isatty(STDIN_FILENO) && isatty(STDERR_FILENO) ? libedit() : NULL;

    if (!lib)
        return NULL;
    struct edit *edit = xmalloc(sizeof *edit);
    *edit = (struct edit){.sh = sh, .lib = lib, .history = {.sh = sh}};
    edit->out = open_far(dup(STDERR_FILENO)); /* `exec 2>file` does not take the screen away */
    edit->nowhere = open_far(open("/dev/null", O_WRONLY | O_CLOEXEC)); /* for words about an unknown TERM */
    if (edit->out && edit->nowhere)
        edit->el = lib->init("fleetsh", stdin, edit->out, edit->nowhere);
    if (!edit->el) {
        edit_free(edit);
        return NULL;
    }
    lib->wset(edit->el, EL_CLIENTDATA, edit);
    lib->wset(edit->el, EL_SIGNAL, 0);
    lib->wset(edit->el, EL_GETCFN, edit_read_character);
    lib->wset(edit->el, EL_PROMPT_ESC, give_prompt, (int)EDIT_PROMPT_MARK);
    lib->wset(edit->el, EL_RPROMPT_ESC, give_right_prompt, (int)EDIT_PROMPT_MARK);
    lib->wset(edit->el, EL_HIST, edit_history_walk, &edit->history);
    lib->wset(edit->el, EL_ADDFN, L"fleetsh-paste", L"insert pasted text", insert_paste);
    lib->wset(edit->el, EL_ADDFN, L"fleetsh-older", L"earlier command that begins so", show_older);
    lib->wset(edit->el, EL_ADDFN, L"fleetsh-newer", L"later command that begins so", show_newer);
    lib->wset(edit->el, EL_ADDFN, L"fleetsh-right", L"right, or take the suggestion", go_right);
    lib->wset(edit->el, EL_ADDFN, L"fleetsh-end", L"to the end, or take the suggestion", go_to_end);
    lib->wset(edit->el, EL_ADDFN, L"fleetsh-take-word", L"take a word of the suggestion", take_word);
    lib->wset(edit->el, EL_ADDFN, L"fleetsh-complete", L"complete the word", complete);
    if (!sh->options.vi && !sh->options.emacs)
        sh->options.emacs = true;
    return edit;
}

void edit_free(struct edit *edit)
{
    if (!edit)
        return;
    if (edit->el)
        edit->lib->end(edit->el);
    if (edit->out)
        fclose(edit->out);
    if (edit->nowhere)
        fclose(edit->nowhere);
    free(edit->terminal);
    free(edit->history.text);
    free(edit->search.typed);
    free(edit->paste);
    free(edit->line);
    free(edit->prompt);
    free(edit->right_prompt);
    free(edit);
}

bool edit_usable(const struct edit *edit)
{
    const char *terminal = var_get_name(edit->sh, "TERM");

    return terminal && *terminal && strcmp(terminal, "dumb") != 0 && wanted_mode(edit->sh) != EDIT_NONE &&
           isatty(STDIN_FILENO) && isatty(STDERR_FILENO) &&
           isatty(fileno(edit->out)); /* a redirection of that very number takes the screen away */
}

/* ---- a line ---- */

/* Only the last line of the prompt is redrawn by libedit; those above are written once. */
static void show_prompt(struct edit *edit, const struct edit_prompt *prompt)
{
    const char *last, *last_of_right;

    free(edit->prompt);
    edit->prompt = edit_prompt_make(prompt->text, &last);
    free(edit->right_prompt);
    edit->right_prompt = edit_prompt_make(prompt->right, &last_of_right);
    if (edit_prompt_is_blank(edit->right_prompt)) /* libedit would go to the right edge and back for it */
        edit->right_prompt[0] = L'\0';
    edit->prompt_end = prompt->end;
    edit->suggestion = (struct edit_suggestion){.wanted = prompt->suggest && edit->mode == EDIT_EMACS};
    if (prompt->bracket_paste)
        fputs(PASTE_ON, edit->out);
    fwrite(prompt->text, 1, (size_t)(last - prompt->text), edit->out);
    fflush(edit->out);
}

const char *edit_read(struct edit *edit, const struct edit_prompt *prompt, size_t *len, int *error)
{
    int count;

    locale_settle();
    follow_settings(edit);
    keyboard_watch_window(true); /* before the size is asked for */
    if (ioctl(STDIN_FILENO, TIOCGWINSZ, &edit->size) == 0)
        edit->lib->resize(edit->el); /* it may have changed while a command ran */
    edit->stop = 0;
    edit->stopped = edit->fresh = false;
    edit->search.at = 0;
    edit_take_terminal(edit); /* before the prompt: an early key is not echoed twice */
    show_prompt(edit, prompt);
    const wchar_t *text = edit->lib->wgets(edit->el, &count);
    if (prompt->bracket_paste)
        fputs(PASTE_OFF, edit->out);
    if ((!text || count <= 0) && !edit->fresh)
        fputs(edit->stop == EINTR ? "^C\r\n" : "\r\n", edit->out);
    fflush(edit->out);
    edit_give_terminal(edit);
    keyboard_watch_window(false);
    if (!text || count <= 0 || edit->stopped) {
        *error = edit->stop;
        return NULL;
    }
    free(edit->line);
    edit->line = edit_narrow(text, (size_t)count, len);
    *error = 0;
    return edit->line;
}
