/*
 * job_table.h - the job table's rows, shared by job*.c and by nothing else.
 *
 * A job has a number while the user can name it: from when it goes to the background or stops until its end
 * is reported. Without a number it is either in the foreground or an ended asynchronous list whose status
 * `wait` may still ask for.
 */
#ifndef SHELL_JOB_TABLE_H
#define SHELL_JOB_TABLE_H

#include "shell/job.h"
#include <termios.h>

struct process {
    pid_t pid;
    int status; /* of wait(2), once it is not running */
    enum job_state state;
};

struct job {
    struct job *next;
    const struct node *node;
    struct ast *ast;     /* keeps node's memory */
    pid_t pgid;          /* 0: no process group of its own */
    unsigned number;     /* 0: none */
    unsigned long stamp; /* when it last became the current job */
    bool pipefail;       /* as at its start (XCU set pipefail) */
    bool background;     /* $! named it, or the user put it there */
    bool changed;        /* the user has not been told its state */
    bool has_modes;
    struct termios modes; /* terminal modes as when it stopped */
    unsigned count, cap;
    struct process processes[];
};

struct jobs {
    struct job *first;           /* newest first */
    struct job *parents;         /* in a subshell: its parent's, to look at until it has some itself */
    unsigned long clock, warned; /* warned: clock when the user was told of stopped jobs */
    unsigned remembered;         /* ended asynchronous lists that are kept for wait */
    bool control;                /* job control is in effect */
    int tty;                     /* the controlling terminal, or -1 */
    pid_t pgid;                  /* of the shell while it has control */
    pid_t outer_pgid;            /* of the shell before */
    struct termios modes;        /* the shell's own */
    bool has_modes;
};

void job_forget_in_subshell(struct shell *sh);
/* The jobs that can be named here. */
struct job *job_list(const struct shell *sh);
void job_free(struct shell *sh, struct job *job);
int job_status(const struct job *job);
/* Collects one child's change. Returns false when there is none (or, blocking, when a signal came instead).
 */
bool job_reap(struct shell *sh, bool block);
void job_describe(struct shell *sh, const struct job *job, enum job_format format);

void job_terminal_give(struct shell *sh, const struct job *job);
void job_terminal_take(struct shell *sh, struct job *job);

#endif
