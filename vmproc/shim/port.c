/* port.c - delivers the bytes of ports out and err. */
#include "port.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* So that one port's flood does not starve the rest of the loop. */
#define TURN_BYTES (1u << 20)

static void break_off(struct port *port)
{
    if (port->is_broken)
        return;
    port->is_broken = true;
    port->broken(port, port->owner);
}

/* An operation is over: what it could not write is dropped. */
static void account(struct port *port)
{
    port->delivered = port->received;
    if (port->op.result < (int64_t)port->op.len)
        break_off(port);
}

/* Told in steps, so that a message goes for many bytes. */
static void give_room(struct port *port)
{
    if (!port->window || port->delivered + port->window - port->limit < port->window / 4)
        return;
    port->limit = port->delivered + port->window;
    port->room(port, port->owner);
}

static void write_finished(struct op *op)
{
    struct port *port = op->owner;
    port->writing = false;
    account(port);
    give_room(port);
    port_pump(port);
}

/* What the target is to get of the len bytes in the buffer. NULL without memory. */
static uint8_t *filter(struct port *port, size_t *len)
{
    if (!port->target->filter)
        return port->buffer;
    if (!port->filtered && !(port->filtered = malloc(PORT_BUFFER + TTY_FILTER_HELD)))
        return NULL;
    *len = tty_filter_pass(port->target->filter, port->buffer, *len, port->filtered);
    return port->filtered;
}

static void write_out(struct port *port, size_t len)
{
    uint8_t *bytes = filter(port, &len);
    if (!bytes) {
        port->delivered = port->received;
        break_off(port);
        return;
    }
    port->op = (struct op){.kind = OP_WRITE,
                           .file = port->target,
                           .buf = bytes,
                           .len = len,
                           .finish = write_finished,
                           .owner = port};
    if (op_start(port->ops, &port->op))
        account(port);
    else
        port->writing = true;
}

static void end(struct port *port)
{
    close(port->fd);
    port->fd = -1;
}

void port_pump(struct port *port)
{
    size_t moved = 0;
    while (!port->writing && port->fd >= 0 && moved < TURN_BYTES) {
        ssize_t n;
        if (!port->buffer && !(port->buffer = malloc(PORT_BUFFER)))
            return;
        n = recv(port->fd, port->buffer, PORT_BUFFER, MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0) {
            end(port);
            return;
        }
        moved += (size_t)n;
        port->received += (uint64_t)n;
        if (!port->target || port->is_broken)
            port->delivered = port->received;
        else
            write_out(port, (size_t)n);
        give_room(port);
    }
}

unsigned port_poll_set(const struct port *port, struct pollfd fds[2])
{
    unsigned n = 0;
    if (port->fd >= 0 && !port->writing)
        fds[n++] = (struct pollfd){.fd = port->fd, .events = POLLIN};
    /* A pipe whose last reader has gone says so unasked: the guest's next write is to fail, not the one
     * after. */
    if (port->fd >= 0 && port->target && !port->is_broken && port->target->class == FILE_NOWAIT)
        fds[n++] = (struct pollfd){.fd = port->target->fd, .events = 0};
    return n;
}

void port_polled(struct port *port, const struct pollfd fds[], unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (!fds[i].revents)
            continue;
        if (fds[i].fd == port->fd)
            port_pump(port);
        else if (fds[i].revents & (POLLERR | POLLHUP))
            break_off(port);
    }
}

void port_detach(struct port *port)
{
    if (port->writing)
        op_cancel(port->ops, &port->op);
    port->target = NULL;
}
