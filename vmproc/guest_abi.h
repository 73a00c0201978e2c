/*
 * guest_abi.h - what the guest and the host say to each other, and nothing else.
 *
 * Compiled by the guest (freestanding), the shim and vmprocd. Fixed-width little-endian types only; every
 * struct is packed by construction (static asserts below). docs/PROTOCOL.md tells the same in prose.
 *
 * A guest has one virtio-serial device (virtio-mmio, modern) with the ports named below. Every port's
 * QEMU end is a unix socket.
 *
 *   port   direction       carries
 *   ctl    both            framed messages, this file
 *   9p     both            9P2000.L (guest is the client, shim the server)
 *   out    guest -> shim   bytes of the descriptor whose write_via is VIA_OUT, unframed
 *   err    guest -> shim   the same for VIA_ERR
 *   prev   wire            this guest reads: its QEMU connects to the predecessor's "next" socket
 *   next   wire            this guest writes: its QEMU listens
 *
 * A wire carries frames (end of this file), or only bells, where the guests share memory (ring_abi.h).
 *
 * Life of a guest:
 *
 *   boot -> READY ----> (idle) -- EXEC --> running -- EXITED --> done
 *                                            |                    |
 *                        ctl port closed by the host, any state: power off at once (GUEST_EXIT_PORT)
 */
#ifndef VMPROC_GUEST_ABI_H
#define VMPROC_GUEST_ABI_H

#include <stdint.h>

#define GUEST_ABI_VERSION 5u

/* ISA debug-exit device: a write ends QEMU at once, so a finished VM costs libvirt no destroy. */
#define GUEST_EXIT_PORT 0xf4u

#define GUEST_PORT_CTL  "ctl"
#define GUEST_PORT_9P   "9p"
#define GUEST_PORT_OUT  "out"
#define GUEST_PORT_ERR  "err"
#define GUEST_PORT_PREV "prev"
#define GUEST_PORT_NEXT "next"

/* ---- ctl: every message is a ctl_head followed by len bytes of body ---- */

struct ctl_head {
    uint32_t len;  /* bytes of body, at most CTL_MAX_BODY */
    uint16_t type; /* enum ctl_type */
    uint16_t reserved;
};

#define CTL_MAX_BODY (8u << 20) /* EXEC with a large environment; everything else is small */

enum ctl_type {
    /* guest -> host */
    CTL_READY = 1,   /* struct ctl_ready: booted, waits for EXEC */
    CTL_STARTED = 2, /* no body: the program's first instruction is about to run */
    CTL_EXITED = 3,  /* struct ctl_exited: the program has ended; all its output is in the ports */
    CTL_CALL = 4,    /* struct ctl_call (+ data): the guest asks, the host answers with CTL_RET */
    CTL_CANCEL = 5,  /* struct ctl_cancel: give up the call (a signal came); CTL_RET still follows */
    CTL_LOG = 6,     /* text, UTF-8, no newline: unimplemented system call, refused program, panic */
    CTL_STOPPED = 7, /* struct ctl_signal: the program's action for this signal is to stop */
    CTL_SPAWN = 8,   /* struct ctl_piece + bytes: a part of what CALL_SPAWN will start */
    CTL_TRACED = 9,  /* struct ctl_traced + text: a system call that the program has made */
    CTL_TSC = 10,    /* struct ctl_tsc: the answer to ASK_TSC */
    /* host -> guest */
    CTL_EXEC = 64,    /* struct ctl_exec + tables + strings: run this program */
    CTL_SIGNAL = 65,  /* struct ctl_signal: deliver as by kill(2) */
    CTL_RET = 66,     /* struct ctl_ret (+ data) */
    CTL_BROKEN = 67,  /* struct ctl_broken: nobody reads that port's bytes any more: EPIPE + SIGPIPE */
    CTL_CHILD = 68,   /* struct ctl_child: what CALL_SPAWN started has ended, stopped or gone on */
    CTL_CLOCK = 69,   /* struct ctl_clock: what time it is, after the VM has stood still */
    CTL_ROOM = 70,    /* struct ctl_room: the guest may send more to port out or err */
    CTL_TRACE = 71,   /* struct ctl_trace: from now on system calls are told by TRACED, or are not */
    CTL_ASK_TSC = 72, /* no body, before EXEC: answer with TSC at once */
};

