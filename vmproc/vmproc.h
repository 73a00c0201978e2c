/*
 * vmproc.h - what the shell knows of VMs: everything else stays below vmproc/.
 *
 * A command is an ordinary forked child which, where another shell would execve(2) the program, calls
 * vmproc_exec(). That becomes the shim (vmproc-run), which stands for one VM: to the kernel, the tty and
 * wait(2) the shim is the command. Links libc only. Functions that can fail return -errno.
 */
#ifndef VMPROC_VMPROC_H
#define VMPROC_VMPROC_H

#include "vmproc/policy.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What a file is decides how it runs. */
enum vmproc_kind {
    VMPROC_NOT_RUNNABLE, /* 126; vmproc_kind_reason() says why */
    VMPROC_PROGRAM,      /* Linux x86-64 ELF program: run by our guest */
    VMPROC_FOREIGN, /* the same for another architecture that a VM can have: never wired to a neighbour */
    VMPROC_IMAGE,   /* a kernel or disk that boots in a VM of its own: run by vmproc-spec, as a spec is */
    VMPROC_SCRIPT,  /* begins with #! */
    VMPROC_SPEC, /* text, in a file named NAME.vm: an image spec (fleetsh-image(5)), which says what runs */
    VMPROC_TEXT, /* no #!, but text: a shell script by XCU 2.9.1.4 1.b.ii */
};

/*
 * Reads the first bytes of path. On VMPROC_NOT_RUNNABLE *reason is a static string ("truncated ELF header",
 * "ELF for another machine", "binary file of an unknown kind"...). -errno when it cannot be read.
 */
int vmproc_kind(const char *path, const char **reason);

/* e_machine of the VMPROC_FOREIGN program that path is; 0: it is none. */
uint16_t vmproc_foreign_machine(const char *path);

/* Whether path has an image spec beside it, path.vm, whose name is then put into spec. */
bool vmproc_spec_beside(const char *path, char spec[PATH_MAX]);

/*
 * The lifeline: one pipe per top-level shell whose write end only shell processes hold. Shims poll the read
 * end: hang-up with an empty pipe means that the shell was killed, and they end; vmproc_lifeline_detach()
 * leaves a byte in it, so that background jobs outlive a shell that ended by itself.
 */
struct vmproc_lifeline {
    int read_fd, write_fd; /* both >= 10, close-on-exec; -1 before the first use */
};
#define VMPROC_LIFELINE_INIT                                                                                 \
    {                                                                                                        \
        -1, -1                                                                                               \
    }

int vmproc_lifeline_open(struct vmproc_lifeline *line); /* idempotent */
void vmproc_lifeline_in_subshell(
    struct vmproc_lifeline *line);                         /* in a forked child: keeps only the read end */
void vmproc_lifeline_detach(struct vmproc_lifeline *line); /* before an orderly exit of the top-level shell */
bool vmproc_lifeline_cut(
    const struct vmproc_lifeline *line); /* in a subshell: the top-level shell was killed */

/*
 * CPU time of VMs. wait4(2) and RUSAGE_CHILDREN tell what shims have used, and that is little: a VM is
 * nobody's child. So each shim whose program has ended adds the VM's time to a page that a shell, its
 * subshells and their shims share.
 */
struct vmproc_cpu {
    uint64_t user_ns, system_ns;
};
struct vmproc_usage {
    int fd;                   /* >= 10, close-on-exec; -1: none */
    struct vmproc_cpu *total; /* shared, NULL: none */
    struct vmproc_cpu before; /* in a subshell: what was used before it began */
};
#define VMPROC_USAGE_INIT                                                                                    \
    {                                                                                                        \
        -1, NULL,                                                                                            \
        {                                                                                                    \
            0, 0                                                                                             \
        }                                                                                                    \
    }

int vmproc_usage_open(struct vmproc_usage *usage);         /* idempotent; without it all counts stay 0 */
void vmproc_usage_in_subshell(struct vmproc_usage *usage); /* in a forked child: counts from now on */
struct vmproc_cpu vmproc_usage_read(const struct vmproc_usage *usage); /* of VMs that have ended */
void vmproc_usage_add(int fd, const struct vmproc_cpu *used);          /* in a shim; -1: nobody counts */
/* In a shim whose stage gets no VM: is it the first of its pipeline? The others need not say it again. */
bool vmproc_usage_first_to_fail(int fd, int pipeline);

/* One stage's share of a wired run. */
struct vmproc_lease {
    int fd; /* connection to vmprocd with the VM's GRANT queued; >= 10, close-on-exec; -1: none */
};

