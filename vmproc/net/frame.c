/* frame.c - Ethernet (IEEE 802.3), ARP (RFC 826), IPv4 (RFC 791), UDP (RFC 768), TCP (RFC 9293), ICMP (RFC 792). */
#include "frame.h"
#include "vmproc/net_link.h"

#include <string.h>

#define TYPE_IPV4 0x0800
#define TYPE_ARP  0x0806
#define ARP_LEN   28
#define IPV4_HEAD 20
#define UDP_HEAD  8
#define TCP_HEAD  20
#define ICMP_HEAD 8
#define TTL       64

#define MORE_FRAGMENTS  0x2000
#define FRAGMENT_OFFSET 0x1fff

#define ICMP_UNREACHABLE 3 /* code 0: the network is */

static const uint8_t guest_mac[6] = NET_LINK_MAC_INIT;
static const uint8_t host_mac[6] = {0x52, 0x55, 0xc0,
                                    0x00, 0x02, 0x02}; /* as libslirp makes them of addresses */

static uint16_t get16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)get16(at) << 16 | get16(at + 2);
}

static void put16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

static bool read_arp(struct frame *frame)
{
    const uint8_t *arp = frame->bytes + FRAME_HEAD;
    static const uint8_t ethernet_ipv4[6] = {0, 1, 8, 0, 6, 4};
    if (frame->len < FRAME_HEAD + ARP_LEN || memcmp(arp, ethernet_ipv4, sizeof ethernet_ipv4) != 0)
        return false;
    frame->kind = FRAME_ARP;
    frame->arp_mac = arp + 8;
    frame->arp_from = get32(arp + 14);
    return true;
}

static bool read_ports(struct frame *frame, size_t at)
{
    const uint8_t *head = frame->bytes + at;
    if (at + (frame->protocol == FRAME_TCP ? TCP_HEAD : UDP_HEAD) > frame->end)
        return false;
    frame->from_port = get16(head);
    frame->to_port = get16(head + 2);
    if (frame->protocol == FRAME_TCP) {
        frame->tcp_flags = head[13];
        return true;
    }
    frame->payload = at + UDP_HEAD;
    if (get16(head + 4) < UDP_HEAD || at + get16(head + 4) > frame->end)
        return false;
    frame->end = at + get16(head + 4);
    return true;
}

static bool read_ipv4(struct frame *frame)
{
    const uint8_t *ip = frame->bytes + FRAME_HEAD;
    size_t head, total;
    if (frame->len < FRAME_HEAD + IPV4_HEAD || ip[0] >> 4 != 4)
        return false;
    head = (size_t)(ip[0] & 15) * 4;
    total = get16(ip + 2);
    if (head < IPV4_HEAD || total < head || FRAME_HEAD + total > frame->len)
        return false;
    frame->kind = FRAME_IPV4;
    frame->protocol = ip[9];
    frame->from = get32(ip + 12);
    frame->to = get32(ip + 16);
    frame->fragment = get16(ip + 6) & (MORE_FRAGMENTS | FRAGMENT_OFFSET);
    frame->end = FRAME_HEAD + total;
    if (frame->fragment || (frame->protocol != FRAME_TCP && frame->protocol != FRAME_UDP))
        return true;
    return read_ports(frame, FRAME_HEAD + head);
}

bool frame_read(struct frame *frame, const uint8_t *bytes, size_t len)
{
    *frame = (struct frame){.bytes = bytes, .len = len};
    if (len < FRAME_HEAD || len > FRAME_MAX)
        return false;
    frame->from_mac = bytes + 6;
    switch (get16(bytes + 12)) {
    case TYPE_ARP:
        return read_arp(frame);
    case TYPE_IPV4:
        return read_ipv4(frame);
    }
    return true;
}

/* ---- what is made here ---- */

/* RFC 1071 */
static uint32_t sum(const uint8_t *at, size_t len, uint32_t start)
{
    for (; len > 1; at += 2, len -= 2)
        start += get16(at);
    return len ? start + (uint32_t)(at[0] << 8) : start;
}

static uint16_t folded(uint32_t total)
{
    while (total >> 16)
        total = (total & 0xffff) + (total >> 16);
    return (uint16_t)~total;
}

/* Ethernet and IPv4 before len bytes, which stand in their place already. Returns the whole length. */
static size_t wrap(uint8_t out[FRAME_MAX], uint32_t from, uint8_t protocol, size_t len)
{
    uint8_t *ip = out + FRAME_HEAD;
    memcpy(out, guest_mac, 6);
    memcpy(out + 6, host_mac, 6);
    put16(out + 12, TYPE_IPV4);
    memset(ip, 0, IPV4_HEAD);
    ip[0] = 0x45;
    put16(ip + 2, (unsigned)(IPV4_HEAD + len));
    ip[8] = TTL;
    ip[9] = protocol;
    put32(ip + 12, from);
    put32(ip + 16, NET_LINK_GUEST);
    put16(ip + 10, folded(sum(ip, IPV4_HEAD, 0)));
    return FRAME_HEAD + IPV4_HEAD + len;
}

size_t frame_unreachable(const struct frame *frame, uint8_t out[FRAME_MAX])
{
    uint8_t *icmp = out + FRAME_HEAD + IPV4_HEAD;
    size_t quoted =
        (size_t)(frame->bytes[FRAME_HEAD] & 15) * 4 + 8; /* its header, and 64 bits of what follows */
    if (quoted > frame->end - FRAME_HEAD)
        quoted = frame->end - FRAME_HEAD;
    memset(icmp, 0, ICMP_HEAD);
    icmp[0] = ICMP_UNREACHABLE;
    memcpy(icmp + ICMP_HEAD, frame->bytes + FRAME_HEAD, quoted);
    put16(icmp + 2, folded(sum(icmp, ICMP_HEAD + quoted, 0)));
    return wrap(out, NET_LINK_HOST, FRAME_ICMP, ICMP_HEAD + quoted);
}

size_t frame_datagram(uint32_t from, uint16_t from_port, uint16_t to_port, const void *data, size_t len,
                      uint8_t out[FRAME_MAX])
{
    uint8_t *udp = out + FRAME_HEAD + IPV4_HEAD;
    if (len > FRAME_MAX - FRAME_HEAD - IPV4_HEAD - UDP_HEAD)
        return 0;
    put16(udp, from_port);
    put16(udp + 2, to_port);
    put16(udp + 4, (unsigned)(UDP_HEAD + len));
    put16(udp + 6, 0); /* no checksum: the link loses nothing */
    memcpy(udp + UDP_HEAD, data, len);
    return wrap(out, from, FRAME_UDP, UDP_HEAD + len);
}
