/*
 * net_link.h - the network of a bootable image: one Ethernet segment with nobody on it but the VM and vmproc-net.
 *
 *   guest - virtio-net - QEMU <-- frames --> vmproc-net <-- verdicts, names --> shim
 *                                                |
 *                                             sockets
 *
 * vmproc-net makes sockets of what the guest sends (libslirp), but lets a frame through only when the shim, which knows
 * the grants, has said that its destination was given. The segment is the same for each VM, and its addresses are of the
 * block that RFC 5737 keeps for documentation: no machine has them, so none that is real is hidden.
 *
 * vmproc-net gets two sockets of type SOCK_SEQPACKET: NET_LINK_CONTROL, which carries struct net_message, and
 * NET_LINK_NAMES, which carries questions and answers of DNS as a socket of a program's would. It ends when the former
 * does. Its arguments are the grants to listen (network.h).
 *
 *   vmproc-net                                  shim
 *     READY, or ERROR: it cannot listen  ------->
 *     <------- FRAMES with a descriptor: the connection to QEMU: for each frame its length, four bytes, and the frame
 *     ASK: may it send there?  ----------------->
 *     <------------------------------------- VERDICT, in any order
 */
#ifndef VMPROC_NET_LINK_H
#define VMPROC_NET_LINK_H

#include "vmproc/network.h"

#define NET_LINK_CONTROL 3
#define NET_LINK_NAMES   4

/* 192.0.2.0/24 */
#define NET_LINK_NETWORK 0xc0000200u
#define NET_LINK_MASK    0xffffff00u
#define NET_LINK_HOST    0xc0000202u /* the gateway; as a destination, this machine's 127.0.0.1 */
#define NET_LINK_GUEST   0xc000020fu
#define NET_LINK_DNS     0xc0000235u /* RESOLVER_IPV4 of guest_abi.h, as programs have it */

#define NET_LINK_MAC "52:54:00:00:02:0f"
#define NET_LINK_MAC_INIT                                                                                    \
    {                                                                                                        \
        0x52, 0x54, 0x00, 0x00, 0x02, 0x0f                                                                   \
    }

/* At so many ports in all it may listen. */
#define NET_LINK_PORTS 64u

enum net_message_type { NET_READY = 1, NET_ERROR, NET_FRAMES, NET_ASK, NET_VERDICT };

struct net_message {
    uint32_t type;
    uint16_t port;
    uint8_t yes; /* of VERDICT */
    uint8_t reserved;
    struct network_address address;
    char text[160]; /* of ERROR */
};

_Static_assert(sizeof(struct net_message) == 184, "net_message");

/* pass: a descriptor that goes with it, or -1. 0 or -errno. Does not wait when the peer does not read. */
int net_link_send(int socket, const struct net_message *message, int pass);

/* passed: the descriptor that came, close-on-exec and the caller's, or -1. 0; -EPIPE at the end; -EAGAIN, -EPROTO, -errno. */
int net_link_receive(int socket, struct net_message *message, int *passed, int flags);

/*
 * Can the link keep to this grant? NULL: yes; else why not, a static string. *ports counts up what is listened at.
 * IPv6 is not carried; where it listens is known before it starts.
 */
const char *net_link_cannot(const struct network_grant *grant, unsigned *ports);

#endif
