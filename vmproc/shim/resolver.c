/* resolver.c - DNS (RFC 1035) for the names that were given. */
#include "resolver.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT           53
#define MESSAGE_MAX    512 /* section 4.2.1 */
#define HEADER         12
#define QUESTION_MAX   (255 + 4)
#define QUESTIONS_MAX  8 /* of one socket, that wait */
#define ASKERS_MAX     64
#define ANSWERS_MAX    8
#define ANSWER_SECONDS 60 /* how long it may be kept: the addresses never change for this command */

enum { TYPE_A = 1, TYPE_AAAA = 28, CLASS_IN = 1 };
enum rcode { NO_ERROR, FORMAT_ERROR, SERVER_FAILURE, NAME_ERROR, NOT_IMPLEMENTED, REFUSED };

struct question {
    uint16_t id, type;
    bool recursion;
    struct network_name *name; /* NULL: an answer without it */
    uint8_t bytes[QUESTION_MAX];
    size_t len;
};

struct asker {
    struct asker *next;
    int fd;
    struct question waiting[QUESTIONS_MAX];
    unsigned count;
};

static const struct network_address own = {{[10] = 0xff,
                                            [11] = 0xff,
                                            [12] = RESOLVER_IPV4 >> 24,
                                            [13] = RESOLVER_IPV4 >> 16 & 0xff,
                                            [14] = RESOLVER_IPV4 >> 8 & 0xff,
                                            [15] = RESOLVER_IPV4 & 0xff}};

bool resolver_is(const struct network_address *address, uint16_t port)
{
    return port == PORT && memcmp(address, &own, sizeof own) == 0;
}

void resolver_address(int domain, struct socket_address *address)
{
    struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6, .sin6_port = htons(PORT)};
    ipv4.sin_addr.s_addr = htonl(RESOLVER_IPV4);
    memcpy(&ipv6.sin6_addr, own.bytes, sizeof own.bytes);
    address->len = domain == AF_INET6 ? sizeof ipv6 : sizeof ipv4;
    memcpy(address->bytes, domain == AF_INET6 ? (void *)&ipv6 : (void *)&ipv4, address->len);
}

/* ---- askers ---- */

int resolver_join(struct resolver *resolver, int fd)
{
    struct asker *asker = resolver_poll_count(resolver) < ASKERS_MAX ? calloc(1, sizeof *asker) : NULL;
    int pair[2], err;
    if (!asker)
        return -ENOBUFS;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) {
        err = -errno;
        free(asker);
        return err;
    }
    err = dup3(pair[0], fd, O_CLOEXEC) < 0 ? -errno : 0;
    close(pair[0]);
    if (err) {
        close(pair[1]);
        free(asker);
        return err;
    }
    asker->fd = pair[1];
    asker->next = resolver->askers;
    resolver->askers = asker;
    return 0;
}

static void forget(struct resolver *resolver, struct asker *asker)
{
    struct asker **at = &resolver->askers;
    while (*at != asker)
        at = &(*at)->next;
    *at = asker->next;
    close(asker->fd);
    free(asker);
}

/* ---- messages ---- */

static uint16_t get16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint8_t *put16(uint8_t *at, unsigned value)
{
    *at++ = (uint8_t)(value >> 8);
    *at++ = (uint8_t)value;
    return at;
}

/* The answer to q, whatever the socket makes of it: who asks will ask again. */
static void reply(const struct asker *asker, const struct question *q, enum rcode rcode)
{
    uint8_t message[MESSAGE_MAX] = {0}, *at = message + HEADER;
    unsigned count = 0, flags = 0x8080u | (q->recursion ? 0x100u : 0) | rcode; /* QR, RA */
    memcpy(at, q->bytes, q->len);
    at += q->len;
    for (unsigned i = 0; rcode == NO_ERROR && i < q->name->count && count < ANSWERS_MAX; i++) {
        const struct network_address *address = &q->name->address[i];
        bool ipv4 = network_is_ipv4(address);
        unsigned len = ipv4 ? 4 : 16;
        if (q->type != (ipv4 ? TYPE_A : TYPE_AAAA))
            continue;
        at = put16(at, 0xc000 | HEADER); /* the question's name */
        at = put16(at, q->type);
        at = put16(at, CLASS_IN);
        at = put16(at, 0);
        at = put16(at, ANSWER_SECONDS);
        at = put16(at, len);
        memcpy(at, address->bytes + sizeof address->bytes - len, len);
        at += len;
        count++;
    }
    put16(message, q->id);
    put16(message + 2, flags);
    put16(message + 4, q->len ? 1 : 0);
    put16(message + 6, count);
    send(asker->fd, message, (size_t)(at - message), MSG_DONTWAIT | MSG_NOSIGNAL);
}

