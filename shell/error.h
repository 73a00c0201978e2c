/*
 * error.h - the one way to tell the user that something is wrong.
 *
 *   fleetsh: line 3: cd: /nowhere: No such file or directory
 *
 * A message is one line on standard error, written by one write(2). These functions only print; unwinding is
 * the caller's (except error_fatal).
 */
#ifndef SHELL_ERROR_H
#define SHELL_ERROR_H

#include <stddef.h>

struct shell;

__attribute__((format(printf, 2, 3))) void error_print(struct shell *sh, const char *format, ...);
/* With ": strerror(err)" behind. */
__attribute__((format(printf, 3, 4))) void error_print_errno(struct shell *sh, int err, const char *format,
                                                             ...);
/* Prints and sets sh->status = status, sh->unwind = UNWIND_ERROR: the errors of XCU 2.8.1 that end a script.
 */
__attribute__((format(printf, 3, 4))) void error_unwind(struct shell *sh, int status, const char *format,
                                                        ...);
/*
 * Shows the line of text that a message is about, with text[start..end) underlined. Only to a user at a
 * terminal that can underline.
 */
void error_show_place(struct shell *sh, const char *text, size_t start, size_t end);
/* No memory, cannot go on: prints and exits 2 without running traps. sh may be NULL. */
_Noreturn void error_fatal(const char *what);

#endif
