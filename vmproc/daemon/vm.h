/*
 * vm.h - one VM, from the call to libvirt to its last trace.
 *
 *              READY                TAKEN                SUSPENDED
 *   STARTING ---------> WARM ----------------> LEASED <------------> SUSPENDED
 *      |  ^              |                      | |      RESUMED          |
 *      |  '--------------|----------------------' |                       |
 *      |                 |         DONE           |                       |
 *      | FAILED, GONE    | UNWANTED, GONE         | RELEASED, GONE        | RELEASED, GONE    (KILLED: any)
 *      '-----------------+-----------+------------+-----------------------'
 *                                    v
 *                                  ENDING --- no libvirt call under way and (gone or destroyed) ---> freed
 *
 * Invariants
 *  1. Only STARTING and WARM have the ports open here. On TAKEN they go to the shim and are closed here, so
 * that the guest sees its ctl port close when the shim ends, however it ends.
 *  2. The exception is hold_fd, a duplicate of ctl: while the successor's QEMU is being started it must find
 * this one's next socket, so this guest may not power itself off before (50 ms at most).
 *  3. A guest powers itself off when ctl closes. ENDING destroys it only when it has not gone within a second
 * (and at once when it was suspended: it cannot run).
 *  4. lease is set exactly in LEASED and SUSPENDED, and the client's vm points back.
 *  5. Every libvirt call is counted in jobs and the VM is not freed before the last has returned.
 *  6. dom is known from the call's return on, but for a VM that is adrift (adrift.h).
 *  7. DONE brings ctl back from the shim (back_fd), and libvirt resets the machine (resets.h says when): it begins with what nobody
 * can have changed, the ROM (or QEMU loads kernel and resident program anew), whatever the guest has become, and
 * the new guest says READY on the same connection.
 * The other ports are connected anew, so that nothing of the last command lies in a socket.
 */
#ifndef VMPROC_DAEMON_VM_H
#define VMPROC_DAEMON_VM_H

#include "far_tsc.h"
#include "vmproc/guest_abi.h"
#include "vmproc/vmprocd_proto.h"

#include <libvirt/libvirt.h>
#include <stdbool.h>
#include <sys/queue.h>
#include <uv.h>

struct boot;
struct client;
struct daemon;
struct relay;
struct router;

enum vm_event {
    VM_EV_READY,     /* libvirt has started it and READY came */
    VM_EV_FAILED,    /* libvirt refused, or READY did not come in time, or it broke the protocol */
    VM_EV_TAKEN,     /* for a lease */
    VM_EV_SUSPENDED, /* libvirt has paused it */
    VM_EV_RESUMED,
    VM_EV_RELEASED, /* the lease's connection closed */
    VM_EV_DONE,     /* the lease is over in order, ctl is back here, and the pool wants the VM again */
    VM_EV_UNWANTED, /* the pool shrinks, or vmprocd ends */
    VM_EV_KILLED,   /* destroy it at once; who has it leased is told */
    VM_EV_GONE,     /* its QEMU is no more, or nobody can tell (router lost) */
    VM_NEVENTS
};

#define VM_NSTATES (VM_ENDING + 1)

enum vm_halt { HALT_NONE, HALT_UNDERWAY, HALT_DONE };

/* What JOB_FIND has learnt. */
enum vm_found { VM_FOUND_NOTHING, VM_FOUND_NONE, VM_FOUND_RUNNING, VM_FOUND_PAUSED };

enum vm_port { VM_CTL, VM_9P, VM_OUT, VM_ERR, VM_NPORTS };

struct vm {
    TAILQ_ENTRY(vm) link; /* pool.vms, in the order of starting, which is the chain's */
    struct daemon *d;
    struct router *r; /* where it runs */
    uint64_t id;
    char name[64];
    enum vmp_vm_state state;
    uint64_t memory_bytes;
    uint32_t machine;        /* e_machine of the programs that it runs; 0: x86-64 */
    struct boot *boot;       /* what it boots instead of our guest (boot.h); NULL: our guest */
    bool halted;             /* its processor, as last looked at */
    struct client *debugger; /* whose DEBUG is under way (debug.h); NULL: none */
    bool debugged;           /* its QEMU listens for gdb */
    bool was_debugged;       /* or has done so: it is not used again */
    bool kvm_trial;          /* the first one with an accelerator that may not work */

