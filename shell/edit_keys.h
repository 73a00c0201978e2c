/*
 * edit_keys.h - what the user presses, from the bytes that the terminal sends.
 *
 * A key is a character's code, or one of the names below, with flags. A terminal that was told to brackets
 * what is pasted with ESC[200~ and ESC[201~: that text is collected, and KEY_PASTE stands for it, so pasted
 * newlines execute nothing. What else an ESC begins is edit_escape.h's.
 */
#ifndef SHELL_EDIT_KEYS_H
#define SHELL_EDIT_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct edit;

#define KEY_CONTROL(letter) ((letter)&0x1fu)
#define KEY_ESCAPE          0x1bu
#define KEY_DELETE_BACK     0x7fu
#define KEY_META            0x01000000u /* Alt */
#define KEY_WITH_CONTROL    0x02000000u /* of a key that has a name */
#define KEY_BYTE            0x08000000u /* | a byte that is no character */

enum { /* behind all characters */
       KEY_UP = 0x110000,
       KEY_DOWN,
       KEY_RIGHT,
       KEY_LEFT,
       KEY_HOME,
       KEY_END,
       KEY_INSERT,
       KEY_DELETE,
       KEY_PAGE_UP,
       KEY_PAGE_DOWN,
       KEY_BACK_TAB,
       KEY_F1, /* to F12: read only when the user has bound them */
       KEY_F12 = KEY_F1 + 11,
       KEY_PASTE, /* edit->paste */
       KEY_NONE,  /* reading is over: edit->stop says why */
};

struct edit_keyboard {
    char ahead[64]; /* bytes that were read and turned out to be no part of a sequence */
    size_t ahead_len;
    uint32_t *queue; /* keys that are to come before the terminal's: those of vi's . and @ */
    size_t queue_len, queue_cap, queue_at;
    uint32_t *record; /* of the command that vi's . will repeat; NULL: nothing is recorded */
    size_t record_len, record_cap;
    bool recording;
    char *paste;
    size_t paste_len, paste_cap;
    bool paste_cut; /* it was longer than can be */
};

/* One byte within that time (< 0: without limit). false: none; edit->stopped is set when reading is over. */
bool edit_byte(struct edit *edit, unsigned char *byte, int milliseconds);
/* The next byte is this one: of several, the last goes back first. */
void edit_byte_back(struct edit_keyboard *keyboard, unsigned char byte);

/* Waits for the next key. The line is shown before, when there is nothing to read already. */
uint32_t edit_key(struct edit *edit);

/* A key's character as bytes; 0: it has none. */
size_t edit_key_bytes(uint32_t key, char bytes[4]);

void edit_keys_queue(struct edit_keyboard *keyboard, const uint32_t *keys,
                     size_t count);                                /* before what waits */
void edit_keys_note(struct edit_keyboard *keyboard, uint32_t key); /* at the end of the record */
void edit_keys_free(struct edit_keyboard *keyboard);

#endif
