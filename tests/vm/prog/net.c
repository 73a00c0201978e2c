/*
 * net.c - net VERB [WORD]...: a program on the network. HOST is an IPv4 or IPv6 address. Errors are told by
 * name.
 *
 *   connect HOST PORT        connected, or why not
 *   nonblock HOST PORT       the same without waiting, by poll(2) and SO_ERROR; then each again
 *   half HOST PORT           says "question", shuts its side down, copies what comes until the end
 *   talk HOST PORT N         N questions of a line, each answered by a line
 *   send HOST PORT BYTES     as many zero bytes; "sent N"
 *   stream HOST PORT         reads to the end; "got N" or why not
 *   timeout HOST PORT        receives with SO_RCVTIMEO
 *   udp HOST PORT            a datagram, from an unconnected socket, its answer cut, peeked at and taken; and
 * connected udpserve PORT N          answers N datagrams, in capitals listen HOST PORT         binds,
 * listens; "listening", or why not serve PORT N             by epoll(7): echoes to all who come, until N have
 * gone accept PORT              accepts for ever; ends by a signal options                  what sockets say
 * of themselves families                 which sockets there are
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

union address {
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
};

static socklen_t make_address(union address *a, const char *host, const char *port)
{
    memset(a, 0, sizeof *a);
    if (inet_pton(AF_INET, host, &a->ipv4.sin_addr) == 1) {
        a->any.sa_family = AF_INET;
        a->ipv4.sin_port = htons((uint16_t)atoi(port));
        return sizeof a->ipv4;
    }
    inet_pton(AF_INET6, host, &a->ipv6.sin6_addr);
    a->any.sa_family = AF_INET6;
    a->ipv6.sin6_port = htons((uint16_t)atoi(port));
    return sizeof a->ipv6;
}

static int fail(const char *what)
{
    printf("%s: %s\n", what, strerrorname_np(errno));
    return 1;
}

/* A connected socket, or -1. */
static int connected(char **words)
{
    union address a;
    socklen_t len = make_address(&a, words[0], words[1]);
    int fd = socket(a.any.sa_family, SOCK_STREAM, 0);
    if (fd >= 0 && connect(fd, &a.any, len) == 0)
        return fd;
    fail(fd < 0 ? "socket" : "connect");
    return -1;
}

static int do_connect(char **words)
{
    union address peer;
    socklen_t len = sizeof peer;
    int fd = connected(words);
    if (fd < 0)
        return 1;
    if (getpeername(fd, &peer.any, &len))
        return fail("getpeername");
    printf("connected to port %d\n", ntohs(peer.ipv4.sin_port));
    return 0;
}

static int do_nonblock(char **words)
{
    union address a;
    socklen_t len = make_address(&a, words[0], words[1]), size = sizeof(int);
    int fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0), error = 0;
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    char byte;
    if (connect(fd, &a.any, len) == 0)
        printf("at once\n");
    else
        fail("connect");
    printf("poll: %d\n", poll(&p, 1, 10000));
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    printf("error: %s\n", error ? strerrorname_np(error) : "none");
    if (!error && connect(fd, &a.any, len))
        fail("again");
    if (recv(fd, &byte, 1, 0) < 0)
        fail("recv");
    return 0;
}

static int copy_to_end(int fd)
{
    char bytes[4096];
    ssize_t n;
    while ((n = recv(fd, bytes, sizeof bytes, 0)) > 0)
        fwrite(bytes, 1, (size_t)n, stdout);
    return n < 0 ? fail("recv") : 0;
}

static int do_half(char **words)
{
    int fd = connected(words);
    if (fd < 0)
        return 1;
    if (send(fd, "question\n", 9, 0) != 9 || shutdown(fd, SHUT_WR))
        return fail("send");
    if (send(fd, "x", 1, MSG_NOSIGNAL) < 0)
        fail("send after shutdown");
    return copy_to_end(fd);
}

static int do_talk(char **words)
{
    int fd = connected(words), n = atoi(words[2]);
    FILE *in = fd < 0 ? NULL : fdopen(fd, "r");
    char line[100];
    if (!in)
        return 1;
    for (int i = 0; i < n; i++) {
        char number[16];
        struct iovec v[2] = {{"line ", 5}, {number, (size_t)snprintf(number, sizeof number, "%d\n", i)}};
        struct msghdr m = {.msg_iov = v, .msg_iovlen = 2};
        if (sendmsg(fd, &m, 0) < 0)
            return fail("sendmsg");
        if (!fgets(line, sizeof line, in) || atoi(line + 5) != i) {
            printf("wrong answer to %d\n", i);
            return 1;
        }
    }
    printf("%d answers\n", n);
    return 0;
}