struct ctl_ready {
    uint32_t abi;            /* GUEST_ABI_VERSION */
    uint32_t rings;          /* READY_RING_* */
    uint64_t tsc;            /* time-stamp counter when this was sent */
    uint64_t resident_bytes; /* size of the resident program (the initrd); 0 when there is none */
    uint64_t memory_bytes;   /* RAM the guest sees */
};

#define READY_RING_PREV 0x1u /* it has the shared memory of that wire (ring_abi.h) */
#define READY_RING_NEXT 0x2u

enum ctl_exit_how {
    CTL_EXIT_STATUS = 0, /* value: exit(2) status, 0..255 */
    CTL_EXIT_SIGNAL = 1, /* value: number of the signal that killed the program */
    CTL_EXIT_NOEXEC = 2, /* value: errno of a failed exec; detail was sent as CTL_LOG */
};

struct ctl_exited {
    uint32_t how; /* enum ctl_exit_how */
    uint32_t value;
    uint64_t out_bytes; /* written to port out since EXEC: the shim reads that many, then ends */
    uint64_t err_bytes;
    uint64_t user_ns; /* CPU time of the program in user mode, and in the guest kernel */
    uint64_t system_ns;
    uint64_t max_rss_bytes;
    uint64_t first_out_ns; /* EXEC received to first byte of output queued on any port; 0: none */
    /* When the program began to end: what has been sent since is the shim's to act on. */
    uint64_t signals_taken; /* messages CTL_SIGNAL that had come */
    uint64_t signals_fatal; /* bit signo-1: would have ended it: default action, not blocked */
};

struct ctl_signal {
    uint32_t signo; /* Linux x86-64 number */
    uint32_t group; /* 1: the whole process group gets it, so the program's forks do, too */
};

struct ctl_broken {
    uint32_t via; /* VIA_OUT or VIA_ERR */
    uint32_t reserved;
};

/* By two of them vmprocd learns the frequency on a machine that is not its own. */
struct ctl_tsc {
    uint64_t tsc; /* the time-stamp counter now */
};

/* Only to a guest that was given a window by EXEC. */
struct ctl_room {
    uint32_t via; /* VIA_OUT or VIA_ERR */
    uint32_t reserved;
    uint64_t limit; /* bytes since EXEC that it may have sent to that port in all; never less than before */
};

struct ctl_trace {
    uint32_t on; /* 0 or 1 */
    uint32_t reserved;
};

#define TRACED_ADDRESS   0x1u /* the result is an address */
#define TRACED_NO_RETURN 0x2u /* the call does not return */
#define TRACED_TEXT_MAX  768u

struct ctl_traced {
    uint64_t realtime_ns; /* when it began */
    uint64_t took_ns;
    int64_t result; /* as the system call's: -errno */
    uint32_t tid;
    uint32_t flags; /* TRACED_* */
    /* at most TRACED_TEXT_MAX bytes of text follow: name(arguments) */
};

/* A machine that is paused has no time; its program's clocks go on with the host's all the same. */
struct ctl_clock {
    uint64_t realtime_ns;   /* CLOCK_REALTIME */
    uint64_t since_exec_ns; /* of CLOCK_MONOTONIC, since EXEC was sent: the guest's never goes back to it */
};

/*
 * Calls: what 9P2000.L cannot say about an inherited descriptor. The host performs the call on its own
 * descriptor after every byte counted in out_mark/err_mark has been delivered, so that a program's output
 * and its ioctls keep their order.
 */