    bool rom;               /* its guest is in ROM (vmproc/rom_abi.h) */
    int bounce_fd;          /* its bounce buffer (vmproc/bounce_abi.h); -1: none */
    bool rings;             /* and it was started with shared memory for its wires */
    uint32_t has_rings;     /* READY_RING_*, as its guest says */
    bool ring_in, ring_out; /* the wires of this lease use it */
    bool ring_used;         /* something may be in that of port next: wires.h */
    uint64_t linked_to;     /* number of the VM whose next our prev is connected to; 0: none */
    bool listening;         /* its next and ctl accept connections */
    bool created;           /* libvirt's create has returned, well or not */
    bool stopped;           /* libvirt said so before that */
    bool gone;
    virDomainPtr dom;
    struct relay *relay; /* of its ports, where the router is another machine */
    unsigned jobs;

    int port[VM_NPORTS];    /* -1: not here */
    int arrived[VM_NPORTS]; /* opened by a job, not taken into use yet; -1: none */
    int hold_fd;
    int back_fd;      /* ctl from DONE until the reset; else -1 */
    unsigned resets;  /* that it has gone through, or is going through */
    bool held;        /* it has not begun to be reset: resets.h */
    uint64_t held_ns; /* uv_hrtime() */
    uint64_t run;     /* which pipeline its command belongs to, or did as long as it is held; 0: none */
    uv_poll_t ctl;
    uv_timer_t timer;
    int handles;           /* of libuv that are not closed yet: vm_handle_closed() */
    unsigned char in[512]; /* frames from ctl */
    size_t in_len;
    bool ready;

    struct far_tsc far_tsc;

    struct client *lease;
    enum vm_halt halt; /* paused because its shim stands still */
    bool resume_due;   /* the shim goes on, and halting is still under way, or libvirtd is away */
    bool adopted;      /* by a libvirtd that has not started it: adrift.h */
    enum vm_found found;
    struct vmp_started what; /* what runs there, all zero until STARTED */
    uint64_t wire_in_key, wire_out_key;
    uint32_t shell_pid;
    bool was_warm;
    uint64_t asked_ns, ready_ns, leased_ns; /* uv_hrtime() */
    uint64_t booting_ns;                    /* since when it starts, or is reset */

    uint64_t cpu_ns, resident_bytes; /* of its QEMU, as last measured */
    struct vmp_used used;            /* by its command, as last told */
    bool tell;                       /* its shim has been asked and has not answered: measure.h */
};

/* Asks libvirt for a VM; linked_to and machine as above. NULL: no memory. */
struct vm *vm_start(struct router *r, uint64_t id, uint64_t memory_bytes, uint32_t machine,
                    uint64_t linked_to);

/* The same for an image, which becomes the VM's when it succeeds. NULL: no memory, or no socket. */
struct vm *vm_start_boot(struct router *r, uint64_t id, struct boot *boot);

/* A libvirt call of another module's has returned: frees the VM if that was the last thing to wait for. */
void vm_job_over(struct vm *vm);

/* why: one line for whom it concerns; ignored by most events. May free the VM. */
void vm_event(struct vm *vm, enum vm_event event, const char *why);

/* Its next and ctl accept connections: connects to ctl. Idempotent. */
void vm_listening(struct vm *vm);

/*
 * Libvirt calls of a lease; client_operation_done() follows with 0 or an error's text. Suspend and resume
 * change the state when libvirt has done it. A VM that is not paused is resumed at once.
 */
void vm_suspend(struct vm *vm);
void vm_resume(struct vm *vm);

/* The shim of this LEASED VM stands still: pauses it, too. Nobody is told. */
void vm_halt(struct vm *vm);

/* Resets this VM, which is held. */
void vm_reset(struct vm *vm);

/* Libvirt says that it has stopped. */
void vm_stopped(struct vm *vm, const char *why);

/* uv_close()'s callback for the handles within. */
void vm_handle_closed(uv_handle_t *handle);

/* The successor's start has ended: nothing needs the next socket any more. */
void vm_release_hold(struct vm *vm);

#endif