static int do_send(char **words)
{
    static char zeros[256 << 10];
    long left = atol(words[2]), sent = 0;
    int fd = connected(words);
    if (fd < 0)
        return 1;
    while (left > 0) {
        ssize_t n = send(fd, zeros, left < (long)sizeof zeros ? (size_t)left : sizeof zeros, MSG_NOSIGNAL);
        if (n < 0)
            return fail("send");
        left -= n;
        sent += n;
    }
    printf("sent %ld\n", sent);
    return 0;
}

static int do_stream(char **words)
{
    static char bytes[256 << 10];
    int fd = connected(words);
    ssize_t n;
    long got = 0;
    if (fd < 0)
        return 1;
    while ((n = recv(fd, bytes, sizeof bytes, 0)) > 0)
        got += n;
    printf("got %ld\n", got);
    return n < 0 ? fail("recv") : 0;
}

static int do_timeout(char **words)
{
    struct timeval t = {.tv_usec = 200000}, back = {0};
    socklen_t size = sizeof back;
    int fd = connected(words);
    if (fd < 0)
        return 1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
    getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &back, &size);
    printf("timeout %ld us\n", (long)back.tv_usec);
    return copy_to_end(fd);
}

static int do_udp(char **words)
{
    union address a, from;
    socklen_t len = make_address(&a, words[0], words[1]), size = sizeof from;
    int fd = socket(a.any.sa_family, SOCK_DGRAM, 0);
    char bytes[100] = "";
    if (sendto(fd, "first", 5, 0, &a.any, len) < 0)
        return fail("sendto");
    printf("peek %zd", recvfrom(fd, bytes, 3, MSG_PEEK | MSG_TRUNC, &from.any, &size));
    printf(" %s from port %d\n", bytes, ntohs(from.ipv4.sin_port) == atoi(words[1]) ? atoi(words[1]) : -1);
    printf("got %zd %s\n", recv(fd, bytes, sizeof bytes, 0), bytes);
    if (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) < 0)
        fail("recv");
    if (connect(fd, &a.any, len))
        return fail("connect");
    if (write(fd, "second", 6) != 6 || read(fd, bytes, sizeof bytes) != 6)
        return fail("write");
    printf("got %.6s\n", bytes);
    return 0;
}

/* A socket bound there, or -1. */
static int bound(const char *host, const char *port, int type)
{
    union address a;
    socklen_t len = make_address(&a, host, port);
    int fd = socket(a.any.sa_family, type, 0), one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, &a.any, len) == 0)
        return fd;
    fail("bind");
    return -1;
}

static int do_udpserve(char **words)
{
    int fd = bound("127.0.0.1", words[0], SOCK_DGRAM), left = atoi(words[1]);
    union address from;
    char bytes[1000];
    if (fd < 0)
        return 1;
    printf("ready\n");
    fflush(stdout);
    for (; left > 0; left--) {
        struct iovec v = {bytes, sizeof bytes};
        struct msghdr m = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &v, .msg_iovlen = 1};
        ssize_t n = recvmsg(fd, &m, 0);
        for (ssize_t i = 0; i < n; i++)
            bytes[i] = (char)(bytes[i] >= 'a' && bytes[i] <= 'z' ? bytes[i] - 32 : bytes[i]);
        if (n < 0 || sendto(fd, bytes, (size_t)n, 0, &from.any, m.msg_namelen) != n)
            return fail("answer");
    }
    return 0;
}

static int do_listen(char **words)
{
    int fd = bound(words[0], words[1], SOCK_STREAM);
    if (fd < 0)
        return 1;
    if (listen(fd, 5))
        return fail("listen");
    printf("listening\n");
    return 0;
}

/* False: it has ended. */
static int echo(int fd)
{
    char bytes[65536];
    ssize_t n = read(fd, bytes, sizeof bytes);
    if (n < 0 && errno == EAGAIN)
        return 1;
    for (ssize_t at = 0; at < n;) {
        ssize_t put = write(fd, bytes + at, (size_t)(n - at));
        struct pollfd p = {.fd = fd, .events = POLLOUT};
        if (put < 0 && errno == EAGAIN)
            poll(&p, 1, -1);
        else if (put < 0)
            return 0;
        at += put > 0 ? put : 0;
    }
    return n > 0;
}

