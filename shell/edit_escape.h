/*
 * edit_escape.h - what an ESC from the terminal begins: a key, a paste, or an answer that nobody waits for.
 *
 * A terminal answers a program's questions on the same line as it tells what is typed. When that program has
 * ended meanwhile, was killed, or asked in vain, its answer would be text of the line that is being typed:
 * and what a terminal answers may be chosen by whoever wrote to it. So answers and reports are recognized by
 * their form (ECMA-48, DEC's and xterm's) and dropped, and so is a function key that nothing is bound to.
 *
 *          ESC           [              final byte: a paste, an answer, or a key
 *   (read) ---> ESCAPE -----> CSI ---------------------------------------------------> done
 *                 ^ |     O             one more byte: a key
 *                 | +-----> SS3 ----------------------------------------------------> done
 *                 | |     ] P _ and what such an answer begins with       BEL, ESC \
 *                 | +------> STRING ----------------------------------------> answer
 *                 |             | ESC and anything else
 *                 +-------------+
 *   Any other byte, or none for ESCAPE_MS: a key. In CSI and SS3: a key; in STRING: a broken answer.
 */
#ifndef SHELL_EDIT_ESCAPE_H
#define SHELL_EDIT_ESCAPE_H

struct edit;

enum edit_escape {
    EDIT_ESCAPE_KEY,    /* what came behind the ESC is in edit->ahead */
    EDIT_ESCAPE_PASTE,  /* ESC[200~ was read */
    EDIT_ESCAPE_ANSWER, /* nothing is left of it */
    EDIT_ESCAPE_STOP,   /* reading is over, as edit->stop says */
};

/* After an ESC, when edit->ahead is empty. Never waits longer than ESCAPE_MS for a byte. */
enum edit_escape edit_escape_read(struct edit *edit);

#endif
