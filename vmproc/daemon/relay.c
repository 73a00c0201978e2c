#include "relay.h"
#include "connect.h"
#include "log.h"
#include "virt_error.h"
#include "vmproc/guest_abi.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libvirt/virterror.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PIECE    65536u
#define HELD_MAX (24u << 20) /* 32 requests of 9p, each of 512 KiB, and some more */
#define DEAD_MS  10000       /* unanswered packets for so long are the connection's end */
#define PROBE_S  4           /* an idle connection is probed */
#define CLOSE_S  5           /* for libvirtd to close a port */

static const char *const port_names[VM_NPORTS] = {
    [VM_CTL] = GUEST_PORT_CTL, [VM_9P] = GUEST_PORT_9P, [VM_OUT] = GUEST_PORT_OUT, [VM_ERR] = GUEST_PORT_ERR};

/* Bytes from the guest for which the socket had no room. */
struct held {
    char *bytes;
    size_t head, tail, size;
};

/*
 *   CLOSED -- relay_(re)open() --> OPEN -- the shim's end, or an error --> CLOSING -- libvirtd knows --> CLOSED
 *                                   |                                        ^
 *                                   '- the guest's end -> DRAINING - nothing held
 */
struct relay_port {
    struct relay *relay;
    enum { PORT_CLOSED, PORT_OPEN, PORT_DRAINING, PORT_CLOSING } state;
    virStreamPtr stream;
    int fd;
    struct held held;
};

struct relay {
    pthread_mutex_t lock;  /* of all below; never held in a call of libvirt that may wait */
    pthread_cond_t closed; /* a port is */
    unsigned refs;         /* the caller's, the thread's, each stream's callback */
    bool freed;            /* by the caller: ends with its last port */
    virConnectPtr conn;
    virDomainPtr dom;
    int wake_fd; /* eventfd: the thread is to look again */
    struct relay_port port[VM_NPORTS];
};

/* ---- life ---- */

static void unref(struct relay *relay)
{
    bool last;

    pthread_mutex_lock(&relay->lock);
    last = --relay->refs == 0;
    pthread_mutex_unlock(&relay->lock);
    if (!last)
        return;
    for (unsigned i = 0; i < VM_NPORTS; i++)
        free(relay->port[i].held.bytes);
    close(relay->wake_fd);
    pthread_cond_destroy(&relay->closed);
    pthread_mutex_destroy(&relay->lock);
    free(relay);
}

static void ref(struct relay *relay)
{
    pthread_mutex_lock(&relay->lock);
    relay->refs++;
    pthread_mutex_unlock(&relay->lock);
}

static void wake(struct relay *relay)
{
    uint64_t one = 1;

    if (write(relay->wake_fd, &one, sizeof one) != sizeof one)
        return; /* it has been woken very often */
}

/* ---- from the guest: libvirt's event thread; under the lock ---- */

static bool hold(struct held *held, const char *bytes, size_t len)
{
    size_t have = held->tail - held->head;

    if (have + len > HELD_MAX)
        return false;
    if (held->tail + len > held->size) {
        size_t size = held->size ? held->size : PIECE;
        char *grown;

        while (size < have + len)
            size *= 2;
        grown = malloc(size);
        if (!grown)
            return false;
        if (have)
            memcpy(grown, held->bytes + held->head, have);
        free(held->bytes);
        *held = (struct held){.bytes = grown, .tail = have, .size = size};
    }
    memcpy(held->bytes + held->tail, bytes, len);
    held->tail += len;
    return true;
}

/* How many bytes the socket has taken; -1: nobody is there any more. */
static ssize_t pass(int fd, const char *bytes, size_t len)
{
    size_t done = 0;

    while (done < len) {
        ssize_t n = send(fd, bytes + done, len - done, MSG_DONTWAIT | MSG_NOSIGNAL);

        if (n < 0 && errno == EAGAIN)
            break;
        if (n < 0 && errno != EINTR)
            return -1;
        done += n > 0 ? (size_t)n : 0;
    }
    return (ssize_t)done;
}

static void came(struct relay_port *port, const char *bytes, size_t len)
{
    ssize_t passed = 0;

    if (port->held.head == port->held.tail)
        passed = pass(port->fd, bytes, len);
    if (passed < 0 || (size_t)passed == len)
        return; /* the thread notices who has gone */
    if (hold(&port->held, bytes + passed, len - (size_t)passed)) {
        wake(port->relay);
        return;
    }
    log_line("a guest on another machine sends more than it may: cut off");
    port->held.head = port->held.tail = 0;
    port->state = PORT_DRAINING;
    wake(port->relay);
}

static void on_stream(virStreamPtr stream, int events, void *opaque)
{
    struct relay_port *port = opaque;
    char bytes[PIECE];
    int n = 0;

    pthread_mutex_lock(&port->relay->lock);
    while (port->state == PORT_OPEN && port->stream == stream &&
           (n = virStreamRecv(stream, bytes, sizeof bytes)) > 0)
        came(port, bytes, (size_t)n);
    if (port->state == PORT_OPEN && port->stream == stream && n != -2) {
        port->state = PORT_DRAINING;
        virStreamEventUpdateCallback(stream, 0);
        wake(port->relay);
    }
    pthread_mutex_unlock(&port->relay->lock);
}

