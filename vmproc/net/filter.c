/* filter.c - the firewall of one link. */
#include "filter.h"

#include <string.h>

#define BROADCAST   0xffffffffu
#define LOOPBACK    0x7f000001u
#define PORT_NAMES  53
#define PORT_SERVER 67 /* of DHCP */
#define PORT_CLIENT 68

static const uint8_t guest_mac[6] = NET_LINK_MAC_INIT;

static bool is_on_link(uint32_t address)
{
    return (address & NET_LINK_MASK) == NET_LINK_NETWORK;
}

/* Multicast, reserved and broadcast addresses, and that of no machine. */
static bool is_no_host(uint32_t address)
{
    return address >= 0xe0000000u || address >> 24 == 0;
}

uint32_t filter_destination(const struct frame *frame)
{
    return frame->to == NET_LINK_HOST ? LOOPBACK : frame->to;
}

bool filter_listens_at(const struct filter *filter, uint16_t port)
{
    for (unsigned i = 0; i < filter->nlistens; i++)
        if (filter->listens[i] == port)
            return true;
    return false;
}

/* ---- verdicts ---- */

static struct filter_verdict *slot(struct filter *filter, uint32_t address, uint16_t port)
{
    uint32_t hash = (address ^ (uint32_t)port << 16 ^ port) * 2654435761u;
    return &filter->verdict[hash >> 16 & (FILTER_VERDICTS - 1)];
}

_Static_assert((FILTER_VERDICTS & (FILTER_VERDICTS - 1)) == 0, "a power of two");

static enum filter_state known(struct filter *filter, uint32_t address, uint16_t port)
{
    const struct filter_verdict *v = slot(filter, address, port);
    return v->address == address && v->port == port ? v->state : FILTER_FREE;
}

void filter_take_verdict(struct filter *filter, uint32_t address, uint16_t port, bool yes)
{
    *slot(filter, address, port) = (struct filter_verdict){yes ? FILTER_YES : FILTER_NO, address, port};
}

void filter_forget_refusals(struct filter *filter)
{
    for (unsigned i = 0; i < FILTER_VERDICTS; i++)
        if (filter->verdict[i].state == FILTER_NO)
            filter->verdict[i].state = FILTER_FREE;
}

static enum filter_action by_verdict(struct filter *filter, const struct frame *frame)
{
    uint32_t to = filter_destination(frame);
    switch (known(filter, to, frame->to_port)) {
    case FILTER_YES:
        return FILTER_PASS;
    case FILTER_NO:
        return FILTER_REFUSE;
    case FILTER_ASKED:
        return FILTER_WAIT;
    case FILTER_FREE:
        break;
    }
    *slot(filter, to, frame->to_port) = (struct filter_verdict){FILTER_ASKED, to, frame->to_port};
    return FILTER_ASK;
}

/* ---- peers ---- */

static bool is_peer(const struct filter *filter, const struct frame *frame)
{
    for (unsigned i = 0; i < FILTER_PEERS; i++)
        if (filter->peer[i].own_port == frame->from_port && filter->peer[i].port == frame->to_port &&
            filter->peer[i].address == frame->to)
            return true;
    return false;
}

static void note_peer(struct filter *filter, const struct frame *frame)
{
    const struct filter_peer peer = {frame->from, frame->from_port, frame->to_port};
    for (unsigned i = 0; i < FILTER_PEERS; i++)
        if (memcmp(&filter->peer[i], &peer, sizeof peer) == 0)
            return;
    filter->peer[filter->next_peer++ % FILTER_PEERS] = peer;
}

/* It belongs to what has come in at a port where the guest may listen. */
static bool is_answer(const struct filter *filter, const struct frame *frame)
{
    if (!filter_listens_at(filter, frame->from_port))
        return false;
    if (frame->protocol == FRAME_UDP)
        return is_peer(filter, frame);
    return (frame->tcp_flags & (FRAME_TCP_SYN | FRAME_TCP_ACK)) != FRAME_TCP_SYN;
}

/* ---- from the guest ---- */

static bool is_dhcp(const struct frame *frame)
{
    return frame->protocol == FRAME_UDP && !frame->fragment && frame->from_port == PORT_CLIENT &&
           frame->to_port == PORT_SERVER && (frame->to == BROADCAST || frame->to == NET_LINK_HOST) &&
           (frame->from == 0 || frame->from == NET_LINK_GUEST);
}

static enum filter_action ipv4_from_guest(struct filter *filter, const struct frame *frame)
{
    if (is_dhcp(frame))
        return FILTER_PASS;
    if (frame->from != NET_LINK_GUEST || frame->fragment || is_no_host(frame->to))
        return FILTER_DROP;
    filter->heard = true;
    if (frame->protocol ==
        FRAME_ICMP) /* libslirp answers an echo that is for itself, and does nothing else with it */
        return frame->to == NET_LINK_HOST ? FILTER_PASS : FILTER_DROP;
    if (frame->protocol != FRAME_TCP && frame->protocol != FRAME_UDP)
        return FILTER_REFUSE;
    if (frame->to == NET_LINK_DNS && frame->protocol == FRAME_UDP && frame->to_port == PORT_NAMES)
        return FILTER_NAMES;
    if (is_on_link(frame->to) && frame->to != NET_LINK_HOST)
        return FILTER_REFUSE;
    return is_answer(filter, frame) ? FILTER_PASS : by_verdict(filter, frame);
}

enum filter_action filter_from_guest(struct filter *filter, const struct frame *frame)
{
    if (memcmp(frame->from_mac, guest_mac, sizeof guest_mac) != 0)
        return FILTER_DROP;
    if (frame->kind == FRAME_IPV4)
        return ipv4_from_guest(filter, frame);
    if (frame->kind != FRAME_ARP || memcmp(frame->arp_mac, guest_mac, sizeof guest_mac) != 0 ||
        (frame->arp_from != 0 && frame->arp_from != NET_LINK_GUEST))
        return FILTER_DROP;
    filter->heard |= frame->arp_from == NET_LINK_GUEST;
    return FILTER_PASS;
}

/* ---- to the guest ---- */

bool filter_to_guest(struct filter *filter, const struct frame *frame)
{
    if (frame->kind != FRAME_IPV4 || frame->protocol != FRAME_UDP)
        return true;
    if (frame->fragment)
        return false;
    if (frame->from == NET_LINK_HOST && frame->from_port == PORT_SERVER && frame->to_port == PORT_CLIENT)
        return true;
    if (known(filter, frame->from == NET_LINK_HOST ? LOOPBACK : frame->from, frame->from_port) == FILTER_YES)
        return true;
    if (!filter_listens_at(filter, frame->to_port))
        return false;
    note_peer(filter, frame);
    return true;
}
