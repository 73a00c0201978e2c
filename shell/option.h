/*
 * option.h - the options of set, sh and set -o (XCU set, sh), one table.
 */
#ifndef SHELL_OPTION_H
#define SHELL_OPTION_H

#include <stdbool.h>

struct shell;

struct options {
    /* with a letter, in the order of the table */
    bool allexport, errexit, noglob, hashall, monitor, noexec, nounset, verbose, xtrace, notify, noclobber;
    bool ignoreeof, nolog, vi, emacs, pipefail;
    /* ours */
    bool pola;    /* commands are given what their arguments name, not the directory and TMPDIR */
    bool ambient; /* commands are given all files, and all of the environment */
    bool explain; /* what a command is refused is told on stderr */
    bool host;    /* external commands are ordinary processes */
    bool posix;   /* built-in utilities that are not intrinsic are found by PATH (exec_builtin()) */
    bool vmtrace; /* a line on stderr for each VM that ended */
    /* of sh alone */
    bool interactive; /* -i, or found out; stays on in subshells ($-) where struct shell's is off */
    bool stdin_input; /* -s */
};

struct option_row {
    char letter;      /* 0: none */
    const char *name; /* for set -o; NULL: none */
    bool *(*of)(struct options *options);
};

extern const struct option_row option_table[]; /* sorted by name, ends with letter 0 and name NULL */

bool option_set(struct shell *sh, char letter, const char *name,
                bool on);                                /* false: no such option (not reported) */
void option_print(struct shell *sh, bool as_commands);   /* set -o, set +o */
char *option_letters(struct shell *sh, char buffer[32]); /* $- */

#endif
