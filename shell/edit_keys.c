/* edit_keys.c - bytes, characters and pastes. */
#include "shell/edit_keys.h"
#include "shell/arena.h"
#include "shell/edit_escape.h"
#include "shell/edit_state.h"
#include "shell/keyboard.h"
#include "shell/locale.h"
#include "shell/utf8.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CHARACTER_MS 250                /* for the rest of one */
#define PASTE_MAX    (16 * 1024 * 1024) /* bytes of one paste; the rest is dropped, and the bell tells */

/* ---- bytes ---- */

/* hears: what is heard of a command that is looked for ends the wait, without a byte. */
static bool wait_for_bytes(struct edit *edit, unsigned char *bytes, size_t *len, int milliseconds, bool hears)
{
    struct edit_keyboard *keyboard = &edit->keyboard;

    if (keyboard->ahead_len > 0) {
        *bytes = (unsigned char)keyboard->ahead[0];
        *len = 1;
        memmove(keyboard->ahead, keyboard->ahead + 1, --keyboard->ahead_len);
        return true;
    }
    for (;;) {
        switch (keyboard_read_some(bytes, len, milliseconds, hears ? edit->judge.answer : -1)) {
        case KEYBOARD_BYTE:
            return true;
        case KEYBOARD_OTHER:
            edit_judge_hear(edit);
            return false;
        case KEYBOARD_SIGNAL:
            if (edit_attend(edit))
                break;
            return false;
        case KEYBOARD_NOTHING:
            return false;
        default:
            edit->stopped = true;
            edit->stop = EIO;
            return false;
        }
    }
}

static bool wait_for_byte(struct edit *edit, unsigned char *byte, int milliseconds, bool hears)
{
    size_t one = 1;

    return wait_for_bytes(edit, byte, &one, milliseconds, hears);
}

bool edit_byte(struct edit *edit, unsigned char *byte, int milliseconds)
{
    return wait_for_byte(edit, byte, milliseconds, false);
}

void edit_byte_back(struct edit_keyboard *keyboard, unsigned char byte)
{
    if (keyboard->ahead_len == sizeof keyboard->ahead)
        return;
    memmove(keyboard->ahead + 1, keyboard->ahead, keyboard->ahead_len++);
    keyboard->ahead[0] = (char)byte;
}

/* ---- pastes ---- */

static void paste_put(struct edit_keyboard *keyboard, char byte)
{
    keyboard->paste_cut = keyboard->paste_cut || keyboard->paste_len == PASTE_MAX;
    if (keyboard->paste_cut || byte == '\0')
        return;
    if (keyboard->paste_len == keyboard->paste_cap) {
        keyboard->paste_cap = keyboard->paste_cap ? 2 * keyboard->paste_cap : 1024;
        keyboard->paste = xrealloc(keyboard->paste, keyboard->paste_cap);
    }
    keyboard->paste[keyboard->paste_len++] = byte == '\r' ? '\n' : byte;
}

/*
 * What follows ESC[200~, to ESC[201~. Newlines at its end are dropped: Enter is for the user to press. As much is read at
 * once as is missing of an end that may have begun: not a byte behind it, which may be for a command.
 */
static uint32_t collect_paste(struct edit *edit)
{
    static const char end[] = "\033[201~";
    struct edit_keyboard *keyboard = &edit->keyboard;
    unsigned char bytes[sizeof end];
    size_t matched = 0, len;

    keyboard->paste_len = 0;
    keyboard->paste_cut = false;
    while (matched < sizeof end - 1) {
        len = sizeof end - 1 - matched;
        if (!wait_for_bytes(edit, bytes, &len, -1, false))
            return KEY_NONE;
        for (size_t k = 0; k < len; k++) {
            if (bytes[k] == (unsigned char)end[matched]) {
                matched++;
                continue;
            }
            for (size_t i = 0; i < matched; i++) /* it only looked like the end */
                paste_put(keyboard, end[i]);
            matched = bytes[k] == (unsigned char)end[0];
            if (matched == 0)
                paste_put(keyboard, (char)bytes[k]);
        }
    }
    if (keyboard->paste_cut)
        edit_bell(edit);
    while (keyboard->paste_len > 0 && keyboard->paste[keyboard->paste_len - 1] == '\n')
        keyboard->paste_len--;
    return KEY_PASTE;
}

