/*
 * arguments.h - the command line of sh (XCU sh, OPTIONS and OPERANDS).
 */
#ifndef SHELL_ARGUMENTS_H
#define SHELL_ARGUMENTS_H

#include <stdbool.h>

struct shell;

struct arguments {
    const char *command;            /* -c: the command string, or NULL */
    const char *file;               /* command_file, or NULL: standard input */
    bool login;                     /* -l, or argv[0] begins with - */
    bool wants_interactive;         /* -i */
    bool no_interactive;            /* +i */
    bool wants_monitor, no_monitor; /* -m, +m */
    char **operands;                /* positional parameters */
    int count;
};

/*
 * Sets the options in sh and $0. Prints and exits by itself for --version, --help and usage errors (2). -m
 * and +m are left to the caller: they mean something only when it is known whether the shell is interactive.
 */
void arguments_parse(struct shell *sh, int argc, char **argv, struct arguments *arguments);

#endif
