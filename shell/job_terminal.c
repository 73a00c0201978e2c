/* job_terminal.c - set -m: process groups, the terminal's foreground group and its modes (XCU 2.11,
 * XBD 11.1). */
#include "shell/error.h"
#include "shell/job.h"
#include "shell/job_table.h"
#include "shell/redir.h"
#include "shell/shell.h"
#include "shell/terminal.h"
#include "shell/trap.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* From a background process group too: with SIGTTOU blocked this neither stops nor fails nor runs a trap. */
static void set_terminal(int tty, const pid_t *pgid, const struct termios *modes)
{
    sigset_t ttou, old;

    sigemptyset(&ttou);
    sigaddset(&ttou, SIGTTOU);
    sigprocmask(SIG_BLOCK, &ttou, &old);
    if (pgid)
        tcsetpgrp(tty, *pgid);
    if (modes)
        tcsetattr(tty, TCSADRAIN, modes);
    sigprocmask(SIG_SETMASK, &old, NULL);
}

static void set_foreground(int tty, pid_t pgid)
{
    set_terminal(tty, &pgid, NULL);
}

/*
 * An interactive shell in the background stops until it is brought forward. Not so when nobody could do that: the
 * kernel then lets the signal of an orphaned process group pass.
 */
static void await_foreground(int tty)
{
    for (int asked = 0; asked < 16; asked++) {
        pid_t foreground = tcgetpgrp(tty);

        if (foreground < 0 || foreground == getpgrp())
            return;
        kill(0, SIGTTIN);
    }
}

/* Opens the controlling terminal, when it is this process group's to control. */
static int open_terminal(struct shell *sh)
{
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);

    if (tty < 0 && sh->interactive && isatty(STDERR_FILENO))
        tty = dup(STDERR_FILENO);
    if (tty < 0)
        return -1;
    tty = redir_move_high(tty);
    if (tty >= 0 && sh->interactive)
        await_foreground(tty);
    if (tty >= 0 && tcgetpgrp(tty) != getpgrp()) {
        close(tty); /* who is in the background has no claim to it */
        tty = -1;
    }
    return tty;
}

static void begin_control(struct shell *sh)
{
    struct jobs *jobs = sh->jobs;

    if (sh->interactive)
        trap_default_stops(sh);
    jobs->tty = open_terminal(sh);
    jobs->outer_pgid = jobs->pgid = getpgrp();
    if (jobs->tty < 0 && sh->interactive) {
        error_print(sh, "no access to the terminal: job control is off");
        sh->options.monitor = false;
        return;
    }
    jobs->control = true;
    if (!sh->interactive)
        return;
    trap_set_job_control(sh, true);
    if (setpgid(0, 0) == 0)
        jobs->pgid = getpgrp();
    set_foreground(jobs->tty, jobs->pgid);
    jobs->has_modes = tcgetattr(jobs->tty, &jobs->modes) == 0;
}

static void end_control(struct shell *sh)
{
    struct jobs *jobs = sh->jobs;

    jobs->control = false;
    if (jobs->tty >= 0) {
        if (jobs->outer_pgid != jobs->pgid) {
            set_foreground(jobs->tty, jobs->outer_pgid);
            setpgid(0, jobs->outer_pgid);
        }
        close(jobs->tty);
        jobs->tty = -1;
    }
    if (sh->interactive)
        trap_set_job_control(sh, false);
}

void job_set_monitor(struct shell *sh, bool on)
{
    if (on && !sh->jobs->control)
        begin_control(sh);
    else if (!on && sh->jobs->control)
        end_control(sh);
}

int *job_terminal_descriptor(struct shell *sh)
{
    return &sh->jobs->tty;
}

bool job_has_control(const struct shell *sh)
{
    return sh->jobs->control;
}

void job_forget_in_subshell(struct shell *sh)
{
    struct jobs *jobs = sh->jobs;

    if (jobs->tty >= 0)
        close(jobs->tty);
    *jobs = (struct jobs){.tty = -1, .parents = job_list(sh)}; /* they are nobody's children here */
}

void job_terminal_give(struct shell *sh, const struct job *job)
{
    if (sh->jobs->tty >= 0)
        set_foreground(sh->jobs->tty, job->pgid);
}

/*
 * What a full-screen program undoes at its end and one that was killed did not: the other screen, its hidden
 * cursor, its keys, character set, mouse and scrolling region. The cursor goes to the bottom, below whatever
 * is there.
 */
static const char leave_screen[] =
    "\33[?1047l\33[?25h\33[m\33(B\17\33[?1l\33>\33[?1000l\33[?1002l\33[?1003l\33[?1006l\33[r"
    "\33[999;1H\r\n";

/* To the modes that the shell had. crashed: by a program that will not come back to tidy up. */
static void restore_terminal(struct shell *sh, bool crashed)
{
    struct jobs *jobs = sh->jobs;
    struct termios left;
    bool raw = tcgetattr(jobs->tty, &left) == 0 && (jobs->modes.c_lflag & ICANON) && !(left.c_lflag & ICANON);

    set_terminal(jobs->tty, NULL, &jobs->modes);
    /* If it cannot be written there is nobody to see it. */
    if (crashed && raw && terminal_has_screen(sh) &&
        write(jobs->tty, leave_screen, sizeof leave_screen - 1) < 0)
        return;
}

void job_terminal_take(struct shell *sh, struct job *job)
{
    struct jobs *jobs = sh->jobs;
    bool stopped = job_state(job) == JOB_STOPPED;

    if (jobs->tty < 0 || !job->pgid)
        return;
    set_foreground(jobs->tty, jobs->pgid);
    if (!sh->interactive)
        return;
    if (stopped)
        job->has_modes = tcgetattr(jobs->tty, &job->modes) == 0;
    /* A job that ended by itself may have meant its changes (stty); one that was cut off did not. */
    if (stopped || job_status(job) > 128) {
        if (jobs->has_modes)
            restore_terminal(sh, !stopped);
    } else {
        jobs->has_modes = tcgetattr(jobs->tty, &jobs->modes) == 0;
    }
}

int job_continue(struct shell *sh, struct job *job, bool foreground)
{
    if (foreground) {
        job_terminal_give(sh, job);
        if (job->has_modes && sh->jobs->tty >= 0)
            set_terminal(sh->jobs->tty, NULL, &job->modes);
    }
    for (unsigned i = 0; i < job->count; i++)
        if (job->processes[i].state == JOB_STOPPED)
            job->processes[i].state = JOB_RUNNING;
    job->changed = false;
    if (kill(job->pgid ? -job->pgid : job->processes[0].pid, SIGCONT) != 0 && job_state(job) != JOB_DONE)
        return 1;
    if (!foreground) {
        job->stamp = ++sh->jobs->clock;
        sh->last_async = job->processes[job->count - 1].pid;
        return 0;
    }
    return job_wait_foreground(sh, job);
}
