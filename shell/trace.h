/*
 * trace.h - set -x.
 */
#ifndef SHELL_TRACE_H
#define SHELL_TRACE_H

struct assignment;
struct shell;

/* Writes PS4, the assignments with their new values, and the fields to standard error, in one write. */
void trace_command(struct shell *sh, const struct assignment *assignments, char **fields);

#endif
