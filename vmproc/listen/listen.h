/*
 * listen.h - vmproc-listen: the command that an image with a trigger is. It waits, and starts a handler, a fresh VM,
 * for each connection or record.
 *
 *   LISTENING --TERM, HUP, end of the records--> DRAINING --the last handler has ended--> over
 *       '---- INT, QUIT ----> ENDING <---- another signal, or the time is up ----'
 *
 * DRAINING takes nothing more and lets handlers go on for a while; ENDING ends them: by SIGTERM, and by SIGKILL what
 * does not heed that. main.c has the loop, handler.c the handlers, source_*.c what they are started for.
 */
#ifndef LISTEN_LISTEN_H
#define LISTEN_LISTEN_H

#include "vmproc/client/child.h"
#include "vmproc/shim_args.h"
#include "vmproc/trigger.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#define LABEL_MAX     64 /* of what a handler was started for, in messages */
#define PATIENCE_SECS 2  /* between SIGTERM and SIGKILL */
#define NO_TIME       UINT64_MAX

struct handler {
    pid_t pid;       /* 0: the place is free */
    uint64_t end_at; /* monotonic ns: when it is ended, or, after that, killed; NO_TIME: never */
    bool told;       /* by SIGTERM */
    bool late;       /* its time was up */
    char label[LABEL_MAX];
};

struct records;

struct listener {
    const char *name; /* for messages: argv[0] */
    struct trigger trigger;
    struct shim_args args;
    char **argv; /* of the shim: "vmproc-run" OPTIONS PATH ARGV0 ARG... */
    char shim[4096], cwd[4096];
    uint64_t ignored, blocked; /* signals, as we have found them: the handlers' */
    struct handler *handler;   /* trigger.max */
    unsigned running;
    unsigned long failed; /* handlers that have not ended with status 0 */
    int socket;           /* that listens; -1: none, or not any more */
    struct records *records;
    enum { LISTENING, DRAINING, ENDING } state;
    int died_of;       /* signal that we end of; 0: none */
    uint64_t drain_at; /* when DRAINING becomes ENDING */
};

uint64_t listen_now(void); /* CLOCK_MONOTONIC in ns */

/* "fleetsh: NAME: text" on standard error. */
void listen_say(const struct listener *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same, and the end with status 1. */
_Noreturn void listen_fail(const struct listener *l, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- handler.c ---- */

/* Starts one on these descriptors, which stay the caller's; its environment is ours as it is now. */
void handler_start(struct listener *l, int input, int output, const char *label);
/* Takes in those that have ended. */
void handlers_reap(struct listener *l);
/* Ends those whose time is up. When the next one's is. */
uint64_t handlers_end_late(struct listener *l);
/* Ends all. */
void handlers_end(struct listener *l);

/* ---- source_connections.c ---- */

void connections_open(struct listener *l);
/* One is there, perhaps. */
void connections_take(struct listener *l);

/* ---- source_records.c ---- */

void records_open(struct listener *l);
/* A whole record is here already. */
bool records_ready(const struct listener *l);
/* Nothing more will come. */
bool records_ended(const struct listener *l);
/* Standard input can be read. */
void records_fill(struct listener *l);
/* Starts a handler for the next one. */
void records_take(struct listener *l);

#endif
