/*
 * simple.h - simple commands (XCU 2.9.1), for the built-in utilities that run other commands.
 */
#ifndef SHELL_SIMPLE_H
#define SHELL_SIMPLE_H

#include <stdbool.h>

struct builtin;
struct policy_item;
struct shell;

/* How an external command is run. */
struct external {
    const char *path;                /* searched instead of PATH (command -p), or NULL */
    bool on_host;                    /* an ordinary process (the host utility) */
    bool in_place;                   /* this process becomes it (exec) */
    const struct policy_item *given; /* what it is given beside the ordinary (the with utility) */
    unsigned given_count;
    unsigned own_files; /* redir_own_files() of redirections made for it alone */
};

/* Runs argv as an external command: never a function or a built-in utility. Returns its status (2.8.2). */
int simple_external(struct shell *sh, char **argv, const struct external *how);

/* Runs a built-in utility and writes out what it printed. Returns its status. */
int simple_builtin(struct shell *sh, const struct builtin *builtin, int argc, char **argv);

#endif
