/*
 * keyboard.h - bytes from descriptor 0 while a line is typed, with signals looked after in the meantime.
 */
#ifndef SHELL_KEYBOARD_H
#define SHELL_KEYBOARD_H

#include <stdbool.h>
#include <stddef.h>

struct shell;

enum keyboard_event {
    KEYBOARD_BYTE,
    KEYBOARD_NOTHING, /* no byte within the time */
    KEYBOARD_END,     /* end of file, or the terminal is gone */
    KEYBOARD_SIGNAL,  /* a signal arrived: keyboard_attend() */
    KEYBOARD_OTHER,   /* no byte, but the other descriptor can be read */
};

/*
 * Waits for one byte and reads it: never more, the rest may be meant for a command. milliseconds < 0: without
 * limit. other: a descriptor that may end the wait, or -1. There is no moment in which a signal could be missed: they are blocked but while waiting.
 */
enum keyboard_event keyboard_read(unsigned char *byte, int milliseconds, int other);
/* The same for up to *len bytes, of which it is known that none is meant for anybody else; *len are read. */
enum keyboard_event keyboard_read_some(unsigned char *bytes, size_t *len, int milliseconds, int other);

/* The same for another descriptor, of which nothing is read: KEYBOARD_BYTE says that it can be. */
enum keyboard_event keyboard_wait(int fd, int milliseconds);

/* While a line is edited a change of the window's size must end the wait. */
void keyboard_watch_window(bool on);

/* Would keyboard_attend() write or run something, so that the line being typed must be put aside? */
bool keyboard_is_noisy(struct shell *sh);

/*
 * Runs traps and, with set -b, tells of jobs. Returns 0: go on reading; EINTR: it was SIGINT, discard the
 * line, $? is 130; ECANCELED: a trap made the shell unwind.
 */
int keyboard_attend(struct shell *sh);

#endif
