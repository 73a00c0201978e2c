/*
 * resolver.h - answers programs that ask for names by DNS: of those that were given, and of no others, so
 * that asking is no way out.
 *
 * The guest's /etc/resolv.conf names RESOLVER_IPV4. A socket of datagrams that the program points there
 * becomes one end of a pair; the other is here, and read by the loop. Answers wait until vmprocd has resolved
 * the name (network.h). DNS over TCP is not offered: answers are short.
 */
#ifndef SHIM_RESOLVER_H
#define SHIM_RESOLVER_H

#include "network.h"
#include "vmproc/guest_abi.h"

#include <poll.h>

struct asker;

struct resolver {
    struct network *network;
    struct asker *askers; /* sockets of the program that have asked */
};

bool resolver_is(const struct network_address *address, uint16_t port);
/* What the program is to see as its address; domain: AF_INET or AF_INET6. */
void resolver_address(int domain, struct socket_address *address);

/* The socket behind fd becomes one that asks. 0 or -errno. */
int resolver_join(struct resolver *resolver, int fd);

/* Names have become known, or cannot be. */
void resolver_answer(struct resolver *resolver);

unsigned resolver_poll_count(const struct resolver *resolver);
unsigned resolver_poll_set(const struct resolver *resolver, struct pollfd fds[], unsigned max);
void resolver_polled(struct resolver *resolver, const struct pollfd fds[], unsigned n);

#endif
