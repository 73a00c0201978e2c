/* edit_keys.c - bytes, characters, pastes and signals on their way to libedit. */
#include "shell/edit_keys.h"
#include "shell/arena.h"
#include "shell/edit_escape.h"
#include "shell/keyboard.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PASTE_MAX (1024 * 1024) /* bytes of one paste; the rest is dropped */

static const char paste_end[] = "\033[201~";

struct edit *edit_of(EditLine *el)
{
    void *edit;

    libedit()->wget(el, EL_CLIENTDATA, &edit);
    return edit;
}

wchar_t *edit_widen(const char *text, size_t len)
{
    wchar_t *wide = xmalloc((len + 1) * sizeof *wide);
    mbstate_t state = {0};
    size_t out = 0;

    while (len > 0) {
        size_t n = mbrtowc(&wide[out], text, len, &state);
        if (n == (size_t)-1 || n == (size_t)-2 || n == 0) {
            memset(&state, 0, sizeof state);
            wide[out] = L'?';
            n = 1;
        }
        text += n;
        len -= n;
        out++;
    }
    wide[out] = L'\0';
    return wide;
}

char *edit_narrow(const wchar_t *text, size_t count, size_t *len)
{
    char *bytes = xmalloc(count * MB_CUR_MAX + 1);
    mbstate_t state = {0};

    *len = 0;
    for (size_t i = 0; i < count; i++) {
        size_t n = wcrtomb(bytes + *len, text[i], &state);
        if (n == (size_t)-1) {
            memset(&state, 0, sizeof state);
            bytes[*len] = '?';
            n = 1;
        }
        *len += n;
    }
    bytes[*len] = '\0';
    return bytes;
}

/* ---- signals, and the window ---- */

/*
 * libedit believes only some of the modes that stty sets: it would switch tostop off and echoctl on. So
 * commands find what they have left; but not the raw mode of one that forgot to leave it.
 */
void edit_take_terminal(struct edit *edit)
{
    edit->has_modes = tcgetattr(STDIN_FILENO, &edit->modes) == 0 && (edit->modes.c_lflag & ICANON);
    edit->lib->wset(edit->el, EL_PREP_TERM, 1);
}

void edit_give_terminal(struct edit *edit)
{
    edit->lib->wset(edit->el, EL_PREP_TERM, 0);
    if (edit->has_modes)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &edit->modes);
}

static void show_again(struct edit *edit)
{
    edit->lib->wset(edit->el, EL_REFRESH);
    fflush(edit->out);
}

static void follow_window(struct edit *edit)
{
    struct winsize size;

    if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) != 0 ||
        (size.ws_row == edit->size.ws_row && size.ws_col == edit->size.ws_col))
        return;
    edit->size = size;
    edit->lib->resize(edit->el);
    fputs("\r\033[J", edit->out); /* the terminal has rearranged the line; begin it anew */
    show_again(edit);
}

/* False: reading is over. */
static bool attend(struct edit *edit)
{
    bool noisy = keyboard_is_noisy(edit->sh);

    edit_suggest_hide(edit);
    if (noisy) { /* the action shall find the terminal as commands do */
        edit_give_terminal(edit);
        fputs("\r\n", edit->out);
        fflush(edit->out);
    }
    edit->stop = keyboard_attend(edit->sh);
    if (noisy) {
        edit_take_terminal(edit);
        edit->fresh = edit->stop != 0;
        if (edit->stop == 0)
            show_again(edit);
    }
    if (edit->stop == 0)
        follow_window(edit); /* after its signal was taken: no change is missed */
    return edit->stop == 0;
}

/* ---- bytes ---- */

int edit_byte_within(struct edit *edit, int milliseconds, char *byte)
{
    for (;;) {
        switch (keyboard_read((unsigned char *)byte, milliseconds)) {
        case KEYBOARD_BYTE:
            return 1;
        case KEYBOARD_NOTHING:
            return 0;
        case KEYBOARD_SIGNAL:
            if (attend(edit))
                break;
            return -1;
        default:
            edit->stop = EIO;
            return -1;
        }
    }
}

/* One byte, waited for; false: reading is over, edit->stop says why. */
static bool next_byte(struct edit *edit, char *byte)
{
    return edit_byte_within(edit, -1, byte) > 0;
}

static void paste_put(struct edit *edit, char byte)
{
    if (edit->paste_len == PASTE_MAX || byte == '\0')
        return;
    if (edit->paste_len == edit->paste_cap) {
        edit->paste_cap = edit->paste_cap ? 2 * edit->paste_cap : 1024;
        edit->paste = xrealloc(edit->paste, edit->paste_cap);
    }
    edit->paste[edit->paste_len++] = byte == '\r' ? '\n' : byte;
}

/* What follows ESC[200~, to ESC[201~. Newlines at its end are dropped: Enter is for the user to press. */
static bool collect_paste(struct edit *edit)
{
    size_t end_len = sizeof paste_end - 1, matched = 0;
    char byte;

    edit->paste_len = 0;
    while (matched < end_len) {
        if (!next_byte(edit, &byte))
            return false;
        if (byte == paste_end[matched]) {
            matched++;
            continue;
        }
        for (size_t i = 0; i < matched; i++) /* it only looked like the end */
            paste_put(edit, paste_end[i]);
        matched = byte == paste_end[0];
        if (matched == 0)
            paste_put(edit, byte);
    }
    while (edit->paste_len > 0 && edit->paste[edit->paste_len - 1] == '\n')
        edit->paste_len--;
    return true;
}

/* A byte read ahead, or a new one. */
static bool take_byte(struct edit *edit, char *byte)
{
    if (edit->ahead_len == 0) {
        edit_suggest_show(edit);
        bool there = next_byte(edit, byte);
        edit_suggest_hide(edit);
        return there;
    }
    *byte = edit->ahead[0];
    memmove(edit->ahead, edit->ahead + 1, --edit->ahead_len);
    return true;
}

int edit_read_character(EditLine *el, wchar_t *character)
{
    struct edit *edit = edit_of(el);
    mbstate_t state = {0};
    char byte;

    if (edit->prompt_end) { /* libedit has written the prompt, and the cursor is behind it */
        fputs(edit->prompt_end, edit->out);
        fflush(edit->out);
        edit->prompt_end = NULL;
    }
    while (take_byte(edit, &byte)) {
        enum edit_escape escape =
            byte == '\033' && edit->ahead_len == 0 ? edit_escape_read(edit) : EDIT_ESCAPE_KEY;
        if (escape == EDIT_ESCAPE_STOP || (escape == EDIT_ESCAPE_PASTE && !collect_paste(edit)))
            break;
        if (escape == EDIT_ESCAPE_ANSWER)
            continue;
        if (escape == EDIT_ESCAPE_PASTE) {
            *character = EDIT_PASTE_KEY;
            return 1;
        }
        size_t n = mbrtowc(character, &byte, 1, &state);
        if (n == 0 || n == 1)
            return 1;
        if (n == (size_t)-1) { /* no character of this locale */
            memset(&state, 0, sizeof state);
            fputc('\a', edit->out);
            fflush(edit->out);
        }
    }
    edit->stopped = true;
    errno = edit->stop;
    return edit->stop == 0 ? 0 : -1;
}
