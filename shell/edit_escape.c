/* edit_escape.c - keys, pastes and answers of the terminal told apart. */
#include "shell/edit_escape.h"
#include "shell/edit_state.h"
#include <stdio.h>
#include <string.h>

#define ESC          '\033'
#define ESCAPE_MS    25 /* a terminal sends a sequence in one piece; after a finger's ESC comes nothing */
#define SEQUENCE_MS  250
#define SEQUENCE_MAX 256
#define MOUSE_LEN    3 /* bytes behind ESC[M: button, column, row */

static const struct {
    char final;
    uint32_t key;
} letters[] = {{'A', KEY_UP},     {'B', KEY_DOWN},   {'C', KEY_RIGHT},    {'D', KEY_LEFT},
               {'H', KEY_HOME},   {'F', KEY_END},    {'Z', KEY_BACK_TAB}, {'P', KEY_F1},
               {'Q', KEY_F1 + 1}, {'R', KEY_F1 + 2}, {'S', KEY_F1 + 3},   {0, 0}};

static const struct {
    unsigned number;
    uint32_t key;
} numbers[] = {{1, KEY_HOME},     {2, KEY_INSERT},   {3, KEY_DELETE},
               {4, KEY_END},      {5, KEY_PAGE_UP},  {6, KEY_PAGE_DOWN},
               {7, KEY_HOME},     {8, KEY_END},      {11, KEY_F1},
               {12, KEY_F1 + 1},  {13, KEY_F1 + 2},  {14, KEY_F1 + 3},
               {15, KEY_F1 + 4},  {17, KEY_F1 + 5},  {18, KEY_F1 + 6},
               {19, KEY_F1 + 7},  {20, KEY_F1 + 8},  {21, KEY_F1 + 9},
               {23, KEY_F1 + 10}, {24, KEY_F1 + 11}, {0, 0}};

static uint32_t key_of_letter(unsigned char final)
{
    for (size_t i = 0; letters[i].final; i++)
        if (letters[i].final == final)
            return letters[i].key;
    return 0;
}

static uint32_t key_of_number(unsigned number)
{
    for (size_t i = 0; numbers[i].key; i++)
        if (numbers[i].number == number)
            return numbers[i].key;
    return 0;
}

/* xterm's second parameter: 1 + (1 Shift, 2 Alt, 4 Control). Shift is no other key here. */
static uint32_t with_modifiers(uint32_t key, unsigned modifiers)
{
    unsigned bits = modifiers > 0 ? modifiers - 1 : 0;

    return key == 0 || bits == 1 ? 0 : key | (bits & 2 ? KEY_META : 0) | (bits & 4 ? KEY_WITH_CONTROL : 0);
}

/* After ESC [. */
static uint32_t read_csi(struct edit *edit)
{
    unsigned values[2] = {0, 0}, at = 0, len = 0;
    bool other = false;
    unsigned char byte = 0;

    while (len++ < SEQUENCE_MAX && edit_byte(edit, &byte, SEQUENCE_MS) && byte >= 0x20 && byte <= 0x3f) {
        if (byte >= '0' && byte <= '9' && at < 2)
            values[at] = values[at] < 10000 ? values[at] * 10 + (byte - '0') : values[at];
        else if (byte == ';')
            at++;
        else
            other = true; /* an answer */
    }
    if (byte == ESC) /* it was broken off */
        return edit_escape_read(edit);
    if (byte == 'M' && len == 1)
        for (int i = 0; i < MOUSE_LEN && edit_byte(edit, &byte, SEQUENCE_MS); i++)
            continue;
    if (other || at > 1 || byte == 'R') /* where the cursor is: an answer, though some send F3 so */
        return 0;
    if (byte != '~')
        return with_modifiers(key_of_letter(byte), values[1]);
    return values[0] == 200 && at == 0 ? (uint32_t)KEY_PASTE
                                       : with_modifiers(key_of_number(values[0]), values[1]);
}

