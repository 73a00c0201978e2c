/*
 * vmprocd_proto.h - messages between a user's shells and shims and that user's vmprocd.
 *
 * Transport: an AF_UNIX SOCK_SEQPACKET socket, <runtime dir>/vmprocd.sock (vmproc/rundir.h); one packet is
 * one message: struct vmp_head, then the body of that type. Descriptors travel by SCM_RIGHTS with the packet
 * that names them. Both sides check SO_PEERCRED: same user or nothing. A packet of the wrong size or an
 * unknown type is answered with VMP_ERROR and the connection is closed.
 *
 * A connection is a lifetime: a lease ends when its connection does, and the VM with it.
 *
 *   shim:    [PLACE] LEASE -> GRANT (+4 or 5 fds) -> STARTED ... SUSPEND/RESUME -> OK ... DONE (+1 fd), close
 *            TELL <- whenever vmprocd wants to know; USED ->
 *            LOG -> whenever something went wrong
 *   shell:   [PLACE] LEASE_RUN > RUN (+k fds, each a connection on which GRANT is already queued)
 *   anyone:  LIST -----> VM* END;   ROUTER -> ROUTER_INFO* END;   KILL -> OK;   SHUTDOWN -> OK
 *            DEBUG ----> STUB OK
 *            MEASURE --> OK: the figures of LIST are fresh;   TRACE (+1 fd) -> OK
 *   vmprocd: RETIRE -> to the one whose place it has taken
 *
 * SHUTDOWN, RETIRE and struct vmp_error are the same in all versions: that is how one takes another's place.
 */
#ifndef VMPROC_VMPROCD_PROTO_H
#define VMPROC_VMPROCD_PROTO_H

#include <stdint.h>

#define VMP_VERSION    4u
#define VMP_MAX_PACKET 4096u
#define VMP_MAX_RUN    16u

struct vmp_head {
    uint16_t
        version;   /* VMP_VERSION; a mismatch is answered with VMP_E_REPLACED (the client's is the newer one)
                         or VMP_E_VERSION; but for SHUTDOWN and RETIRE */
    uint16_t type; /* enum vmp_type */
    uint32_t len;  /* bytes of body */
};

enum vmp_type {
    /* client -> vmprocd */
    VMP_LEASE = 1,     /* struct vmp_lease: one VM, waits until one is ready or the router has failed */
    VMP_LEASE_RUN = 2, /* struct vmp_lease: neighbours that are ready now; never waits */
    VMP_STARTED = 3,   /* struct vmp_started, on a lease: what runs there, for LIST; no answer */
    VMP_SUSPEND = 4,   /* on a lease, no body: pause the VM; VMP_OK when it uses no CPU any more */
    VMP_RESUME = 5,
    VMP_LIST = 6,
    VMP_ROUTER = 7,
    VMP_KILL = 8,     /* struct vmp_kill: destroy that VM of this user */
    VMP_SHUTDOWN = 9, /* end vmprocd and all its VMs */
    VMP_DONE = 10,    /* struct vmp_done + fd ctl, on a lease: the VM may be used again; no answer */
    VMP_MEASURE = 11, /* no body: asks libvirt and the shims what each VM uses; OK when LIST can tell it */
    VMP_USED = 12,    /* struct vmp_used, on a lease: what TELL asks for; no answer */
    VMP_TRACE =
        13, /* no body + fd: until the connection ends, what vmprocd does is recorded there (events.h); OK */
    VMP_LOG = 14, /* struct vmp_log, on a lease: a line for the log; no answer */
    VMP_USE =
        15, /* struct vmp_choice: new commands go to that router; OK, whether it can be reached or not */
    VMP_DRAIN = 16,   /* struct vmp_choice: no new command goes there; OK */
    VMP_RESOLVE = 17, /* struct vmp_resolve, on a lease: VMP_ADDRESSES follows, in time */
    VMP_STRACE =
        18, /* struct vmp_strace + fd, a pipe: its program's system calls go there, as lines; OK. vmprocd
                         sends the same on to the lease */
    VMP_DEBUG = 19, /* struct vmp_debug: has its QEMU listen for gdb: STUB OK, or no longer: OK */
    VMP_BOOT =
        24, /* struct vmp_boot + fds plan, then the files it names: a VM for that image (boot_plan.h) */
    VMP_TRUST = 28,  /* struct vmp_trust: look at that router's certificate, or accept it; OK */
    VMP_FORGET = 29, /* struct vmp_choice: that router's certificate is not known any more; OK */
    VMP_PLACE =
        30, /* struct vmp_place, before LEASE, BOOT, LEASE_RUN: where that is to be; no answer, unless asked
                         for: OK, or ERROR with the reason */
    VMP_RETIRE = 32, /* no body: the sender listens in your place; end when the last command has; no answer */
    /* vmprocd -> client */
    VMP_GRANT = 64, /* struct vmp_grant + fds ctl, 9p, out, err, bounce (in this order; bounce: VMP_BOUNCE) */
    VMP_RUN = 65,   /* struct vmp_run + run.count fds, first stage first */
    VMP_OK = 66,
    VMP_ERROR = 67,       /* struct vmp_error */
    VMP_LOST = 68,        /* struct vmp_error, on a lease: the VM or the router is gone */
    VMP_VM = 69,          /* struct vmp_vm */
    VMP_ROUTER_INFO = 70, /* struct vmp_router */
    VMP_END = 71,
    VMP_TELL = 72,      /* no body, on a lease, at any time: answer with USED */
    VMP_ADDRESSES = 73, /* struct vmp_addresses, on a lease, at any time: what RESOLVE has asked for */
    VMP_STUB = 74,      /* struct vmp_stub */
    VMP_ENDED = 88,     /* struct vmp_ended, on a lease by BOOT: the guest has ended its machine */
};

