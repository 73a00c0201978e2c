/*
 * placement.h - on which router a command runs: the rule alone, without connections, clocks or libvirt.
 *
 * First what is possible (feasible), then what is soonest done (cost); of equals the one that was added first.
 *
 *   feasible  the router is not drained; its name, URI or wish matches one of the patterns of the command's `on` and one
 *             of its spec's; it has all labels and is of the architecture that the spec asks for, has the memory, is
 *             meant for such images, and is on this machine where the command needs that
 *   cost      in µs, by which the command's end is later than on an idle router of this machine with a VM ready
 *     start     0 while more VMs are ready than wait for one; else the time of a cold start, and half of one for each
 *               that waits before (two start at once)
 *     load      PLACEMENT_SLICE_US for each command there, divided by the router's processors
 *     data      of another machine: PLACEMENT_EXCHANGES times the round trip to it, as files and output are here
 *
 * A router that is being connected to costs more than any that is connected, and one that is not more than that.
 *
 * The least of many is found without looking at all: a tournament over the routers' costs, of which a change redoes the
 * matches on one path. Who wants something particular asks the winner first, and looks below only where it cannot.
 */
#ifndef VMPROC_DAEMON_PLACEMENT_H
#define VMPROC_DAEMON_PLACEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLACEMENT_SLICE_US  10000u  /* what one more command on a processor is taken for */
#define PLACEMENT_EXCHANGES 20u     /* of a short command: control, files, output */
#define PLACEMENT_COLD_US   100000u /* of a cold start that has not been measured yet */
#define PLACEMENT_RTT_US    1000u   /* of a round trip likewise */
#define PLACEMENT_WHY       256

enum placement_state { PLACEMENT_DOWN, PLACEMENT_COMING, PLACEMENT_UP };

struct placement_cost {
    uint64_t start_us, load_us, data_us;
};

/* What is known of a router. The texts are the owner's, and may be NULL. */
struct placement_router {
    void *owner;
    const char *name, *uri, *wish;
    const char *architecture; /* of that machine, as uname -m has it; NULL, "": not known yet */
    const char *images;       /* patterns with commas between them: it is for these only; NULL, "": for all */
    const char *labels;       /* words with commas between them */
    enum placement_state state;
    bool drained;
    bool refused; /* its policy has refused the last VM: it costs more than any other that is connected */
    const char *no_aarch64; /* why it cannot run programs for that; NULL: it can, or that is not known yet */
    bool far;               /* another machine */
    uint64_t memory_bytes;  /* of that machine; 0: not known yet */
    unsigned processors;    /* 0: not known yet */
    unsigned ready;         /* VMs that wait for a command */
    unsigned busy;          /* commands that run */
    unsigned waiting;       /* commands that wait for a VM */
    uint64_t cold_us;       /* of a cold start, 0: not measured yet */
    uint64_t rtt_us;        /* likewise, of a round trip */
    /* placement_changed() fills these. */
    struct placement_cost cost;
    uint64_t key;      /* what is compared */
    unsigned position; /* in the order of adding */
};

/* What a command needs. Lists of patterns (fnmatch(3)), each ended by a newline; NULL, "": any. */
struct placement_want {
    const char *on, *routers;
    const char *labels;       /* no patterns: each of them */
    const char *images;       /* what the commands are called; NULL: they have no name */
    bool any_image;           /* that is not asked yet */
    const char *architecture; /* "": any */
    uint64_t memory_bytes;
    bool here;    /* on this machine */
    bool aarch64; /* a VM for programs of aarch64 */
};

struct placement {
    struct placement_router **routers; /* in the order of adding */
    unsigned count;
    unsigned leaves;   /* a power of two */
    unsigned *winners; /* 1: of all; below n are 2n and 2n+1; leaves..: one router each. NOBODY: none */
};

/* The router stays the caller's, and in the placement for ever. false: no memory. */
bool placement_add(struct placement *p, struct placement_router *router);

/* Something of it has changed. */
void placement_changed(struct placement *p, struct placement_router *router);

/* The best, NULL: none is feasible, and why (of PLACEMENT_WHY bytes, unless NULL) is one line for the user. */
struct placement_router *placement_best(const struct placement *p, const struct placement_want *want,
                                        char *why);

/* Whether it could run there; else why, as above. */
bool placement_feasible(const struct placement_router *router, const struct placement_want *want, char *why);

void placement_free(struct placement *p);

#endif