/* What a terminal's answers begin with; a finger's Alt-] or Alt-P is followed by nothing so soon. */
static bool begins_answer(unsigned char kind, unsigned char first)
{
    const char *beginnings = kind == ']' ? "0123456789lLI" : kind == 'P' ? "0123456789>!" : "G";

    return first && strchr(beginnings, first);
}

/* To BEL, ESC \ or any other control character. An ESC that begins something new is read on from. */
static uint32_t skip_string(struct edit *edit)
{
    unsigned char byte;

    while (edit_byte(edit, &byte, SEQUENCE_MS)) {
        if (byte == ESC) {
            if (!edit_byte(edit, &byte, ESCAPE_MS) || byte == '\\')
                return 0;
            edit_byte_back(&edit->keyboard, byte);
            return edit_escape_read(edit);
        }
        if (byte < ' ' || byte == 0x7f)
            return 0;
    }
    return 0;
}

/* After ESC and an ordinary byte. */
static uint32_t with_alt(struct edit *edit, unsigned char byte)
{
    if (edit->mode == EDIT_VI) { /* fast fingers */
        edit_byte_back(&edit->keyboard, byte);
        return KEY_ESCAPE;
    }
    if (byte == ESC) { /* some terminals send ESC ESC [ C for Alt and right */
        uint32_t key = edit_escape_read(edit);
        return key == KEY_ESCAPE || key == KEY_NONE || key == KEY_PASTE || key == 0 ? key : key | KEY_META;
    }
    return KEY_META | byte;
}

uint32_t edit_escape_read(struct edit *edit)
{
    unsigned char byte, next;

    if (!edit_byte(edit, &byte, ESCAPE_MS))
        return edit->stopped ? KEY_NONE : KEY_ESCAPE;
    if (byte == '[')
        return read_csi(edit);
    if (byte == 'O' && edit_byte(edit, &next, ESCAPE_MS)) {
        if (next >= 'A' && next <= 'y')
            return key_of_letter(next);
        edit_byte_back(&edit->keyboard, next);
    } else if (byte && strchr("]P_", byte) && edit_byte(edit, &next, ESCAPE_MS)) {
        if (begins_answer(byte, next))
            return skip_string(edit);
        edit_byte_back(&edit->keyboard, next);
    }
    return edit->stopped ? KEY_NONE : with_alt(edit, byte);
}

/* ---- as text ---- */

uint32_t edit_escape_key(const char *bytes, size_t len, size_t *taken)
{
    unsigned values[2] = {0, 0}, at = 0;
    size_t i = 1;

    if (len < 2 || (bytes[0] != '[' && bytes[0] != 'O'))
        return 0;
    for (; bytes[0] == '[' && i < len && (bytes[i] == ';' || (bytes[i] >= '0' && bytes[i] <= '9')); i++)
        if (bytes[i] == ';' && at == 1)
            return 0;
        else if (bytes[i] == ';')
            at++;
        else if (values[at] < 1000)
            values[at] = values[at] * 10 + (unsigned)(bytes[i] - '0');
    *taken = i + 1;
    if (i == len)
        return 0;
    return bytes[i] == '~' ? with_modifiers(key_of_number(values[0]), values[1])
                           : with_modifiers(key_of_letter((unsigned char)bytes[i]), values[1]);
}

bool edit_escape_text(uint32_t key, char text[16])
{
    uint32_t plain = key & ~(KEY_META | KEY_WITH_CONTROL);
    unsigned modifiers = 1 + (key & KEY_META ? 2 : 0) + (key & KEY_WITH_CONTROL ? 4 : 0);

    for (size_t i = 0; letters[i].final; i++)
        if (letters[i].key == plain && plain < KEY_F1) {
            if (modifiers == 1)
                snprintf(text, 16, "[%c", letters[i].final);
            else
                snprintf(text, 16, "[1;%u%c", modifiers, letters[i].final);
            return true;
        }
    for (size_t i = 0; numbers[i].key; i++)
        if (numbers[i].key == plain) {
            if (modifiers == 1)
                snprintf(text, 16, "[%u~", numbers[i].number);
            else
                snprintf(text, 16, "[%u;%u~", numbers[i].number, modifiers);
            return true;
        }
    return false;
}