enum ctl_call_op {
    CALL_LSEEK = 1,    /* a: offset, b: whence; result: new offset */
    CALL_IOCTL = 2,    /* a: request (only those of IOCTLS in PROTOCOL.md); data: in and out structure */
    CALL_POLL = 3,     /* a: events (POLLIN, POLLOUT...); answered when ready or cancelled; result: revents */
    CALL_TRUNCATE = 4, /* a: length */
    CALL_SYNC = 5,     /* fsync(2) */
    CALL_CLOSE = 6,    /* no descriptor of this description is left in the guest: the host closes its own */
    /* These make new inherited descriptors, for children to be given; fd is not used. */
    CALL_PIPE = 7,  /* result: number of the read end, the write end's is one more; data: ctl_fd of both */
    CALL_ADOPT = 8, /* a: fid of an open file, b: offset; result: its number; data: ctl_fd */
    /* Children; fd is not used. */
    CALL_SPAWN = 9, /* a: id of the pieces, b: their bytes; result: process id */
    CALL_KILL = 10, /* a: process id of a child, b: signal, 0 for none */
    /* Sockets. What was not granted is ENETUNREACH. NOWAIT: EINPROGRESS or EAGAIN instead of waiting. */
    CALL_SOCKET = 11,  /* fd not used; a: domain, b: type; result: its number; data: ctl_fd */
    CALL_CONNECT = 12, /* a: 0 or SOCKET_NOWAIT; data: the address */
    CALL_BIND = 13,    /* data: the address */
    CALL_LISTEN = 14,  /* a: backlog */
    CALL_ACCEPT = 15, /* a: 0 or SOCKET_NOWAIT; result: number of the new one; data: ctl_fd, socket_address */
    CALL_SOCKNAME = 16,   /* a: 0 its own name, 1 its peer's; data: socket_address */
    CALL_GETSOCKOPT = 17, /* a: level, b: option; result: length of the value; data: room in, the value out */
    CALL_SETSOCKOPT = 18, /* a: level, b: option; data: the value */
    CALL_SHUTDOWN = 19,   /* a: how */
};

#define SOCKET_NOWAIT 1

#define SOCKET_ADDRESS_MAX 28 /* sockaddr_in6 */

struct socket_address {
    uint32_t len;
    uint8_t bytes[SOCKET_ADDRESS_MAX]; /* sockaddr_in, sockaddr_in6; AF_UNIX: the family alone */
};

/*
 * Tread and Twrite on the fid of a socket are recv(2) and send(2) with the flags in the offset's low half.
 * With SOCKET_HEAD the data begins with a socket_head: whence or where to, and what recvmsg(2) says besides.
 */
#define P9_SOCKET   (1ull << 63)
#define SOCKET_HEAD (1ull << 32)

struct socket_head {
    uint32_t flags;                /* msg_flags */
    uint32_t length;               /* of the whole datagram: what did not fit is lost */
    struct socket_address address; /* len 0: none */
};

/* Where the guest's programs ask for names: not an address of any machine (RFC 5737), but the shim. */
#define RESOLVER_IPV4 0xc0000235u /* 192.0.2.53 */
#define RESOLVER_TEXT "192.0.2.53"

struct ctl_call {
    uint32_t id; /* chosen by the guest, echoed in CTL_RET */
    uint32_t op; /* enum ctl_call_op */
    uint32_t fd; /* as in ctl_fd.fd */
    uint32_t data_len;
    int64_t a;
    int64_t b;
    uint64_t out_mark;
    uint64_t err_mark;
    /* data_len bytes follow */
};

struct ctl_cancel {
    uint32_t id;
    uint32_t reserved;
};

struct ctl_ret {
    uint32_t id;
    uint32_t data_len;
    int64_t result; /* >= 0, or -errno; -EINTR after CTL_CANCEL */
    /* data_len bytes follow */
};

/* ---- EXEC ---- */