/* Which routers a lease may be placed on. Lists of patterns, each ended by a newline; "": any. */
struct vmp_place {
    char on[128];          /* the user's word: a router's name or URI */
    char routers[512];     /* the spec's, of its name or URI */
    char labels[128];      /* the spec's, no patterns: each is one of the router's */
    char architecture[16]; /* the spec's */
    uint32_t flags;        /* VMP_PLACE_* */
    uint32_t reserved;
};

#define VMP_PLACE_ASK 0x1u /* answer whether there is one, or is expected to be */

struct vmp_lease {
    uint32_t count;        /* 1 for LEASE; 2..VMP_MAX_RUN for LEASE_RUN */
    uint32_t shell_pid;    /* for LIST and admission */
    uint64_t memory_bytes; /* 0: the default */
    uint32_t flags;        /* VMP_LEASE_* */
    uint32_t machine;      /* LEASE: e_machine of the program's ELF file; 0: x86-64, as the warm ones are */
    char images[256];      /* what the commands are called, each ended by a newline */
};

/*
 * Its GRANT comes when libvirt has started the VM, with the fds console and, if the plan names a port for that,
 * exit: what is written there. What the guest has written before lies in them.
 */
struct vmp_boot {
    uint32_t shell_pid;
    uint32_t flags;  /* VMP_LEASE_* */
    char images[64]; /* as of a lease */
};

enum vmp_end {
    VMP_END_POWER_OFF = 1, /* by ACPI */
    VMP_END_RESET = 2,     /* by any means, a triple fault among them: QEMU does not tell them apart */
    VMP_END_PANIC = 3,     /* pvpanic */
    VMP_END_HALT = 4,      /* its processor stands still with interrupts off */
};

struct vmp_ended {
    uint32_t how; /* enum vmp_end */
    uint32_t reserved;
};

#define VMP_LEASE_STAY 0x1u /* do not answer VMP_E_REPLACED: I cannot start another vmprocd */

#define VMP_RING_IN  0x1u
#define VMP_RING_OUT 0x2u
#define VMP_BOUNCE   0x8u /* one fd more: of the file of its bounce buffer (bounce_abi.h) */
#define VMP_FAR      0x4u /* the VM is on another machine: the guest is to be given a window (ctl_exec) */

struct vmp_grant {
    uint64_t vm;           /* number of the VM, unique for this vmprocd's life; what `vm ls` shows */
    uint64_t tsc_hz;       /* of the router */
    uint64_t wire_in_key;  /* nonzero: port prev is wired to the stage before */
    uint64_t wire_out_key; /* nonzero: port next is wired to the stage after */
    uint64_t resident_dev, resident_ino, resident_size,
        resident_mtime_ns; /* the resident program's file; 0s: none */
    uint64_t memory_bytes;
    uint32_t warm;   /* 1: was booted before it was asked for */
    uint32_t flags;  /* VMP_RING_*: wires that go through shared memory; VMP_BOUNCE, VMP_FAR */
    char domain[64]; /* libvirt's name of it */
};

