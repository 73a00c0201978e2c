/*
 * tty_filter.h - what a program in a VM may say to the user's terminal.
 *
 * A terminal obeys what is written to it: it names windows, sets the clipboard, answers questions by typing
 * at the prompt, prints, and marks where prompts are. A program in a VM has no such authority. What passes is
 * an allow-list: text, the usual control characters, colours, and the cursor and screen control of
 * full-screen programs; sequences come out whole or not at all, so nothing can be put together from two
 * halves. The terminal is taken to be one of UTF-8.
 *
 *            ESC            [                final byte: allowed? out : dropped
 *   GROUND ------> ESCAPE -----> CSI ---------------------------------------------> GROUND
 *    |  ^             |  SP..'/'                    final byte: likewise
 *    |  |             +--------> INTERMEDIATE ------------------------------------> GROUND
 *    |  |             | ] P X ^ _ k        BEL, ESC \
 *    |  |             +--------> STRING -------------------> GROUND, all of it dropped
 *    |  |             | any other byte: allowed? out : dropped
 *    v  |             +-----------------------------------------------------------> GROUND
 *   UTF8 (a character's bytes are complete: out, or ? for a C1 control and for what is no character)
 *
 * CAN and SUB lead to GROUND from anywhere, ESC to ESCAPE. A sequence that is too long is dropped.
 */
#ifndef SHIM_TTY_FILTER_H
#define SHIM_TTY_FILTER_H

#include <stddef.h>
#include <stdint.h>

#define TTY_FILTER_HELD 128 /* bytes of a sequence; the longest that is let through */

enum tty_filter_state {
    TTY_GROUND,
    TTY_UTF8,
    TTY_ESCAPE,
    TTY_INTERMEDIATE,
    TTY_CSI,
    TTY_STRING,
};

struct tty_filter { /* all zero: nothing has come yet */
    enum tty_filter_state state;
    uint8_t held[TTY_FILTER_HELD]; /* what has come of a sequence or character */
    size_t nheld;                  /* TTY_FILTER_HELD: too long */
};

/* Copies what may pass to out, which has room for len + TTY_FILTER_HELD bytes. Returns how many those are. */
size_t tty_filter_pass(struct tty_filter *filter, const uint8_t *in, size_t len, uint8_t *out);

/* *filter: a new one for this descriptor, or NULL if it is no terminal. 0 or -ENOMEM: then nothing may be
 * written there. */
int tty_filter_for(int fd, struct tty_filter **filter);

#endif
