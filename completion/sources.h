/*
 * sources.h - where completions come from. Each function adds all that begin with prefix, unquoted and
 * unsorted.
 */
#ifndef COMPLETION_SOURCES_H
#define COMPLETION_SOURCES_H

#include "shell/complete.h"
#include "vmproc/vmprocd_proto.h"
#include <stdbool.h>

struct shell;
struct word_context;

/* Copies text, and about unless that is NULL: one line that tells what it is. */
void completions_add(struct completions *completions, const char *text, const char *about);
/* The same, but both are malloc'ed and become the completions' own. */
void completions_take(struct completions *completions, char *text, char *about);
/* As completions_add() if text begins with prefix. */
void completions_add_matching(struct completions *completions, const char *prefix, const char *text,
                              const char *about);

/*
 * A copy of text, which nothing else is equal to, unless it would be left out: behind the first out->limit.
 * type: DT_* of a file. To be followed by completions_finish().
 */
void completions_offer(struct completions *completions, const char *text, unsigned char type);
/* So many more than the items there are; greatest: the last of them in the order of their bytes. */
void completions_leave_out(struct completions *completions, const char *greatest, size_t count);
/* Sorts the items, each once, leaves those behind the first `limit` out, finds what all have in common. */
void completions_finish(struct completions *completions);

/* Built-in utilities, functions, aliases, reserved words, and executable files in PATH. */
void complete_commands(struct shell *sh, const char *prefix, struct completions *out);
/* The toolbox's programs alone, as busybox's first operand. */
void complete_applets(const char *prefix, struct completions *out);
void complete_builtins(struct shell *sh, const char *prefix, struct completions *out);
void complete_aliases(struct shell *sh, const char *prefix, struct completions *out);
void complete_functions(struct shell *sh, const char *prefix, struct completions *out);

/* Pathnames; directories with a slash behind them. */
enum files_wanted { FILES_ALL, FILES_EXECUTABLE /* and directories */, FILES_DIRECTORIES };
void complete_files(struct shell *sh, const char *prefix, enum files_wanted wanted, struct completions *out);

/* What the pattern matches; one without special characters gets a * at its end. */
void complete_expansion(struct shell *sh, const char *pattern, struct completions *out);

void complete_variables(struct shell *sh, const char *prefix, struct completions *out);
/* %1 %2... */
void complete_jobs(struct shell *sh, const char *prefix, struct completions *out);
/* Login names; with before in front of and after behind each. */
void complete_users(const char *prefix, const char *before, const char *after, struct completions *out);
/* Of /etc/hosts, ~/.ssh/config and ~/.ssh/known_hosts. What stands before an @ in prefix stays. */
void complete_hosts(struct shell *sh, const char *prefix, struct completions *out);
/* Names of signals, with before in front of each. */
void complete_signals(const char *prefix, const char *before, struct completions *out);
/* Images of the user's store (vm image). */
void complete_images(const char *prefix, struct completions *out);
/*
 * Asks the running vmprocd, if there is one, and hands the body of each record of its answer, which is of that type and
 * size, to add. An answer that does not come is none.
 */
typedef void complete_record(const void *record, const char *prefix, struct completions *out);
void complete_records(enum vmp_type question, enum vmp_type type, size_t size, complete_record *add,
                      const char *prefix, struct completions *out);
/* Routers that vmprocd knows. */
void complete_routers(const char *prefix, struct completions *out);
/* Numbers of the VMs that run a command. */
void complete_vms(const char *prefix, struct completions *out);
/* Functions of the line editor, for bind. */
void complete_editor(const char *prefix, struct completions *out);
/* Names for set -o. */
void complete_shell_options(const char *prefix, struct completions *out);
/* Options of built-in utilities and of the toolbox's programs. */
void complete_options(const char *command, const char *prefix, struct completions *out);

/* What the word is an argument for decides. False: nothing is known of that command's arguments. */
bool complete_arguments(struct shell *sh, const struct word_context *word, struct completions *out);

/* What the spec of an image says of its arguments, of which these stand before the word. False: nothing. */
bool complete_by_spec(struct shell *sh, const char *command, char *const *arguments, size_t count,
                      const struct word_context *word, struct completions *out);

/* Tells of the toolbox's programs among the items, which are sorted, what they do. */
void applets_describe(struct completions *out);
/* Adds the options of one. */
void applets_complete_options(const char *applet, const char *prefix, struct completions *out);

#endif
