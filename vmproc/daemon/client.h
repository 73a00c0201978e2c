/*
 * client.h - one connection: its requests (vmprocd_proto.h), and the VM it has leased.
 *
 *   NEW --- LEASE ---> WAITING --- client_granted() ---> LEASED --- client_vm_lost() ---> LOST
 *    |                    '------ client_refused() ---> NEW        '---- DONE ----> DONE
 *    '--- any other request, answered at once
 *
 * A connection's end, whatever its state, ends what it has: place in the queue, VM.
 */
#ifndef VMPROC_DAEMON_CLIENT_H
#define VMPROC_DAEMON_CLIENT_H

#include "vmproc/vmprocd_proto.h"

#include <stdbool.h>
#include <sys/queue.h>
#include <uv.h>

struct boot;
struct daemon;
struct lookup;
struct out;
struct router;
struct vm;

#define CLIENT_MAX_PASSED 4 /* descriptors that a request brings at most */

enum client_state { CLIENT_NEW, CLIENT_WAITING, CLIENT_LEASED, CLIENT_LOST, CLIENT_DONE };

struct client {
    TAILQ_ENTRY(client) link;    /* server.clients */
    TAILQ_ENTRY(client) waiting; /* its router's pool.waiting */
    struct daemon *d;
    enum client_state state;
    int fd;
    uv_poll_t poll;
    struct router *waits_at;       /* for a VM there; NULL: it does not wait */
    bool busy;                     /* its request is under way: no further one is read */
    bool measuring;                /* that is MEASURE */
    struct vm *vm;                 /* LEASED only */
    struct vm *debugs;             /* its DEBUG of that one is under way: debug.h */
    int trace_fd;                  /* where vm trace records; -1: it is none */
    int passed[CLIENT_MAX_PASSED]; /* came with the request being handled; -1: taken */
    unsigned npassed;
    struct vmp_place *place; /* where its lease is to be; NULL: anywhere */
    struct boot *boot;       /* WAITING for a VM that boots this (boot.h); else NULL */
    uint64_t memory_bytes;   /* of the lease */
    char *images;            /* likewise, malloc'd; NULL: not told */
    uint32_t machine;        /* likewise */
    uint32_t shell_pid;
    uint64_t asked_ns;
    TAILQ_HEAD(, lookup) lookups; /* of resolve.h, under way */
    unsigned nlookups;
    TAILQ_HEAD(, out) unsent; /* packets for which the socket had no room */
};

/* Takes fd over. NULL: no memory; fd is closed. */
struct client *client_new(struct daemon *d, int fd);

/* Ends it and what it has. The struct is freed later. */
void client_close(struct client *client);

/* Queues it when the socket is full. */
void client_send(struct client *client, enum vmp_type type, const void *body, uint32_t len);
void client_send_error(struct client *client, enum vmp_type type, enum vmp_error_code code, const char *text);

/* ---- what the pool and the VM report ---- */
void client_granted(struct client *client, struct vm *vm); /* vm is WARM */
void client_refused(struct client *client, enum vmp_error_code code, const char *why);
void client_vm_lost(struct client *client, const char *why);
void client_vm_ended(struct client *client, enum vmp_end end);        /* of an image: by itself */
void client_operation_done(struct client *client, const char *error); /* of what made it busy; NULL: well */

#endif
