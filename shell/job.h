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
#include <sys/types.h>

struct shell;
struct job;

enum job_state { JOB_RUNNING, JOB_STOPPED, JOB_DONE };

void job_init(struct shell *sh);

/* A new job with room for so many processes; node is its text. It goes away when it has been waited for. */
struct job *job_new(struct shell *sh, const struct node *node, unsigned processes);
void job_abandon(struct shell *sh, struct job *job); /* fork failed: forgotten if no process was started */
void job_put_in_background(struct shell *sh, struct job *job); /* becomes %+, sets $! */

/* fork.c: both sides of a new process of the job. The child's returns whether it has a process group of its
 * own. */
bool job_enter_child(struct shell *sh, struct job *job, unsigned fork_flags);
void job_enter_parent(struct shell *sh, struct job *job, pid_t pid, unsigned fork_flags);

/* Waits for a foreground job: terminal given and taken back, stop handled. Returns its status (2.8.2),
 * pipefail included. */
int job_wait_foreground(struct shell *sh, struct job *job);

/* `wait`: blocks until the job or pid has ended or a trapped signal arrives (then > 128). 127: unknown. */
int job_wait(struct shell *sh, struct job *job);
int job_wait_pid(struct shell *sh, pid_t pid);
int job_wait_all(struct shell *sh);

/* %n %+ %- %% %string %?string or NULL (reported by caller). ambiguous is set when several match. */
struct job *job_find(struct shell *sh, const char *spec, bool *ambiguous);

void job_poll(struct shell *sh);    /* notes what has changed, without waiting */
void job_notify(struct shell *sh);  /* prompt time: tells state changes, forgets ended jobs */
int job_status_of(int wait_status); /* wait(2) status as $? */
/* The terminal or its user has gone: SIGHUP to all jobs, and SIGCONT, that stopped ones hear of it. */
void job_hang_up(struct shell *sh);
/* The user is about to leave stopped jobs behind: says so once, and again when another job has stopped. true:
 * said. */
bool job_warn_stopped(struct shell *sh);

/* The built-in utilities (builtins/jobs.c, fg.c, kill.c) go by these. */
enum job_format { JOB_FORMAT_DEFAULT, JOB_FORMAT_LONG, JOB_FORMAT_PGID };
void job_print(struct shell *sh, struct job *job, enum job_format format); /* an ended job is forgotten */
/* Numbered jobs in order of their numbers; visit may let the visited one go. */
void job_each(struct shell *sh, void (*visit)(struct shell *sh, struct job *job, void *context),
              void *context);
int job_continue(struct shell *sh, struct job *job, bool foreground);
/* To its process group, or to each process of a job that has none. 0 or errno; ESRCH: it has ended. */
int job_send_signal(const struct job *job, int number);
pid_t job_pgid(const struct job *job);         /* of its first process when it has no group of its own */
bool job_is_controlled(const struct job *job); /* started with set -m: has a process group of its own */
enum job_state job_state(const struct job *job);
unsigned job_number(const struct job *job);
const char *job_text(struct shell *sh, const struct job *job); /* in sh->scratch */

void job_set_monitor(struct shell *sh, bool on); /* set -m, set +m: takes and returns the terminal */
bool job_is_own(const struct shell *sh, const struct job *job); /* not one of a subshell's parent */
int *job_terminal_descriptor(struct shell *sh);                 /* private, may be moved; -1: none */
bool job_has_control(const struct shell *sh);                   /* job control is in effect in this process */

#endif