/*
 * Asks for n (2..VMPROC_MAX_RUN) neighbouring warm VMs, all or nothing; never waits for a VM to boot and
 * never starts vmprocd. Returns 0 with leases[0..n-1].fd set, or -errno (usually -EAGAIN, -ENOENT): then use
 * pipes. The caller closes the descriptors; each stage's child hands its own to vmproc_exec().
 * names: of the commands that are to run there, paths or not; shell_pid: of the top-level shell, whose share of VMs
 * they are; router: on which they are to be; NULL: any.
 */
#define VMPROC_MAX_RUN    16
#define VMPROC_ROUTER_MAX 120 /* bytes of a router's name or URI, NUL included */
int vmproc_lease_run(struct vmproc_lease leases[], const char *const names[], unsigned n, int shell_pid,
                     const char *router);

#define VMPROC_OWN_FILES 30

struct vmproc_command {
    const char *path;  /* the file found in PATH, as execve(2) would take it */
    char *const *argv; /* NULL-terminated, argv[0] included */
    char *const *envp;
    int lease_fd;          /* from vmproc_lease_run(), or -1 */
    bool wire_in;          /* descriptor 0 is the pipe that the lease's wire replaces */
    bool wire_out;         /* descriptor 1 likewise */
    int pipeline;          /* that it is a stage of: the number is of no other one; 0: none */
    int lifeline_fd;       /* read end, or -1 */
    int usage_fd;          /* of struct vmproc_usage, or -1 */
    int shell_pid;         /* of the top-level shell */
    bool trace;            /* set -o vmtrace: one line on the shim's stderr when the VM has ended */
    bool last;             /* the session ends with it: TMPDIR, the directory of that, goes if it is empty */
    unsigned own_files;    /* bits: descriptors below VMPROC_OWN_FILES that no other process shares */
    int strace_fd;         /* of vm strace, or -1 */
    unsigned strace_flags; /* STRACE_* of vmprocd_proto.h */
    int events_fd;         /* of vm trace (events.h), or -1 */
    const char *spec;      /* image spec that says what runs, and how; path is then not used. NULL: none */
    const struct policy *policy; /* vmproc/policy.h; NULL: the ordinary */
};

/* Replaces this process by the shim. Returns only on failure: -errno (shim missing, E2BIG). */
int vmproc_exec(const struct vmproc_command *command);

/*
 * Whether this process is in a VM of fleetsh's: a command of a command. execve(2) of a fork is what makes a VM there
 * (docs/ARCHITECTURE.md, Commands that start commands), and vmprocd cannot be reached.
 */
bool vmproc_in_guest(void);

/* Starts vmprocd in the background if none runs, so that the first command finds a warm VM. Never waits. */
void vmproc_wake(void);

/*
 * Whether VMs can be had, as the running vmprocd knows without asking anybody. Waits at most so long;
 * UNKNOWN: no vmprocd runs, or it did not answer. why, unless NULL: the reason of FAILED.
 */
enum vmproc_router {
    VMPROC_ROUTER_UNKNOWN,
    VMPROC_ROUTER_CONNECTING,
    VMPROC_ROUTER_READY,
    VMPROC_ROUTER_FAILED
};
#define VMPROC_WHY_MAX 256
enum vmproc_router vmproc_router_state(int milliseconds, char why[VMPROC_WHY_MAX]);

/* Directory of links to the default toolbox (argv: busybox applets), or NULL when there is none. Static. */
const char *vmproc_toolbox(void);

/* The program behind `vm top`, or NULL when it is not installed. Static. */
const char *vmproc_top(void);

/* The program behind `vm image check`, or NULL when it is not installed. Static. */
const char *vmproc_spec_tool(void);

/* The program behind `vm image add` and its like, or NULL when it is not installed. Static. */
const char *vmproc_store_tool(void);

/* The program behind `vm policy test`, or NULL when it is not installed. Static. */
const char *vmproc_gate_tool(void);

/*
 * Connection to the running vmprocd for the `vm` builtin: a SOCK_SEQPACKET descriptor, close-on-exec, on
 * which messages of vmprocd_proto.h are spoken; starts vmprocd when start is true. -errno when there is none.
 */
int vmproc_connect(bool start);

/*
 * For who has been answered with VMP_E_REPLACED on fd (which stays open): starts the vmprocd that is
 * installed now in the place of that one, unless somebody has already, and connects to it. Or -errno.
 */
int vmproc_replace(int fd);

/* The vmprocd at the other end of a connection or a lease; 0: not known. */
pid_t vmproc_daemon_pid(int fd);

/* Connections to all of the user's vmprocds, also to those in whose place another has come. How many. */
int vmproc_connect_all(int fds[], int max);

/* Connection to that vmprocd, also when another has taken its place; else to the one that listens. Or -errno.
 */
int vmproc_connect_to(pid_t daemon);

#endif