/* How the bytes of an inherited descriptor travel. */
enum ctl_via {
    VIA_NONE = 0, /* not open in that direction: EBADF */
    VIA_FID = 1,  /* Tread/Twrite on the fid got by Tattach with aname "fd/N" (see P9_HERE) */
    VIA_NULL = 2, /* /dev/null: answered in the guest */
    VIA_OUT = 3,  /* write only */
    VIA_ERR = 4,  /* write only */
    VIA_WIRE = 5, /* read: port prev; write: port next */
};

#define P9_HERE UINT64_MAX /* offset of Tread/Twrite on an "fd/N" fid: the description's own offset */

#define CTL_FD_TTY     0x1u /* isatty(3) */
#define CTL_FD_CLOEXEC 0x2u
#define CTL_FD_SEEK    0x4u /* lseek(2) works on it */
#define CTL_FD_OWN     0x8u /* a regular file, read only, at 0, that nobody shares: the guest positions it */

struct ctl_fd {
    uint32_t fd;
    uint32_t same_as; /* lowest descriptor that shares this one's open file description; fd itself if none */
    uint8_t read_via; /* enum ctl_via */
    uint8_t write_via;
    uint16_t flags;                /* CTL_FD_* */
    uint32_t open_flags;           /* fcntl(F_GETFL) of the host, Linux x86-64 values */
    uint32_t mode;                 /* st_mode: type and permissions */
    uint32_t socket;               /* of a socket: domain << 16 | type; 0: not known */
    uint64_t dev, ino, rdev, size; /* of fstat(2) at exec; a regular file's fstat asks Tgetattr */
};

struct ctl_rlimit {
    uint64_t cur, max; /* UINT64_MAX: infinity */
};

#define CTL_NRLIMIT 16 /* indices are Linux's RLIMIT_* */

#define EXEC_RESIDENT 0x1u /* the program is the resident one: nothing is read over 9P */
#define EXEC_WIRE_IN  0x2u /* port prev carries this command's input: expect frames with wire_in_key */
#define EXEC_WIRE_OUT 0x4u
#define EXEC_TRACE    0x8u  /* as CTL_TRACE, from the first system call on */
#define EXEC_RING_IN  0x10u /* that wire goes through shared memory (ring_abi.h) and not through frames */
#define EXEC_RING_OUT 0x20u
#define EXEC_RESOLVER 0x40u /* names are asked for at RESOLVER_IPV4 */

struct ctl_exec {
    uint32_t abi;         /* GUEST_ABI_VERSION */
    uint32_t flags;       /* EXEC_* */
    uint64_t realtime_ns; /* CLOCK_REALTIME when this was sent */
    uint64_t tsc_hz;      /* the router's time-stamp counter frequency */
    uint8_t entropy[32];  /* seeds getrandom(2) and AT_RANDOM */
    uint64_t wire_in_key, wire_out_key;
    uint32_t pid, ppid, pgid, sid, uid, gid, umask;
    uint32_t sig_ignored_lo, sig_ignored_hi; /* bit signo-1: SIG_IGN at exec */
    uint32_t sig_blocked_lo, sig_blocked_hi;
    uint32_t nfds, nargv, nenv;
    uint32_t strings_len;
    uint32_t window; /* bytes that may go to port out, and to err, before ROOM; 0: as the port takes them */
    uint64_t memory_bytes; /* that the guest may use, however much its machine has; 0: all */
    struct ctl_rlimit rlimit[CTL_NRLIMIT];
    /* struct ctl_fd fds[nfds], ascending by fd;
     * strings: program path (as the guest opens it), cwd, hostname, argv..., env..., each ended by NUL */
};

/* ---- SPAWN: a program of this guest asks for another one, in a VM of its own ---- */

/* The pieces with one id, put together in the order they were sent, are a ctl_spawn with its tables. */
struct ctl_piece {
    uint32_t id;
    uint32_t reserved;
    /* at most CTL_MAX_PIECE bytes follow */
};

#define CTL_MAX_PIECE 4096u

