/*
 * boot_net.h - the network of a bootable image: vmproc-net, a child that makes sockets of the guest's frames, and that
 * asks here whether a destination was given (net_link.h). Grants, names and refusals are those of programs (network.h).
 *
 *   boot_net_start() - it listens where it may --> boot_net_attach() with QEMU's connection -- asks, answers -->
 *   boot_net_end()
 */
#ifndef SHIM_BOOT_NET_H
#define SHIM_BOOT_NET_H

#include "vmproc/net_link.h"

#include <poll.h>
#include <stdbool.h>
#include <sys/types.h>

struct shim;

#define BOOT_NET_WAITING 64 /* questions that wait for a name */
#define BOOT_NET_POLLS   2

struct boot_net {
    struct shim *shim;
    pid_t pid;   /* 0: there is none */
    int control; /* -1: there is none */
    struct {
        struct network_address address;
        uint16_t port;
    } waiting[BOOT_NET_WAITING];
    unsigned nwaiting;
};

/* Starts it. Ends the process with its message when that cannot be, or where it is to listen is taken. */
void boot_net_start(struct boot_net *net, struct shim *shim);

/* QEMU's connection, which is consumed. */
void boot_net_attach(struct boot_net *net, int frames);

/* Adds at most BOOT_NET_POLLS. Returns how many. */
unsigned boot_net_poll_set(const struct boot_net *net, struct pollfd fds[]);
/* Sets shim->lost when vmproc-net has ended. */
void boot_net_polled(struct boot_net *net, const struct pollfd fds[], unsigned n);

/* Names may have become known. */
void boot_net_answer(struct boot_net *net);

/* Waits for its end: its ports are free then. */
void boot_net_end(struct boot_net *net);

#endif
