/*
 * shim_dns.c - whoever answers for names, asked by a hostile program: the input is messages, each behind a byte of
 * length. What comes back must be an answer that fits a datagram.
 */
#include "tests/fuzz/network.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static void turn(struct resolver *resolver, int fd)
{
    struct pollfd fds[4];
    uint8_t reply[1024];
    ssize_t n;
    unsigned count = resolver_poll_set(resolver, fds, 4);
    if (poll(fds, count, 0) > 0)
        resolver_polled(resolver, fds, count);
    while ((n = recv(fd, reply, sizeof reply, MSG_DONTWAIT)) > 0)
        if (n < 12 || n > 512 || !(reply[2] & 0x80))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct network network;
    struct resolver resolver;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    fuzz_network(&network, &resolver);
    if (fd < 0 || resolver_join(&resolver, fd))
        abort();
    while (size > 1) {
        size_t len = data[0] < size ? data[0] : size - 1;
        if (len && send(fd, data + 1, len, MSG_NOSIGNAL) != (ssize_t)len)
            abort();
        data += 1 + len;
        size -= 1 + len;
        turn(&resolver, fd);
    }
    close(fd);
    fuzz_network_end(&network, &resolver);
    return 0;
}
