/*
 * spawn.h - an ordinary process without a copy of the shell.
 */
#ifndef SHELL_SPAWN_H
#define SHELL_SPAWN_H

#include <sys/types.h>

struct job;
struct shell;

/*
 * Starts the program path as job's process: with the shell's descriptors, dispositions and process group, as
 * a forked child that called execve(2) at once. Returns its pid, or -1 where that is not enough or failed:
 * then shell_fork() does it, and reports.
 */
pid_t spawn_host_process(struct shell *sh, struct job *job, const char *path, char **argv, char **envp);

#endif
