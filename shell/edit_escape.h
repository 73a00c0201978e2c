/*
 * edit_escape.h - what an ESC from the terminal begins: a key, a paste, or an answer that nobody waits for.
 *
 * A terminal answers a program's questions on the same line as it tells what is typed. When that program has
 * ended meanwhile, was killed, or asked in vain, its answer would be text of the line that is being typed:
 * and what a terminal answers may be chosen by whoever wrote to it. So answers and reports (ECMA-48, DEC's and
 * xterm's) are dropped, and so is a function key that has no name here.
 *
 *          ESC           [              final byte: a key of the tables, a paste, or dropped
 *   (read) ---> ESCAPE -----> CSI ---------------------------------------------------> done
 *                 ^ |     O             a letter: a key of the table, or dropped
 *                 | +-----> SS3 ----------------------------------------------------> done
 *                 | |     ] P _ and what such an answer begins with       BEL, ESC \
 *                 | +------> STRING ----------------------------------------> dropped
 *                 |             | ESC and anything else
 *                 +-------------+
 *   No byte for ESCAPE_MS, in ESCAPE: the key ESC; later: dropped. Another byte in ESCAPE: that key with Alt; in vi
 *   mode the key ESC, then that one.
 */
#ifndef SHELL_EDIT_ESCAPE_H
#define SHELL_EDIT_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct edit;

/* After an ESC: the key (edit_keys.h), KEY_PASTE when a paste begins, 0 when something was dropped, KEY_NONE. */
uint32_t edit_escape_read(struct edit *edit);

/* The key that has a name whose sequence these bytes, behind an ESC, begin with; 0: none. */
uint32_t edit_escape_key(const char *bytes, size_t len, size_t *taken);
/* The other way round; false: the key has no name. */
bool edit_escape_text(uint32_t key, char text[16]);

#endif
