/*
 * watchdog.h - notices that a router's libvirtd hangs, or that the network to it is gone.
 *
 * While VMs are leased or calls under way, a thread of its own asks libvirtd a trivial question every second;
 * one that stays unanswered for 3 s means that the router is lost, so that users are told within 5 s. That counts
 * ticks, not time: where all has stood still (SIGSTOP, a frozen cgroup, a machine that has no processor left), so has
 * libvirtd.
 *
 * Not libvirt's keepalive: with libvirt 9.0 a thread that waits for an answer polls without a timeout and is
 * not woken when keepalive gives up, or dies of SIGSEGV because keepalive has freed the socket under it.
 */
#ifndef VMPROC_DAEMON_WATCHDOG_H
#define VMPROC_DAEMON_WATCHDOG_H

#include <stdbool.h>
#include <uv.h>

struct router;

struct watchdog {
    unsigned calls;  /* of libvirt under way in workers */
    bool asked;      /* the question waits for its answer */
    unsigned epoch;  /* router.epoch when it was asked */
    uint64_t rtt_us; /* of the last question that was answered; 0: none was */
    uint64_t asked_at;
    unsigned ticks;  /* since then */
    uv_timer_t tick; /* runs while there is reason to watch */
};

void watchdog_init(struct router *r);
void watchdog_call_begins(struct router *r);
void watchdog_call_ends(struct router *r);
void watchdog_lease_begins(struct router *r);

#endif
