/* network.h - what the shim's fuzz targets are given of the network: an address of the loopback interface that nobody has. */
#ifndef TESTS_FUZZ_NETWORK_H
#define TESTS_FUZZ_NETWORK_H

#include "vmproc/shim/resolver.h"

#include <stdlib.h>
#include <string.h>

static void fuzz_ask(void *network, const char *name)
{
    struct vmp_addresses answer = {.count = name[0] == 'g',
                                   .address = {{[10] = 0xff, [11] = 0xff, 127, 99, 0, 1}}};
    memcpy(answer.name, name, strlen(name));
    network_resolved(network, &answer);
}

static inline void fuzz_network(struct network *network, struct resolver *resolver)
{
    struct policy policy = POLICY_ORDINARY;
    if (policy_add(&policy, POLICY_NETWORK, "127.99.0.1:1") || policy_add(&policy, POLICY_NETWORK, "g:1-9") ||
        policy_add(&policy, POLICY_NETWORK, "none.example:*") ||
        policy_add(&policy, POLICY_NETWORK, "listen:127.99.0.1:*") || network_init(network, &policy))
        abort();
    policy_free(&policy);
    network->ask = fuzz_ask;
    network->owner = network;
    network->resolver = resolver;
    *resolver = (struct resolver){.network = network};
}

/* The programs' ends must be closed by then. */
static inline void fuzz_network_end(struct network *network, struct resolver *resolver)
{
    struct pollfd fds[64];
    while (resolver->askers) {
        unsigned n = resolver_poll_set(resolver, fds, 64);
        if (poll(fds, n, 0) >= 0)
            resolver_polled(resolver, fds, n);
    }
    network_free(network);
}

#endif