struct vmp_run {
    uint32_t count; /* 0: nothing ready: do without wires */
    uint32_t reserved;
};

struct vmp_started {
    uint32_t pid, pgid; /* of the shim */
    uint32_t wired;     /* bit 0: in, bit 1: out */
    uint32_t reserved;
    char command[256]; /* argv joined by blanks, cut */
    char image[256];   /* path of the program */
};

/*
 * EXITED has come and everything that the program wrote has been delivered. Without this message, or when
 * vmprocd has no use for the VM, it ends with the connection. The sender has shut down 9p, out and err; ctl
 * goes with the message, and with it the guest's life.
 */
struct vmp_done {
    uint64_t max_rss_bytes; /* as EXITED says */
};

/* What has gone through the shim. Bytes on wires are seen by nobody on the host. */
struct vmp_used {
    uint64_t in_bytes;  /* that the program has read: descriptors and files */
    uint64_t out_bytes; /* that it has written */
};

/* What went wrong with the VM or the command, for `vm log`. */
struct vmp_log {
    char text[256]; /* one line, NUL-terminated */
};

#define VMP_MAX_ADDRESSES 32u

/* As this machine resolves it: by its files, DNS, whatever it has. */
struct vmp_resolve {
    char name[256];
};

struct vmp_addresses {
    char name[256];                         /* as in RESOLVE */
    uint32_t count;                         /* 0: there is no such name, or it has no address */
    uint32_t failed;                        /* 1: nobody could be asked: it may be known later */
    uint8_t address[VMP_MAX_ADDRESSES][16]; /* IPv4 as ::ffff:a.b.c.d */
};

enum vmp_error_code {
    VMP_E_VERSION = 1,
    VMP_E_PROTOCOL = 2,  /* malformed packet */
    VMP_E_NO_ROUTER = 3, /* none found or none reachable */
    VMP_E_START = 4,     /* the router refused or failed to start the VM */
    VMP_E_LIMIT = 5,     /* admission: too many VMs */
    VMP_E_GONE = 6,      /* the VM ended under the command */
    VMP_E_NO_VM = 7,     /* KILL: no such VM */
    VMP_E_INTERNAL = 8,
    VMP_E_PLACE = 10,   /* no router fits what PLACE said */
    VMP_E_REPLACED = 9, /* a newer vmprocd is installed, or the client is newer: start it with --replace */
    VMP_E_MACHINE = 11, /* no router runs programs for that architecture */
};

struct vmp_error {
    uint32_t code; /* enum vmp_error_code */
    uint32_t reserved;
    char text[504]; /* one line: what failed and how to mend it; NUL-terminated */
};

struct vmp_kill {
    uint64_t vm;
};

struct vmp_choice {
    char router[128]; /* its name or URI. USE: "" for whichever is best; one that is not known yet is added */
};

/* The user's word for a router on another machine: without it no command goes there. */
struct vmp_trust {
    char router[128];     /* its name or URI; one that is not known yet is added, drained */
    char fingerprint[72]; /* "sha256:..." as ROUTER has told it: that one is accepted; "": look only */
};

enum vmp_trust_state {
    VMP_TRUST_NONE = 0, /* it shows no certificate: this machine, ssh; or it has not been asked */
    VMP_TRUST_KNOWN = 1,
    VMP_TRUST_UNKNOWN = 2, /* nobody has accepted it: TRUST */
    VMP_TRUST_CHANGED = 3, /* another one is known: FORGET, then TRUST */
};

#define STRACE_TIME 0x1u /* each line with the time of day */
#define STRACE_TOOK 0x2u /* with how long it took */
#define STRACE_PID  0x4u /* with the process, also when it is the command itself */
#define STRACE_PIPE 0x8u /* the descriptor is a pipe made for it: nobody else is kept from waiting */

struct vmp_strace {
    uint64_t vm;
    uint32_t flags; /* STRACE_* */
    uint32_t reserved;
};

#define DEBUG_END 0x1u /* ends it; not while gdb is attached */

struct vmp_debug {
    uint64_t vm;
    uint32_t flags; /* DEBUG_* */
    uint32_t reserved;
};

struct vmp_stub {
    char path[108]; /* of the socket at which QEMU listens for gdb */
};

