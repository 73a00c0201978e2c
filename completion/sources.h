/*
 * sources.h - where completions come from. Each function adds all that begin with prefix, unquoted and
 * unsorted.
 */
#ifndef COMPLETION_SOURCES_H
#define COMPLETION_SOURCES_H

#include "shell/complete.h"
#include <stdbool.h>

struct shell;

/* Copies text. */
void completions_add(struct completions *completions, const char *text);

/* Built-in utilities, functions, aliases, reserved words, and executable files in PATH. */
void complete_commands(struct shell *sh, const char *prefix, struct completions *out);
/* Pathnames; directories with a slash behind them. executable: other files only if they can be run. */
void complete_files(struct shell *sh, const char *prefix, bool executable, struct completions *out);
void complete_variables(struct shell *sh, const char *prefix, struct completions *out);
/* %1 %2... */
void complete_jobs(struct shell *sh, const char *prefix, struct completions *out);

#endif
