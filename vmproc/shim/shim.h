/*
 * shim.h - the one command this process stands for, and the VM that runs it.
 *
 *   LEASING -> RUNNING -> ENDING (EXITED came, output is being delivered) -> over
 *                     \-> lost (guest, router or vmprocd gone) -> over
 *
 * main.c is the table of contents. Everything runs in the loop's thread; workers (worker.h) touch nothing but
 * their operation.
 */
#ifndef SHIM_SHIM_H
#define SHIM_SHIM_H

#include "children.h"
#include "inherit.h"
#include "limits.h"
#include "network.h"
#include "op.h"
#include "p9.h"
#include "port.h"
#include "resolver.h"
#include "signals.h"
#include "strace.h"
#include "stream.h"
#include "vmproc/guest_abi.h"
#include "vmproc/policy.h"
#include "vmproc/shim_args.h"
#include "vmproc/vmprocd_proto.h"

/*
 * Statuses of our own. Each comes with one line on standard error. The program's own statuses are never
 * changed; 126 and 127 mean what they mean in a shell: found but cannot be run, not found.
 */
#define STATUS_LOST  120 /* the VM, its router or vmprocd ended under the command: it may have done a part */
#define STATUS_NO_VM 125 /* no VM could be had: the command has not begun */

struct boot; /* boot.h */
struct call; /* call.h */

struct shim {
    struct shim_args args;
    const char *path;
    char **argv, **envp;       /* envp: the program's, which may be less than our own */
    const char *name;          /* for messages: argv[0] */
    const struct limit *limit; /* of its authority: what another command started; else NULL */
    struct policy policy;
    bool program_is_known; /* verify.c: it has to be this file */
    struct stat program;
    struct boot *boot; /* what it boots instead of our guest; NULL: our guest */

    struct limits limits;
    struct inherit inherit;
    struct signals signals;
    struct vmp_grant grant;
    int vmprocd_fd;     /* -1 when it has gone */
    unsigned log_lines; /* sent to vmprocd */
    int clock_fd;       /* clock.h */
    int trace_fd;       /* report_open_trace(); -1: no line */
    struct stream ctl, p9_stream;
    struct port out, err;
    struct ops ops;
    struct p9 p9;
    struct call *calls; /* that wait */
    unsigned ncalls;
    struct children children;
    struct network network;
    struct resolver resolver;
    struct strace strace;

    uint8_t *ctl_in; /* the part of a message that has come */
    size_t ctl_len, ctl_size;
    bool started, exited;
    bool cut_short; /* it exited, and a part of its output was given up */
    struct ctl_exited end;
    char last_log[256]; /* the guest's last CTL_LOG line: why it failed, if it did */

    unsigned refusals; /* that set -o explain has told of */
    char refused[512]; /* the last one: programs ask for a thing again and again */

    const char *lost;    /* set once: the command cannot be brought to its end, and why */
    char lost_text[512]; /* room for it */

    uint64_t passed_signals;  /* bit signo-1: the program was sent it from outside */
    uint64_t held_signals;    /* bit signo-1: wait until the guest has read what was sent before */
    uint64_t held_to_group;   /* of them: those for all of the program's processes */
    uint64_t signals_sent;    /* messages CTL_SIGNAL */
    uint64_t signal_sent[64]; /* by signo-1: the number of the last of them that brought it; 0: none */
    int stop_signal;          /* the guest has stopped for it: stop the job; 0: none */
    int impatient_signal;     /* typed and not attended to */
    uint64_t impatient_at;    /* monotonic ns */
    bool attended;            /* the program has asked for terminal input since */

    struct {
        uint64_t begun, asked, granted, sent, started, exited; /* monotonic ns; 0: not yet */
    } at;
};

uint64_t now_ns(void); /* CLOCK_MONOTONIC */

/* ---- lease.c ---- */