static int do_serve(char **words)
{
    int listener = bound("127.0.0.1", words[0], SOCK_STREAM), left = atoi(words[1]), set = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.fd = listener}, events[16];
    if (listener < 0 || listen(listener, 1000))
        return 1;
    fcntl(listener, F_SETFL, O_NONBLOCK);
    epoll_ctl(set, EPOLL_CTL_ADD, listener, &e);
    printf("ready\n");
    fflush(stdout);
    while (left > 0) {
        int n = epoll_wait(set, events, 16, -1);
        for (int i = 0; i < n; i++) {
            int fd = events[i].data.fd;
            if (fd != listener) {
                if (!echo(fd)) {
                    close(fd);
                    left--;
                }
                continue;
            }
            while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                e.data.fd = fd;
                epoll_ctl(set, EPOLL_CTL_ADD, fd, &e);
            }
        }
    }
    printf("served\n");
    return 0;
}

static int do_accept(char **words)
{
    int listener = bound("127.0.0.1", words[0], SOCK_STREAM), fd;
    if (listener < 0 || listen(listener, 5))
        return 1;
    printf("ready\n");
    fflush(stdout);
    while ((fd = accept(listener, NULL, NULL)) >= 0)
        close(fd);
    return fail("accept");
}

static int do_options(char **words)
{
    static const struct {
        const char *name;
        int level, option, set;
    } all[] = {{"SO_TYPE", SOL_SOCKET, SO_TYPE, 0},          {"SO_DOMAIN", SOL_SOCKET, SO_DOMAIN, 0},
               {"SO_ERROR", SOL_SOCKET, SO_ERROR, 0},        {"SO_KEEPALIVE", SOL_SOCKET, SO_KEEPALIVE, 1},
               {"TCP_NODELAY", IPPROTO_TCP, TCP_NODELAY, 1}, {"SO_MARK", SOL_SOCKET, SO_MARK, 7},
               {"IP_TRANSPARENT", IPPROTO_IP, 19, 1}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        int value = all[i].set;
        socklen_t len = sizeof value;
        printf("%s ", all[i].name);
        if ((value && setsockopt(fd, all[i].level, all[i].option, &value, len)) ||
            getsockopt(fd, all[i].level, all[i].option, &value, &len))
            printf("%s\n", strerrorname_np(errno));
        else
            printf("%d\n", value);
    }
    return 0;
}

static int do_families(char **words)
{
    static const struct {
        const char *name;
        int domain, type, protocol;
    } all[] = {{"tcp", AF_INET, SOCK_STREAM, 0},
               {"tcp by number", AF_INET, SOCK_STREAM, IPPROTO_TCP},
               {"udp", AF_INET, SOCK_DGRAM, 0},
               {"unix", AF_UNIX, SOCK_STREAM, 0},
               {"netlink", AF_NETLINK, SOCK_RAW, 0},
               {"raw", AF_INET, SOCK_RAW, IPPROTO_ICMP},
               {"ping", AF_INET, SOCK_DGRAM, IPPROTO_ICMP},
               {"packet", AF_PACKET, SOCK_RAW, 0}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        printf("%s %s\n", all[i].name,
               socket(all[i].domain, all[i].type, all[i].protocol) < 0 ? strerrorname_np(errno) : "yes");
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int words;
        int (*run)(char **words);
    } verbs[] = {
        {"connect", 2, do_connect}, {"nonblock", 2, do_nonblock}, {"half", 2, do_half},
        {"talk", 3, do_talk},       {"send", 3, do_send},         {"stream", 2, do_stream},
        {"timeout", 2, do_timeout}, {"udp", 2, do_udp},           {"udpserve", 2, do_udpserve},
        {"listen", 2, do_listen},   {"serve", 2, do_serve},       {"accept", 1, do_accept},
        {"options", 0, do_options}, {"families", 0, do_families},
    };
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(argv[1], verbs[i].name) == 0 && argc == verbs[i].words + 2)
            return verbs[i].run(argv + 2);
    fprintf(stderr, "usage: net VERB [WORD]...\n");
    return 2;
}
