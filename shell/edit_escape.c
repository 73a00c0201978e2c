/* edit_escape.c - keys, pastes and answers of the terminal told apart. */
#include "shell/edit_escape.h"
#include "shell/edit_keys.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ESC       '\033'
#define ESCAPE_MS 25 /* a terminal sends a sequence in one piece; after a finger's ESC comes nothing */
#define MOUSE_LEN 3  /* bytes behind ESC[M: button, column, row */

static bool is_one_of(char byte, const char *list)
{
    return byte && strchr(list, byte);
}

/* The next byte goes to edit->ahead. 1, 0: none came; -1: reading is over. */
static int read_ahead(struct edit *edit)
{
    int status = edit_byte_within(edit, ESCAPE_MS, &edit->ahead[edit->ahead_len]);

    if (status > 0)
        edit->ahead_len++;
    return status;
}

static char last(const struct edit *edit)
{
    return edit->ahead[edit->ahead_len - 1];
}

static enum edit_escape dropped(struct edit *edit)
{
    edit->ahead_len = 0;
    return EDIT_ESCAPE_ANSWER;
}

/* ---- CSI ---- */

/* Is something bound to the sequence in edit->ahead? libedit tells by printing it. */
static bool is_bound(struct edit *edit)
{
    char key[2 + sizeof edit->ahead + 1] = "\\e", *told = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&told, &len);

    if (!out)
        return true;
    memcpy(key + 2, edit->ahead, edit->ahead_len);
    edit->lib->wset(edit->el, EL_SETFP, 1, out);
    edit->lib->set(edit->el, EL_BIND, key, NULL);
    edit->lib->set(edit->el, EL_BIND, key + 2, NULL); /* in vi's command mode the ESC is a command */
    edit->lib->wset(edit->el, EL_SETFP, 1, edit->out);
    fclose(out);
    free(told);
    return len > 0;
}

/*
 * Answers have a prefix or an intermediate byte, or a final byte that no key has: attributes (c), status and
 * cursor (n, R with two numbers), mode (y), size (t), parameters (x), focus (I, O), mouse (M, m).
 */
static bool is_answer(const char *text, size_t len)
{
    char final = text[len - 1];
    bool many = memchr(text, ';', len);

    if (is_one_of(text[1], "<=>?") || (len > 2 && text[len - 2] >= ' ' && text[len - 2] <= '/'))
        return true;
    if (len == 2)
        return is_one_of(final, "IO");
    return is_one_of(final, "ntyxMm") || (final == 'R' && many);
}

static enum edit_escape read_csi(struct edit *edit)
{
    int status = 1;

    while (edit->ahead_len < sizeof edit->ahead && (status = read_ahead(edit)) > 0 && last(edit) >= ' ') {
        if (last(edit) < '@' || last(edit) > '~')
            continue;
        if (edit->ahead_len == 5 && memcmp(edit->ahead, "[200~", 5) == 0) {
            edit->ahead_len = 0;
            return EDIT_ESCAPE_PASTE;
        }
        if (edit->ahead_len == 2 && last(edit) == 'M')
            for (int i = 0; i < MOUSE_LEN && status > 0; i++)
                status = read_ahead(edit);
        else if (!is_answer(edit->ahead, edit->ahead_len) && is_bound(edit))
            return EDIT_ESCAPE_KEY;
        return status < 0 ? EDIT_ESCAPE_STOP : dropped(edit);
    }
    if (edit->ahead_len == sizeof edit->ahead)
        return dropped(edit);
    return status < 0 ? EDIT_ESCAPE_STOP : EDIT_ESCAPE_KEY;
}

/* SS3: function keys and the keypad, as some terminals have them. */
static enum edit_escape read_ss3(struct edit *edit)
{
    int status = read_ahead(edit);

    if (status > 0 && last(edit) >= 'A' && last(edit) <= 'y' && !is_bound(edit))
        return dropped(edit);
    return status < 0 ? EDIT_ESCAPE_STOP : EDIT_ESCAPE_KEY;
}

/* ---- strings ---- */

/* What a terminal's answers begin with; a finger's Alt-] or Alt-P is followed by nothing so soon. */
static bool begins_answer(char kind, char first)
{
    static const char digits[] = "0123456789";

    return kind == ']'   ? is_one_of(first, digits) || is_one_of(first, "lLI")
           : kind == 'P' ? is_one_of(first, digits) || is_one_of(first, ">!")
                         : kind == '_' && first == 'G';
}

/* 1: it has ended; 0: it was broken off by an ESC, which begins something new; -1: reading is over. */
static int skip_string(struct edit *edit)
{
    char byte;
    int status;

    edit->ahead_len = 0;
    while ((status = edit_byte_within(edit, ESCAPE_MS, &byte)) > 0) {
        if (byte == ESC) {
            status = read_ahead(edit);
            if (status <= 0 || last(edit) == '\\') {
                edit->ahead_len = 0;
                return status < 0 ? -1 : 1;
            }
            return 0;
        }
        if ((byte >= 0 && byte < ' ') || byte == 0x7f)
            return 1;
    }
    return status < 0 ? -1 : 1;
}

enum edit_escape edit_escape_read(struct edit *edit)
{
    int status = read_ahead(edit);

    while (status > 0) {
        char kind = last(edit);
        if (kind == '[')
            return read_csi(edit);
        if (kind == 'O')
            return read_ss3(edit);
        if (!is_one_of(kind, "]P_"))
            break;
        status = read_ahead(edit);
        if (status <= 0 || !begins_answer(kind, last(edit)))
            break;
        status = skip_string(edit);
        if (status > 0)
            return dropped(edit);
        if (status == 0)
            status = 1; /* the byte behind the new ESC is there already */
    }
    return status < 0 ? EDIT_ESCAPE_STOP : EDIT_ESCAPE_KEY;
}
