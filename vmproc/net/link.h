/*
 * link.h - one link: its frames, its firewall, and the sockets behind it.
 *
 *   QEMU -> frames -> filter -- PASS ----> libslirp -> sockets
 *                            |- NAMES ---> shim (NET_LINK_NAMES)
 *                            '- ASK -----> shim; held until it has answered
 *   QEMU <- frames <- filter <- libslirp; answers of the shim; what is refused
 *
 * Nothing of the sockets is looked at before the guest has been heard: who connects to where it will listen waits in the
 * kernel's queue, and not for a retransmission.
 */
#ifndef NET_LINK_H
#define NET_LINK_H

#include "filter.h"
#include "frames.h"

#include <poll.h>

struct Slirp;

#define LINK_HELD    64 /* frames that wait for a verdict; more are lost */
#define LINK_ASKERS  64 /* questions for names that have no answer yet; the oldest is forgotten */
#define LINK_SOCKETS 4096

struct held {
    size_t len; /* 0: nobody's place */
    uint8_t bytes[FRAME_MAX];
};

struct asker {
    uint16_t id, port; /* of the question, of the guest's socket */
};

struct link {
    struct Slirp *slirp;
    struct filter filter;
    struct frames frames;
    struct held held[LINK_HELD];
    struct asker asker[LINK_ASKERS];
    unsigned nasked;
    struct pollfd fds[LINK_SOCKETS];
    unsigned nfds;
};

/* 0 or -errno. It has no frames yet. */
int link_init(struct link *link);

/* Both protocols; at the grant's address. 0 or -errno, with the port in *port. */
int link_listen(struct link *link, const struct network_grant *grant, uint16_t *port);

/* Until it is over: the exit status. */
int link_run(struct link *link);

/* ---- confine.c ---- */

/* From now on it can open no file. */
void link_confine(void);

/* ---- sockets.c ---- */

int sockets_init(struct link *link);
/* libslirp's descriptors, behind those that are in link->fds already; milliseconds that it allows, or -1. */
int sockets_poll_set(struct link *link);
void sockets_polled(struct link *link, bool failed);

/* ---- names.c ---- */

/* Hands the guest's question on. */
void names_ask(struct link *link, const struct frame *frame);
/* An answer has come. false: the shim has gone. */
bool names_answer(struct link *link);

#endif