#define SPAWN_PGROUP  0x1u /* joins process group pgid, 0: one of its own */
#define SPAWN_SESSION 0x2u /* setsid(2) */
#define SPAWN_REPLACE 0x4u /* not a child: takes the asking program's own place */

struct ctl_spawn {
    uint32_t flags; /* SPAWN_* */
    uint32_t pgid;
    uint32_t umask;
    uint32_t nfds, nargv, nenv;
    uint32_t strings_len;
    uint32_t reserved;
    uint32_t sig_ignored_lo, sig_ignored_hi, sig_blocked_lo, sig_blocked_hi;
    struct ctl_rlimit rlimit[CTL_NRLIMIT];
    /* struct ctl_spawn_fd fds[nfds], ascending by fd;
     * strings: program path, cwd, argv..., env..., each ended by NUL */
};

struct ctl_spawn_fd {
    uint32_t fd;   /* the child's */
    uint32_t from; /* ctl_fd.fd, or SPAWN_DEVICE + a row of: null zero full random urandom */
};

#define SPAWN_DEVICE 0x80000000u

struct ctl_child {
    uint32_t pid;
    int32_t status;              /* as waitpid(2) has it */
    uint64_t user_ns, system_ns; /* when it has ended */
    uint64_t max_rss_bytes;
};

/* ---- wire: guest to guest, over ports next and prev ---- */

/*
 * Writer to reader: OPEN, DATA..., EOF. Reader to writer: CLOSED, once: when the reader's last descriptor is
 * closed, its program ends, or EOF has arrived (a QEMU that ends, or sees its peer end, throws away what lies
 * in the socket between them: only CLOSED tells a writer that has sent EOF that its machine may go; its
 * EXITED waits for that). Frames that come before an OPEN with the right key are not this pipeline's and are
 * dropped with the connection treated as cut. A connection that ends without EOF is a cut wire: the reader
 * gets EIO, never a clean end. Flow control is the socket's own: a reader that posts no buffer stops its QEMU
 * reading, and so the writer.
 */
enum wire_type {
    WIRE_OPEN = 1,   /* len 8: the key */
    WIRE_DATA = 2,   /* len 1..WIRE_MAX_DATA */
    WIRE_EOF = 3,    /* len 0: the writer closed its last descriptor or ended */
    WIRE_CLOSED = 4, /* len 0, reader to writer: nobody will read: EPIPE + SIGPIPE */
};

struct wire_head {
    uint32_t type; /* enum wire_type */
    uint32_t len;
};

#define WIRE_MAX_DATA (64u << 10)

_Static_assert(sizeof(struct ctl_head) == 8, "ctl_head");
_Static_assert(sizeof(struct ctl_ready) == 32, "ctl_ready");
_Static_assert(sizeof(struct ctl_exited) == 72, "ctl_exited");
_Static_assert(sizeof(struct ctl_call) == 48, "ctl_call");
_Static_assert(sizeof(struct ctl_ret) == 16, "ctl_ret");
_Static_assert(sizeof(struct ctl_clock) == 16, "ctl_clock");
_Static_assert(sizeof(struct ctl_room) == 16, "ctl_room");
_Static_assert(sizeof(struct ctl_trace) == 8, "ctl_trace");
_Static_assert(sizeof(struct ctl_traced) == 32, "ctl_traced");
_Static_assert(sizeof(struct ctl_tsc) == 8, "ctl_tsc");
_Static_assert(sizeof(struct ctl_fd) == 56, "ctl_fd");
_Static_assert(sizeof(struct socket_head) == 40, "socket_head");
_Static_assert(sizeof(struct ctl_exec) == 144 + 16 * CTL_NRLIMIT, "ctl_exec");
_Static_assert(sizeof(struct ctl_spawn) == 48 + 16 * CTL_NRLIMIT, "ctl_spawn");
_Static_assert(sizeof(struct ctl_child) == 32, "ctl_child");
_Static_assert(sizeof(struct wire_head) == 8, "wire_head");

#endif
