/*
 * shim_args.h - how vmproc_exec() tells the shim what its argv and environment cannot.
 *
 * The shim is executed as: vmproc-run OPTIONS PATH ARGV0 ARG... where OPTIONS is one string,
 * "v=3,l=-1,i=0,..."
 */
#ifndef VMPROC_SHIM_ARGS_H
#define VMPROC_SHIM_ARGS_H

#include <stdbool.h>

#define SHIM_ARGS_VERSION 3
#define SHIM_ARGS_MAX     256 /* bytes of the string, NUL included */

struct shim_args {
    int lease_fd;    /* l: connection with the grant queued, or -1 */
    bool wire_in;    /* i */
    bool wire_out;   /* o */
    int pipeline;    /* n: which one it is a stage of, 0: none */
    int lifeline_fd; /* g: read end, or -1 */
    int usage_fd;    /* u: page that counts the CPU time of VMs, or -1 */
    int shell_pid;   /* s */
    bool trace;      /* t */
    bool last;       /* d: the shell became this command, and its TMPDIR goes with it if that is empty */
    int events_fd;   /* e: file of vm trace (vmproc/events.h), or -1 */
    int parcel_fd;   /* f: environment and limit for what another command started (shim/parcel.h), or -1 */
    int program_fd; /* k: kept open, with the lock that is on it, until the command has ended (store.h), or -1 */
    int strace_fd;         /* y: where its system calls go, as lines, or -1 */
    unsigned strace_flags; /* z: STRACE_* of vmprocd_proto.h */
    int boot_fd;        /* b: plan of a bootable image (vmproc/boot_plan.h), or -1: PATH is for our guest */
    int daemon_pid;     /* h: of the vmprocd that has the VM of the command that started it, 0: any */
    unsigned own_files; /* w: bits, descriptors whose description the command alone has */
    int policy_fd;      /* p: what the command is given (vmproc/policy.h), or -1: the ordinary */
};

void shim_args_format(const struct shim_args *args, char text[SHIM_ARGS_MAX]);

/* Returns 0, or -EINVAL: malformed, of another version, or with an option this shim does not know. */
int shim_args_parse(struct shim_args *args, const char *text);

#endif