enum vmp_vm_state {
    VM_STARTING = 0, /* libvirt was asked */
    VM_WARM = 1,     /* READY arrived, waits in the chain */
    VM_LEASED = 2,   /* a shim has it */
    VM_SUSPENDED = 3,
    VM_ENDING = 4,
};

struct vmp_vm {
    uint64_t vm;
    uint32_t state; /* enum vmp_vm_state */
    uint32_t pid, pgid, shell_pid;
    uint64_t memory_bytes;
    uint64_t age_ms; /* since libvirt was asked */
    uint64_t run_ms; /* since the lease; 0 when warm */
    uint32_t wired;
    uint32_t reserved;
    /* As of the last MEASURE; 0 before the first one that met this VM. */
    uint64_t cpu_ns;         /* of its QEMU, since the VM was started: resets do not set it back */
    uint64_t resident_bytes; /* of its QEMU */
    uint64_t in_bytes;       /* of its command, as struct vmp_used */
    uint64_t out_bytes;
    char domain[64];
    char router[64];
    char command[256];
    char image[256];
};

struct vmp_router {
    char name[64]; /* short, and of this router alone */
    char uri[128];
    char found_by[32];    /* "FLEETSH_ROUTER", "LIBVIRT_DEFAULT_URI", "DNS-SD", "default" */
    char accelerator[16]; /* "tcg", "kvm", "" when not known yet */
    char state[32];       /* "connected", "connecting", "failed: ..." cut */
    char error[256];
    uint32_t warm, leased;  /* VMs now */
    uint64_t cold_start_us; /* median of recent: libvirt asked to READY */
    uint64_t warm_grant_us; /* median of recent: LEASE to GRANT when a warm VM was there */
    uint64_t started_total;
    uint32_t chosen;  /* 1: by USE */
    uint32_t drained; /* 1: by DRAIN */
    uint32_t trust;   /* enum vmp_trust_state */
    uint32_t reserved;
    char fingerprint[72];                /* "sha256:..." of the certificate that it showed last; "": none */
    uint64_t memory_bytes;               /* of its machine; 0: not known yet */
    uint64_t start_us, load_us, data_us; /* what the next command is taken to cost there (placement.h) */
    uint64_t rtt_us;                     /* of libvirt's last answer; 0: not measured yet */
    uint32_t waiting;                    /* commands, for a VM there */
    uint32_t processors;                 /* 0: not known yet */
    uint32_t far;                        /* 1: another machine */
    uint32_t reserved2;
    char architecture[32]; /* as uname -m has it; "": not known yet */
    char images[128]; /* that it is meant for, as its record says it: patterns, commas between; "": all */
    char labels[128]; /* likewise, words for what it has; "": none */
};

_Static_assert(sizeof(struct vmp_head) == 8, "vmp_head");
_Static_assert(sizeof(struct vmp_lease) == 280, "vmp_lease");
_Static_assert(sizeof(struct vmp_boot) == 72, "vmp_boot");
_Static_assert(sizeof(struct vmp_ended) == 8, "vmp_ended");
_Static_assert(sizeof(struct vmp_grant) == 144, "vmp_grant");
_Static_assert(sizeof(struct vmp_done) == 8, "vmp_done");
_Static_assert(sizeof(struct vmp_used) == 16, "vmp_used");
_Static_assert(sizeof(struct vmp_log) == 256, "vmp_log");
_Static_assert(sizeof(struct vmp_strace) == 16, "vmp_strace");
_Static_assert(sizeof(struct vmp_debug) == 16, "vmp_debug");
_Static_assert(sizeof(struct vmp_stub) == 108, "vmp_stub");
_Static_assert(sizeof(struct vmp_started) == 528, "vmp_started");
_Static_assert(sizeof(struct vmp_resolve) == 256, "vmp_resolve");
_Static_assert(sizeof(struct vmp_addresses) == 776, "vmp_addresses");
_Static_assert(sizeof(struct vmp_error) == 512, "vmp_error");
_Static_assert(sizeof(struct vmp_vm) == 728, "vmp_vm");
_Static_assert(sizeof(struct vmp_choice) == 128, "vmp_choice");
_Static_assert(sizeof(struct vmp_trust) == 200, "vmp_trust");
_Static_assert(sizeof(struct vmp_place) == 792, "vmp_place");
_Static_assert(sizeof(struct vmp_router) == 992, "vmp_router");

#endif