_Static_assert(HEADER + QUESTION_MAX + ANSWERS_MAX * 28 <= MESSAGE_MAX, "an answer fits");

/* True: it has been answered. */
static bool answer(const struct asker *asker, const struct question *q)
{
    if (q->name->state == NAME_KNOWN)
        reply(asker, q, q->name->count ? NO_ERROR : NAME_ERROR);
    else if (q->name->state == NAME_FAILED)
        reply(asker, q, SERVER_FAILURE);
    return q->name->state != NAME_ASKED;
}

void resolver_answer(struct resolver *resolver)
{
    for (struct asker *asker = resolver->askers; asker; asker = asker->next)
        for (unsigned i = 0; i < asker->count;) {
            if (answer(asker, &asker->waiting[i]))
                asker->waiting[i] = asker->waiting[--asker->count];
            else
                i++;
        }
}

/* The labels at bytes as a name with dots. The bytes that they are, or 0: malformed. */
static size_t take_labels(const uint8_t *bytes, size_t len, char name[NETWORK_NAME_MAX])
{
    char text[256];
    size_t at = 0, out = 0;
    while (at < len && bytes[at]) {
        size_t label = bytes[at];
        if (label > 63 || at + 1 + label >= len || out + label + 1 > sizeof text)
            return 0;
        memcpy(text + out, bytes + at + 1, label);
        out += label;
        text[out++] = '.';
        at += 1 + label;
    }
    return at < len && network_take_name(text, out, name) ? at + 1 : 0;
}

static void refuse(const struct resolver *resolver, const char *name)
{
    char line[NETWORK_NAME_MAX + 32];
    snprintf(line, sizeof line, "the name %.200s was not given", name);
    if (resolver->network->refused)
        resolver->network->refused(resolver->network->owner, line);
}

static void take_query(struct resolver *resolver, struct asker *asker, const uint8_t *bytes, size_t len)
{
    struct question q = {0};
    char name[NETWORK_NAME_MAX];
    size_t labels;
    if (len < HEADER || bytes[2] & 0x80) /* no query */
        return;
    q.id = get16(bytes);
    q.recursion = bytes[2] & 1;
    if (bytes[2] & 0x78 || get16(bytes + 4) != 1) {
        reply(asker, &q, bytes[2] & 0x78 ? NOT_IMPLEMENTED : FORMAT_ERROR);
        return;
    }
    labels = take_labels(bytes + HEADER, len - HEADER, name);
    if (!labels || HEADER + labels + 4 > len || labels + 4 > sizeof q.bytes) {
        reply(asker, &q, FORMAT_ERROR);
        return;
    }
    q.len = labels + 4;
    memcpy(q.bytes, bytes + HEADER, q.len);
    q.type = get16(q.bytes + labels);
    q.name = get16(q.bytes + labels + 2) == CLASS_IN ? network_find_name(resolver->network, name) : NULL;
    if (!q.name) {
        refuse(resolver, name);
        reply(asker, &q, REFUSED);
        return;
    }
    if (q.name->state == NAME_UNASKED || q.name->state == NAME_FAILED)
        network_ask(resolver->network, q.name);
    if (!answer(asker, &q) && asker->count < QUESTIONS_MAX)
        asker->waiting[asker->count++] = q;
}

/* ---- the loop ---- */

unsigned resolver_poll_count(const struct resolver *resolver)
{
    unsigned n = 0;
    for (const struct asker *asker = resolver->askers; asker; asker = asker->next)
        n++;
    return n;
}

unsigned resolver_poll_set(const struct resolver *resolver, struct pollfd fds[], unsigned max)
{
    unsigned n = 0;
    for (const struct asker *asker = resolver->askers; asker && n < max; asker = asker->next)
        fds[n++] = (struct pollfd){.fd = asker->fd, .events = POLLIN};
    return n;
}

static struct asker *find(const struct resolver *resolver, int fd)
{
    struct asker *asker = resolver->askers;
    while (asker && asker->fd != fd)
        asker = asker->next;
    return asker;
}

void resolver_polled(struct resolver *resolver, const struct pollfd fds[], unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        struct asker *asker = fds[i].revents ? find(resolver, fds[i].fd) : NULL;
        uint8_t message[MESSAGE_MAX];
        ssize_t len = asker ? recv(asker->fd, message, sizeof message, MSG_DONTWAIT) : -1;
        if (!asker || (len < 0 && (errno == EAGAIN || errno == EINTR)))
            continue;
        if (len <= 0)
            forget(resolver, asker);
        else
            take_query(resolver, asker, message, (size_t)len);
    }
}