static void callback_gone(void *opaque)
{
    unref(((struct relay_port *)opaque)->relay);
}

/* ---- opening ---- */

static int open_port(struct relay *relay, unsigned i, int *shim_fd)
{
    struct relay_port *port = &relay->port[i];
    virStreamPtr stream = virStreamNew(relay->conn, VIR_STREAM_NONBLOCK);
    int pair[2];

    if (!stream)
        return -1;
    if (virDomainOpenChannel(relay->dom, port_names[i], stream, VIR_DOMAIN_CHANNEL_FORCE) < 0) {
        virStreamFree(stream);
        return -1;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
        virStreamAbort(stream);
        virStreamFree(stream);
        return -1;
    }
    pthread_mutex_lock(&relay->lock);
    port->stream = stream;
    port->fd = pair[0];
    port->held.head = port->held.tail = 0;
    port->state = PORT_OPEN;
    pthread_mutex_unlock(&relay->lock);
    *shim_fd = pair[1];
    ref(relay);
    if (virStreamEventAddCallback(
            stream, VIR_STREAM_EVENT_READABLE | VIR_STREAM_EVENT_ERROR | VIR_STREAM_EVENT_HANGUP, on_stream,
            port, callback_gone) < 0)
        return unref(relay), -1; /* the caller closes the shim's end, which ends the port */
    return 0;
}

/* ---- the thread: to the guest, what is held, and each port's end ---- */

/* Without the lock: libvirt waits for the answer. */
static void close_port(struct relay_port *port)
{
    virStreamPtr stream;
    int fd;

    pthread_mutex_lock(&port->relay->lock);
    stream = port->stream;
    fd = port->fd;
    port->stream = NULL;
    port->fd = -1;
    port->state = PORT_CLOSING;
    pthread_mutex_unlock(&port->relay->lock);
    if (fd >= 0)
        close(fd);
    if (stream) {
        virStreamEventRemoveCallback(stream);
        virStreamAbort(stream);
        virStreamFree(stream);
    }
    pthread_mutex_lock(&port->relay->lock);
    port->state = PORT_CLOSED;
    pthread_cond_signal(&port->relay->closed);
    pthread_mutex_unlock(&port->relay->lock);
}

/* false: the port has ended. */
static bool send_up(struct relay_port *port, char *bytes)
{
    ssize_t n = recv(port->fd, bytes, PIECE, MSG_DONTWAIT);

    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    if (n == 0)
        return false;
    for (ssize_t done = 0; done < n;) {
        int sent = virStreamSend(port->stream, bytes + done, (size_t)(n - done));

        if (sent < 0)
            return false;
        done += sent;
    }
    return true;
}

/* false: the port has ended. */
static bool send_held(struct relay_port *port)
{
    struct held *held = &port->held;
    ssize_t n;
    bool goes_on;

    pthread_mutex_lock(&port->relay->lock);
    n = pass(port->fd, held->bytes + held->head, held->tail - held->head);
    if (n > 0)
        held->head += (size_t)n;
    if (held->head == held->tail) {
        free(held->bytes);
        *held = (struct held){0};
    }
    goes_on = n >= 0 && (port->state != PORT_DRAINING || held->tail > held->head);
    pthread_mutex_unlock(&port->relay->lock);
    return goes_on;
}

/* What to poll; false: no port is left and nobody will open one. */
static bool gather(struct relay *relay, struct pollfd fds[VM_NPORTS + 1])
{
    bool any = false, freed;

    pthread_mutex_lock(&relay->lock);
    freed = relay->freed;
    for (unsigned i = 0; i < VM_NPORTS; i++) {
        struct relay_port *port = &relay->port[i];
        bool holds = port->held.tail > port->held.head;

        fds[i] = (struct pollfd){.fd = port->fd, .events = holds ? POLLOUT : 0};
        if (port->state == PORT_CLOSED)
            fds[i].fd = -1;
        if (port->state == PORT_OPEN)
            fds[i].events |= POLLIN;
        any |= port->state != PORT_CLOSED;
    }
    pthread_mutex_unlock(&relay->lock);
    fds[VM_NPORTS] = (struct pollfd){.fd = relay->wake_fd, .events = POLLIN};
    return any || !freed;
}

static void serve(struct relay_port *port, short revents, char *bytes)
{
    bool draining, holds, goes_on = true;

    pthread_mutex_lock(&port->relay->lock);
    draining = port->state == PORT_DRAINING;
    holds = port->held.tail > port->held.head;
    pthread_mutex_unlock(&port->relay->lock);
    if (holds && revents & POLLOUT)
        goes_on = send_held(port);
    else if (draining && (!holds || revents & (POLLERR | POLLHUP)))
        goes_on = false;
    if (goes_on && !draining && revents & (POLLIN | POLLERR | POLLHUP))
        goes_on = send_up(port, bytes);
    if (!goes_on)
        close_port(port);
}

