/*
 * frame.h - Ethernet frames of the link (net_link.h), read with no trust in them, and the few that are made here.
 */
#ifndef NET_FRAME_H
#define NET_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_HEAD 14
#define FRAME_MAX  1514 /* without offloads no frame is longer */

enum frame_kind { FRAME_OTHER, FRAME_ARP, FRAME_IPV4 };
enum frame_protocol { FRAME_ICMP = 1, FRAME_TCP = 6, FRAME_UDP = 17 };

#define FRAME_TCP_SYN 0x02
#define FRAME_TCP_ACK 0x10

/* What was read of a frame; addresses and ports in the host's byte order. */
struct frame {
    const uint8_t *bytes;
    size_t len;
    enum frame_kind kind;
    const uint8_t *from_mac;
    /* of ARP */
    const uint8_t *arp_mac;
    uint32_t arp_from;
    /* of IPv4 */
    uint32_t from, to;
    uint8_t protocol;
    bool fragment;
    uint16_t from_port, to_port; /* of TCP and UDP that is no fragment */
    uint8_t tcp_flags;
    size_t payload; /* UDP: where its data begins */
    size_t end;     /* and ends */
};

/* false: it is malformed, or cut. Kinds that are not told apart are FRAME_OTHER. */
bool frame_read(struct frame *frame, const uint8_t *bytes, size_t len);

/* An answer from the host to what the guest sent: that there is no way to the network. Returns its length. */
size_t frame_unreachable(const struct frame *frame, uint8_t out[FRAME_MAX]);

/* A datagram from the host's side of the link to the guest. Returns its length, 0: it is too long. */
size_t frame_datagram(uint32_t from, uint16_t from_port, uint16_t to_port, const void *data, size_t len,
                      uint8_t out[FRAME_MAX]);

#endif
