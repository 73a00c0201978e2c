/*
 * job.h - jobs and waiting (XCU 2.11, jobs fg bg wait kill).
 *
 *            fork                    last process ends
 *   (none) --------> RUNNING ------------------------------> DONE --(reported/waited for)--> (none)
 *                     |   ^
 *              stops  |   | SIGCONT
 *                     v   |
 *                    STOPPED
 */
#ifndef SHELL_JOB_H
#define SHELL_JOB_H

#include "shell/ast.h"
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct shell;
struct job;

enum job_state { JOB_RUNNING, JOB_STOPPED, JOB_DONE };

/* A new job for node's text (kept only when job control or & needs it). */
struct job *job_new(struct shell *sh, const struct node *node, unsigned processes);
void job_add_process(struct job *job, pid_t pid);
void job_put_in_background(struct shell *sh, struct job *job); /* becomes %+, sets $! */

/* Waits for a foreground job: terminal given and taken back, stop handled. Returns its status (2.8.2), pipefail included. */
int job_wait_foreground(struct shell *sh, struct job *job);

/* `wait`: blocks until the job or pid has ended or a trapped signal arrives (then > 128). 127: unknown. */
int job_wait(struct shell *sh, struct job *job);
int job_wait_pid(struct shell *sh, pid_t pid);
int job_wait_all(struct shell *sh);

/* %n %+ %- %% %string %?string or NULL (reported by caller). ambiguous is set when several match. */
struct job *job_find(struct shell *sh, const char *spec, bool *ambiguous);

void job_notify(struct shell *sh);           /* prompt time: tells state changes, forgets ended jobs */
void job_forget_in_subshell(struct shell *sh);
int job_status_of(int wait_status);          /* wait(2) status as $? */
bool job_any_stopped(struct shell *sh);

/* The built-in utilities (builtins/jobs.c, fg.c, kill.c) go by these. */
enum job_format { JOB_FORMAT_DEFAULT, JOB_FORMAT_LONG, JOB_FORMAT_PGID };
void job_print(struct shell *sh, struct job *job, enum job_format format);
void job_each(struct shell *sh, void (*visit)(struct shell *sh, struct job *job, void *context), void *context);
int job_continue(struct shell *sh, struct job *job, bool foreground);
pid_t job_pgid(const struct job *job);
unsigned job_number(const struct job *job); /* n of %n */
bool job_is_controlled(const struct job *job); /* started with set -m: has a process group of its own */
enum job_state job_state(const struct job *job);

void job_set_monitor(struct shell *sh, bool on); /* set -m, set +m: takes and returns the terminal */

#endif
