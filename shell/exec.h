/*
 * exec.h - command search and execution (XCU 2.9.1.4) and becoming an external command.
 */
#ifndef SHELL_EXEC_H
#define SHELL_EXEC_H

#include <stdbool.h>
#include <stddef.h>

struct builtin;
struct external;
struct shell;
struct symbol;

/*
 * Finds name by PATH (remembered in its symbol; PATH's change forgets all). Result is valid until the next
 * call; NULL with *error: ENOENT (127) or EACCES... (126). A name with a slash is itself.
 */
const char *exec_find(struct shell *sh, struct symbol *symbol, const char *path_override, int *error);
/*
 * The built-in utility that symbol's name is now (2.9.1.4), NULL: none. With set -o posix one that is not intrinsic is
 * found where PATH leads to an executable file of its name, whichever that is; but without PATH, whose search is then
 * ours to define (XBD 8.3), and otherwise they are all found, as in most shells: libtool's part of configure scripts
 * takes a shell for unfit that has no printf with PATH=/empty.
 */
const struct builtin *exec_builtin(struct shell *sh, struct symbol *symbol);
void exec_forget_all(struct shell *sh, struct symbol *path_symbol); /* hash -r; var.h hook of PATH */

/* How this child is wired to its neighbours; zeroes and lease_fd -1 for a command of its own. */
struct exec_wiring {
    int lease_fd;
    bool wire_in, wire_out;
    int pipeline; /* process of its first stage; 0: it is no stage of any */
};

/*
 * In a forked child (or with EVAL_EXIT): becomes the command. In VM mode by vmproc_exec(), with -o host or
 * when how says so by execve(2); scripts (#!, and text without it) are run as XCU 2.9.1.4 says. Never
 * returns: on failure reports and exits 126 or 127.
 */
_Noreturn void exec_command(struct shell *sh, const char *path, char **argv, char **envp,
                            const struct exec_wiring *wiring, const struct external *how);

/*
 * In a wired stage that will become no command (a redirection failed, a word, execve(2)): its VM runs one that does nothing
 * and ends with sh->status, so that its neighbours see an end of file and a broken pipe as they would of a process, not a
 * VM that was lost. Returns when there is nothing to do, or it cannot be done.
 */
void exec_nothing(struct shell *sh);

/* In a child of such a stage, of a command substitution for instance: the wires are its parent's. */
void exec_unwire(struct shell *sh);

#endif
