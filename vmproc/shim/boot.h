/*
 * boot.h - a command that is a bootable image: its VM runs a guest that knows nothing of us (boot_plan.h).
 *
 *   WAITING (for GRANT) -> RUNNING -> ENDING (it is known how: what has been written is delivered) -> over
 *                                 \-> lost (router or vmprocd gone, `vm kill`) -> over
 *
 * Its console is one socket: what comes is standard output, what standard input brings is sent. How it ends
 * is told by the exit port (a socket of its own: the first byte) or by vmprocd (ENDED). Signals do not reach
 * it: they are its VM's, which is paused, goes on, or ends.
 */
#ifndef SHIM_BOOT_H
#define SHIM_BOOT_H

#include "boot_feed.h"
#include "boot_net.h"
#include "vmproc/boot_plan.h"

struct shim;

struct boot {
    struct shim *shim;
    struct boot_plan plan;
    int exit_fd; /* -1: none, or closed */
    struct boot_feed feed;
    struct boot_net net;
    bool over;      /* its status is known */
    uint8_t status; /* then */
    uint64_t over_at;
    bool gather;     /* little has come: the next turn waits a moment for more */
    int write_error; /* errno: standard output took no more */
};

/* From its lease to the end of the process. */
_Noreturn void boot_run(struct shim *shim);

/* ---- what the lease reports ---- */
unsigned boot_count_sockets(const struct boot *boot);
void boot_take_sockets(struct boot *boot, const int fds[]);
void boot_ended(struct boot *boot, uint32_t how); /* enum vmp_end */
void boot_hear(struct boot *boot);                /* takes in what the guest has said by its exit port */
uint64_t boot_bytes_in(const struct boot *boot);

#endif
