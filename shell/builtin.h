/*
 * builtin.h - the table of built-in utilities; each lives in builtins/NAME.c.
 *
 * A built-in utility gets argv as an external one would, writes with out.h, reports with error.h, returns its
 * status. A special one (2.15) whose error must end a script (2.8.1) calls error_unwind().
 */
#ifndef SHELL_BUILTIN_H
#define SHELL_BUILTIN_H

struct shell;

#define BUILTIN_SPECIAL     0x1u /* XCU 2.15 */
#define BUILTIN_DECLARATION 0x2u /* operands name=value are assignments (2.9.1.1) */
#define BUILTIN_INTRINSIC   0x4u /* found before PATH (XCU 1.7); the others: exec_builtin() */
#define BUILTIN_PURE        0x8u /* changes nothing in the shell and forks nothing: $(...) runs it without a fork */
#define BUILTIN_RUNS_TEXT   0x10u /* defines aliases or runs what may: text, or a command that an operand names */

struct builtin {
    const char *name;
    int (*run)(struct shell *sh, int argc, char **argv);
    unsigned flags;
};

extern const struct builtin builtin_table[]; /* sorted by name; ends with name NULL */
void builtin_register(void);                 /* hangs each row on its symbol */

const char *builtin_about(const char *name); /* what it does, in a few words; NULL: no such utility (help.c) */

/* getopt for built-in utilities (XBD 12.2): returns the letter, -1 at the end, '?' after a reported usage error. */
struct builtin_options {
    int index;         /* first operand when done */
    const char *argument;
    const char *next;  /* within a group of letters */
};
int builtin_option(struct shell *sh, struct builtin_options *state, int argc, char **argv, const char *letters);

#endif