/* Ends the process with its message when it may not have the descriptors that a VM takes. */
void lease_check_files(struct shim *shim);
/* Gets a VM: fills grant, vmprocd_fd, the ports. Ends the process with its message when there is none. */
void lease_take(struct shim *shim);
/* Another VM in the place of one that has ended before EXEC; false: it was a pipeline's, whose neighbours it has. */
bool lease_again(struct shim *shim);
/* Tells vmprocd what runs there. */
void lease_announce(struct shim *shim);
/* A message came, or the connection ended: sets lost. */
void lease_receive(struct shim *shim);
/* Pauses the VM: returns when it uses no CPU any more, or cannot be paused. */
void lease_suspend(struct shim *shim);
void lease_resume(struct shim *shim);
/* The command has ended in order: the VM may be used again. */
void lease_done(struct shim *shim);
/* Asks for the addresses of a name: for network.ask. */
void lease_resolve(void *shim, const char *name);
/* A line for vmprocd's log (vm log). So many of a command at most: the rest is left out, and that is said. */
#define LOG_LINES 16
void lease_log(struct shim *shim, const char *text);

/* ---- execmsg.c ---- */

/* Sends CTL_EXEC. 0, or -E2BIG, -errno. */
int exec_send(struct shim *shim);
/* The program is the one that every warm guest holds. */
bool exec_is_resident(const struct shim *shim);

/* ---- grants.c ---- */

/* What this command is given: for p9.make_tree. */
int grants_make(struct tree *tree, void *shim);
const char *grants_tmpdir(const struct shim *shim); /* of the command's environment; NULL: none */
/* Given for reading; they end with NULL. */
extern const char *const grants_common_files[]; /* to all programs */
extern const char *const grants_system_files[]; /* to those with an interpreter */
/*
 * May a command run the program at path (absolute)? Those in the toolbox, in the directories of PATH, as
 * the user has it, and in the system's always: for reading.
 */
bool grants_is_public_program(const char *path);
bool grants_is_in_search_path(const char *path); /* is its directory one of the user's PATH? */

/* ---- explain.c ---- */

/* Tells on standard error what was refused and, the first time, what has been given: for p9.refused. */
void explain_refusal(void *shim, const struct node *node, const char *below, const char *name, int err);
/* The same of an address or a name: for network.refused. */
void explain_network(void *shim, const char *what);
/* The same of a program (absolute path) that was to be run. */
void explain_program(struct shim *shim, const char *path);

/* ---- ctl.c ---- */

/* Takes in what has come; sets lost when the port has ended before the program or the guest talks nonsense.
 */
void ctl_receive(struct shim *shim);
/* What has come already, after strace_is_full() had stopped it. */
void ctl_resume(struct shim *shim);
void ctl_send(struct shim *shim, enum ctl_type type, const void *body, uint32_t len);
void ctl_send_signal(struct shim *shim, int signo, bool to_group);
/* What time it is, after the VM has stood still. */
void ctl_send_clock(struct shim *shim);

/* ---- job.c ---- */

/* Passes on what signals.h has noted; ends the process when the user has lost patience. */
void job_signals(struct shim *shim);
/* The guest has read its port: passes on what had to wait for that. */
void job_send_held(struct shim *shim);
/* The guest's program has stopped: the job stops, and goes on when it is continued. */
void job_stop(struct shim *shim);
/* The same after the program's end, when its terminal does not let us deliver what it wrote. */
void job_stop_for_output(struct shim *shim);
/* EXITED came: a signal that the program was sent before that, and did not get any more, may have ended it. */
void job_ended(struct shim *shim);
/* The program has ended of a signal that it was sent from outside. */
bool job_was_killed(const struct shim *shim);
/* The program has asked for input: it attends to its user. */
void job_attended(struct shim *shim);

/* ---- loop.c ---- */

/* Until the command is over or lost. */
void loop_run(struct shim *shim);
/* It hung up. With an empty pipe: the shell was killed. With a byte in it: it has left and we stay. */
void loop_look_at_lifeline(struct shim *shim);

/* ---- report.c ---- */

/* The one line: "fleetsh: NAME: text". */
void report(const struct shim *shim, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Opens what set -o vmtrace's line is written to: programs of GNU close their standard error at the end. */
void report_open_trace(struct shim *shim);
/* That line. */
void report_trace(const struct shim *shim, const char *status);
/* Ends the process as the program has ended, or as lost; writes the trace line first when it is wanted. */
_Noreturn void report_end(struct shim *shim);
_Noreturn void report_failure(struct shim *shim, int status);

/* ---- verify.c ---- */

/* Ends the process when the program is an image of the store (vmproc/store.h) that is not known to be what it was. */
void verify_program(struct shim *shim);

/* ---- events.c ---- */

/* Tells `vm trace` what was when. */
void events_report(const struct shim *shim);

#endif