static void *relay_thread(void *data)
{
    struct relay *relay = data;
    struct pollfd fds[VM_NPORTS + 1];
    char *bytes = malloc(PIECE);
    uint64_t woken;

    assert(bytes);
    while (gather(relay, fds)) {
        if (poll(fds, VM_NPORTS + 1, -1) < 0)
            continue;
        if (fds[VM_NPORTS].revents && read(relay->wake_fd, &woken, sizeof woken) < 0)
            continue;
        for (unsigned i = 0; i < VM_NPORTS; i++)
            if (fds[i].fd >= 0)
                serve(&relay->port[i], fds[i].revents, bytes);
    }
    free(bytes);
    virDomainFree(relay->dom);
    virConnectClose(relay->conn);
    unref(relay);
    return NULL;
}

/* ---- the beginning and the end ---- */

static void close_all(struct relay *relay, unsigned first, int fds[VM_NPORTS])
{
    for (unsigned i = first; i < VM_NPORTS; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
        fds[i] = -1;
    }
}

static int open_ports(struct relay *relay, unsigned first, int fds[VM_NPORTS], char error[256])
{
    for (unsigned i = first; i < VM_NPORTS; i++)
        fds[i] = -1;
    for (unsigned i = first; i < VM_NPORTS; i++) {
        if (open_port(relay, i, &fds[i]) < 0) {
            snprintf(error, 256, "its port %s cannot be reached: %.180s", port_names[i],
                     virGetLastErrorMessage());
            close_all(relay, first, fds);
            return -1;
        }
    }
    wake(relay);
    return 0;
}

struct relay *relay_open(const char *uri, const char *domain, int fds[VM_NPORTS], char error[256])
{
    struct relay *relay;
    struct trust trust;
    pthread_t thread;
    int err;

    relay = calloc(1, sizeof *relay);
    assert(relay);
    for (unsigned i = 0; i < VM_NPORTS; i++)
        relay->port[i] = (struct relay_port){.relay = relay, .fd = -1};
    relay->refs = 2;
    pthread_mutex_init(&relay->lock, NULL);
    pthread_cond_init(&relay->closed, NULL);
    relay->wake_fd = eventfd(0, EFD_CLOEXEC);
    relay->conn = connect_checked(uri, &trust, error);
    relay_bound_connections();
    relay->dom = relay->conn ? virDomainLookupByName(relay->conn, domain) : NULL;
    err = relay->dom && relay->wake_fd >= 0 ? pthread_create(&thread, NULL, relay_thread, relay) : -1;
    if (err != 0) {
        if (relay->conn || !error[0])
            virt_error_line(uri, error);
        if (relay->dom)
            virDomainFree(relay->dom);
        if (relay->conn)
            virConnectClose(relay->conn);
        relay->refs = 1;
        unref(relay);
        return NULL;
    }
    pthread_detach(thread);
    if (open_ports(relay, 0, fds, error) < 0) {
        relay_free(relay);
        return NULL;
    }
    return relay;
}

/* The shim has shut down its ends, which the thread is noticing, or has noticed. */
static bool await_closed(struct relay *relay, unsigned first)
{
    struct timespec until;
    int err = 0;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += CLOSE_S;
    pthread_mutex_lock(&relay->lock);
    for (unsigned i = first; i < VM_NPORTS; i++)
        while (relay->port[i].state != PORT_CLOSED && !err)
            err = pthread_cond_timedwait(&relay->closed, &relay->lock, &until);
    pthread_mutex_unlock(&relay->lock);
    return !err;
}

int relay_reopen(struct relay *relay, int fds[VM_NPORTS], char error[256])
{
    if (!await_closed(relay, VM_CTL + 1)) {
        snprintf(error, 256, "its ports are not given up");
        return -1;
    }
    return open_ports(relay, VM_CTL + 1, fds, error);
}

void relay_free(struct relay *relay)
{
    pthread_mutex_lock(&relay->lock);
    relay->freed = true;
    pthread_mutex_unlock(&relay->lock);
    wake(relay);
    unref(relay);
}

void relay_bound_connections(void)
{
    static const struct {
        int option, value;
    } options[] = {{TCP_KEEPIDLE, PROBE_S},
                   {TCP_KEEPINTVL, 2},
                   {TCP_KEEPCNT, 3},
                   {TCP_USER_TIMEOUT, DEAD_MS},
                   {TCP_NODELAY, 1}};
    const int on = 1;
    long last = sysconf(_SC_OPEN_MAX);

    for (int fd = 3; fd < last && fd < 4096; fd++) {
        int domain = 0, type = 0;
        socklen_t len = sizeof domain;

        if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) < 0 ||
            (domain != AF_INET && domain != AF_INET6))
            continue;
        len = sizeof type;
        if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) < 0 || type != SOCK_STREAM)
            continue;
        setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
        for (unsigned i = 0; i < sizeof options / sizeof *options; i++)
            setsockopt(fd, IPPROTO_TCP, options[i].option, &options[i].value, sizeof options[i].value);
    }
}
