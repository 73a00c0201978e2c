/* port.c - delivers the bytes of ports out and err. */
#include "port.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
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

uint64_t port_moved(const struct port *port)
{
    return port->delivered + (port->writing ? port->op.done : 0);
}

static void write_finished(struct op *op)
{
    struct port *port = op->owner;
    port->writing = false;
    account(port);
    give_room(port);
    port_pump(port);
}

/*
 * Takes out each CR that LF follows, in place; the last byte's fate may depend on what comes next. There is
 * room for one byte before bytes. Returns where they begin then.
 */
static uint8_t *strip_carriage_returns(struct port *port, uint8_t *bytes, size_t *len)
{
    uint8_t *from = bytes, *end = bytes + *len, *to;
    if (port->held_cr)
        *--from = '\r';
    to = bytes = from;
    for (; from < end; from++)
        if (*from != '\r' || (from + 1 < end && from[1] != '\n'))
            *to++ = *from;
    port->held_cr = end[-1] == '\r';
    *len = (size_t)(to - bytes);
    return bytes;
}

/* What the target is to get of these bytes. NULL without memory. */
static uint8_t *filter(struct port *port, uint8_t *bytes, size_t *len)
{
    if (port->unix_lines)
        bytes = strip_carriage_returns(port, bytes, len);
    if (!port->target->filter)
        return bytes;
    if (!port->filtered && !(port->filtered = malloc(PORT_BUFFER + TTY_FILTER_HELD)))
        return NULL;
    *len = tty_filter_pass(port->target->filter, bytes, *len, port->filtered);
    return port->filtered;
}

static void write_out(struct port *port, uint8_t *bytes, size_t len)
{
    bytes = filter(port, bytes, &len);
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

/* The longest beginning of the text that those that matched and then c end with. */
static size_t match(const char *text, size_t matched, uint8_t c)
{
    for (size_t n = matched + 1; n > 0; n--)
        if ((uint8_t)text[n - 1] == c && memcmp(text, text + matched + 1 - n, n - 1) == 0)
            return n;
    return 0;
}

static void look_for_awaited(struct port *port, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; port->awaited && i < len; i++) {
        port->matched = match(port->awaited, port->matched, bytes[i]);
        if (!port->awaited[port->matched])
            port->awaited = NULL;
    }
}

static void end(struct port *port)
{
    close(port->fd);
    port->fd = -1;
    if (!port->held_cr || !port->target || port->is_broken)
        return;
    port->unix_lines = port->held_cr = false;
    port->buffer[0] = '\r';
    write_out(port, port->buffer, 1);
}

/* Without memory bytes go on in small pieces: they are counted, and the command ends when all have gone. */
static void make_buffer(struct port *port)
{
    port->buffer = malloc(1 + PORT_BUFFER);
    port->size = PORT_BUFFER;
    if (port->buffer)
        return;
    port->buffer = port->spare;
    port->size = sizeof port->spare - 1;
}

void port_pump(struct port *port)
{
    size_t moved = 0;
    while (!port->writing && port->fd >= 0 && moved < TURN_BYTES) {
        ssize_t n;
        if (!port->buffer)
            make_buffer(port);
        n = recv(port->fd, port->buffer + 1, port->size, MSG_DONTWAIT);
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
        look_for_awaited(port, port->buffer + 1, (size_t)n);
        if (!port->target || port->is_broken)
            port->delivered = port->received;
        else
            write_out(port, port->buffer + 1, (size_t)n);
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
