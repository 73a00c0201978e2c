/*
 * filter.h - which frames pass between the guest and the sockets that are made of what it sends.
 *
 * From the guest: those that bear its own addresses, and go to the segment's services (ARP, DHCP, names), to a destination
 * that was given, or back to a peer of a port at which it may listen. To the guest: nobody's datagrams but of those
 * destinations, and for those ports. What is not known to be given or not is asked for once.
 *
 * A new connection is a SYN alone: libslirp makes a socket of nothing else. So what belongs to a connection that came in
 * passes by its port without a table of connections.
 */
#ifndef NET_FILTER_H
#define NET_FILTER_H

#include "frame.h"
#include "vmproc/net_link.h"

#define FILTER_VERDICTS 512
#define FILTER_PEERS    256

enum filter_action {
    FILTER_DROP,
    FILTER_PASS,
    FILTER_REFUSE, /* drop, and tell the guest (frame_unreachable()) */
    FILTER_NAMES,  /* a question of DNS for the shim */
    FILTER_ASK,    /* the verdict is to be asked for, and the frame tried again after it */
    FILTER_WAIT,   /* that has been done already */
};

enum filter_state { FILTER_FREE, FILTER_ASKED, FILTER_YES, FILTER_NO };

struct filter_verdict {
    enum filter_state state;
    uint32_t address;
    uint16_t port;
};

struct filter_peer {
    uint32_t address;
    uint16_t port, own_port;
};

struct filter {
    uint16_t listens[NET_LINK_PORTS];
    unsigned nlistens;
    struct filter_verdict
        verdict[FILTER_VERDICTS];          /* by a hash of the destination; another one there is forgotten */
    struct filter_peer peer[FILTER_PEERS]; /* who has sent datagrams to a port at which it listens */
    unsigned next_peer;
    bool heard; /* the guest has its address and uses it */
};

/* of a frame that the guest sent */
enum filter_action filter_from_guest(struct filter *filter, const struct frame *frame);

/* Of a frame for the guest. */
bool filter_to_guest(struct filter *filter, const struct frame *frame);

bool filter_listens_at(const struct filter *filter, uint16_t port);

/* What is asked of the shim for a frame: where the host's own address leads is this machine. */
uint32_t filter_destination(const struct frame *frame);

void filter_take_verdict(struct filter *filter, uint32_t address, uint16_t port, bool yes);

/* A name has become known: what was refused is to be asked for again. */
void filter_forget_refusals(struct filter *filter);

#endif
