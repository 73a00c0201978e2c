/*
 * network.h - what a command may reach over the network, one grant as text and as a struct:
 *
 *   HOST:PORT       a name, an IPv4 address or network (10.0.0.0/8), [IPv6] or [IPv6/bits], * for all
 *   listen:PORT     to be reached on that port, at all addresses of this machine
 *   listen:ADDRESS:PORT   or at that one
 *
 * PORT is a number, LOW-HIGH, or * for all. Addresses are kept as IPv6 has them: an IPv4 one is
 * ::ffff:a.b.c.d.
 */
#ifndef VMPROC_NETWORK_H
#define VMPROC_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sockaddr;

#define NETWORK_ADDRESS  16
#define NETWORK_NAME_MAX 254 /* of DNS, with its NUL */
#define NETWORK_TEXT_MAX 64  /* of [address]:port */

struct network_address {
    uint8_t bytes[NETWORK_ADDRESS];
};

struct network_grant {
    bool listen;
    char name[NETWORK_NAME_MAX]; /* in lower case, without a dot at its end; "": it is an address */
    struct network_address address;
    uint8_t prefix; /* bits of the address that count: 0 for all there are, 128 for one */
    uint16_t port_low, port_high;
};

/* false: *why is a static string. */
bool network_parse(const char *text, struct network_grant *grant, const char **why);

/* Does the grant's address, not its name, cover this one? What is for all addresses covers IPv4 and IPv6. */
bool network_covers(const struct network_grant *grant, const struct network_address *address);

bool network_has_port(const struct network_grant *grant, uint16_t port);

/* Of AF_INET and AF_INET6; false for others, or when len is too short. */
bool network_take(const struct sockaddr *from, size_t len, struct network_address *address, uint16_t *port);

/* "10.0.0.1:80", "[::1]:80" */
const char *network_format(const struct network_address *address, uint16_t port, char text[NETWORK_TEXT_MAX]);

/* Is it IPv4's? */
bool network_is_ipv4(const struct network_address *address);

/* A name as DNS and /etc/hosts have it, into lower case, without a dot at its end. false: it is none. */
bool network_take_name(const char *text, size_t len, char name[NETWORK_NAME_MAX]);

#endif
