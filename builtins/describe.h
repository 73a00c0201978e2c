/*
 * describe.h - what a command name means to the shell: type, command -v, command -V.
 */
#ifndef BUILTINS_DESCRIBE_H
#define BUILTINS_DESCRIBE_H

#include <stdbool.h>

struct shell;

enum describe_form {
    DESCRIBE_SHORT, /* command -v: a form that the shell could run */
    DESCRIBE_LONG,  /* command -V, type: a sentence */
};

/*
 * Writes one line about name. path_override: as of `command -p`, else NULL. Returns 0, or 127 when name means
 * nothing (the long form says so on standard error; the short one is silent, XCU command).
 */
int describe_command(struct shell *sh, const char *name, const char *path_override, enum describe_form form);

/* A reserved word (XCU 2.4)? */
bool describe_is_reserved(const char *name);

#endif