/* ---- characters ---- */

static uint32_t read_character(struct edit *edit, unsigned char first)
{
    char bytes[4] = {(char)first};
    size_t len = 1, want = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    unsigned char byte;
    uint32_t code;

    if (first < 0x80)
        return first;
    if (!locale_is_utf8() || first < 0xc0)
        return KEY_BYTE | first;
    while (len < want && edit_byte(edit, &byte, CHARACTER_MS)) {
        if ((byte & 0xc0) != 0x80) {
            edit_byte_back(&edit->keyboard, byte);
            break;
        }
        bytes[len++] = (char)byte;
    }
    if (edit->stopped)
        return KEY_NONE;
    if (len == want && utf8_decode(bytes, bytes + len, true, &code) == len && !(code & UTF8_INVALID))
        return code;
    while (len > 1) /* each a byte of its own */
        edit_byte_back(&edit->keyboard, (unsigned char)bytes[--len]);
    return KEY_BYTE | first;
}

void edit_keys_note(struct edit_keyboard *keyboard, uint32_t key)
{
    if (keyboard->record_len == keyboard->record_cap) {
        keyboard->record_cap = keyboard->record_cap ? 2 * keyboard->record_cap : 64;
        keyboard->record = xrealloc(keyboard->record, keyboard->record_cap * sizeof *keyboard->record);
    }
    keyboard->record[keyboard->record_len++] = key;
}

static bool is_without_use(const struct edit *edit, uint32_t key)
{
    uint32_t plain = key & ~(KEY_META | KEY_WITH_CONTROL);

    return plain >= KEY_F1 && plain <= KEY_F12 && !edit_binding_find(edit->sh, key);
}

static uint32_t read_key(struct edit *edit)
{
    unsigned char byte;
    uint32_t key = 0;
    bool paused = false;

    while (key == 0 && !edit->stopped) {
        int wait = -1;
        if (edit->keyboard.ahead_len == 0 && edit_show_unless_typed_ahead(edit))
            wait = edit_judge_ask(edit, paused);
        if (!wait_for_byte(edit, &byte, wait, true)) {
            paused = paused || wait >= 0;
            continue;
        }
        key = byte == '\033' ? edit_escape_read(edit) : read_character(edit, byte);
        if (key == KEY_PASTE)
            key = collect_paste(edit);
        if (is_without_use(edit, key))
            key = 0;
        if (byte == '\0')
            key = '\0' | KEY_WITH_CONTROL; /* Control and the space bar */
    }
    return edit->stopped ? KEY_NONE : key;
}

uint32_t edit_key(struct edit *edit)
{
    struct edit_keyboard *keyboard = &edit->keyboard;
    uint32_t key;

    if (keyboard->queue_at < keyboard->queue_len) {
        key = keyboard->queue[keyboard->queue_at++];
    } else {
        keyboard->queue_at = keyboard->queue_len = 0;
        key = read_key(edit);
    }
    if (keyboard->recording)
        edit_keys_note(keyboard, key);
    return key;
}

size_t edit_key_bytes(uint32_t key, char bytes[4])
{
    if ((key & ~0xffu) == KEY_BYTE) {
        bytes[0] = (char)(key & 0xff);
        return 1;
    }
    return key < KEY_UP && key > 0 ? utf8_encode(key, bytes) : 0;
}

void edit_keys_queue(struct edit_keyboard *keyboard, const uint32_t *keys, size_t count)
{
    size_t rest = keyboard->queue_len - keyboard->queue_at;

    if (count + rest > keyboard->queue_cap) {
        keyboard->queue_cap = 2 * (count + rest);
        keyboard->queue = xrealloc(keyboard->queue, keyboard->queue_cap * sizeof *keyboard->queue);
    }
    if (rest > 0)
        memmove(keyboard->queue + count, keyboard->queue + keyboard->queue_at, rest * sizeof *keys);
    if (count > 0)
        memcpy(keyboard->queue, keys, count * sizeof *keys);
    keyboard->queue_at = 0;
    keyboard->queue_len = count + rest;
}

void edit_keys_free(struct edit_keyboard *keyboard)
{
    free(keyboard->queue);
    free(keyboard->record);
    free(keyboard->paste);
}
