#include "client.h"
#include "boot.h"
#include "daemon.h"
#include "debug.h"
#include "log.h"
#include "request.h"
#include "resolve.h"
#include "trace.h"
#include "vm_ports.h"
#include "vmproc/packet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct out {
    TAILQ_ENTRY(out) link;
    enum vmp_type type;
    uint32_t len;
    unsigned char body[];
};

/* ---- sending ---- */

static void on_poll(uv_poll_t *poll, int status, int events);

/* What this connection waits for now. */
static void watch(struct client *client)
{
    int events = UV_DISCONNECT;

    if (!client->busy)
        events |= UV_READABLE;
    if (!TAILQ_EMPTY(&client->unsent))
        events |= UV_WRITABLE;
    uv_poll_start(&client->poll, events, on_poll);
}

/* What cannot be said ends the connection, so that nobody waits for it; on_poll() sees the end. */
static void hang_up(struct client *client)
{
    shutdown(client->fd, SHUT_RDWR);
}

static void queue(struct client *client, enum vmp_type type, const void *body, uint32_t len)
{
    struct out *out = malloc(sizeof *out + len);

    if (!out) {
        hang_up(client);
        return;
    }
    out->type = type;
    out->len = len;
    if (len)
        memcpy(out->body, body, len);
    TAILQ_INSERT_TAIL(&client->unsent, out, link);
    watch(client);
}

void client_send(struct client *client, enum vmp_type type, const void *body, uint32_t len)
{
    int err = TAILQ_EMPTY(&client->unsent) ? packet_send(client->fd, type, body, len, NULL, 0, MSG_DONTWAIT)
                                           : -EAGAIN;

    if (err == -EAGAIN)
        queue(client, type, body, len);
    else if (err < 0)
        hang_up(client);
}

void client_send_error(struct client *client, enum vmp_type type, enum vmp_error_code code, const char *text)
{
    struct vmp_error error = {.code = code};

    snprintf(error.text, sizeof error.text, "%s", text);
    client_send(client, type, &error, sizeof error);
}

static void send_unsent(struct client *client)
{
    struct out *out;

    while ((out = TAILQ_FIRST(&client->unsent))) {
        if (packet_send(client->fd, out->type, out->body, out->len, NULL, 0, MSG_DONTWAIT) == -EAGAIN)
            return;
        TAILQ_REMOVE(&client->unsent, out, link);
        free(out);
    }
    watch(client);
}

/* ---- life ---- */

static bool handle(struct client *client, struct packet *packet)
{
    bool good;

    while (packet->nfds > CLIENT_MAX_PASSED)
        close(packet->fds[--packet->nfds]); /* no request brings so many */
    client->npassed = packet->nfds;
    memcpy(client->passed, packet->fds, packet->nfds * sizeof *client->passed);
    good = request_handle(client, packet);
    for (unsigned i = 0; i < client->npassed; i++)
        if (client->passed[i] >= 0)
            close(client->passed[i]);
    client->npassed = 0;
    return good;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct client *client = poll->data;
    struct packet packet;
    int err;

    if (events & UV_WRITABLE)
        send_unsent(client);
    if (client->busy) {
        if (events & UV_DISCONNECT)
            client_close(client);
        return;
    }
    err = status < 0 ? -EPIPE : packet_recv(client->fd, &packet, MSG_DONTWAIT);
    if (err == -EAGAIN || err == -EINTR)
        return;
    if (err == 0 && handle(client, &packet))
        return;
    if (err == -EPROTO)
        client_send_error(client, VMP_ERROR, VMP_E_PROTOCOL, "malformed packet");
    client_close(client);
}

struct client *client_new(struct daemon *d, int fd)
{
    struct client *client = calloc(1, sizeof *client);

    if (!client || uv_poll_init(&d->loop, &client->poll, fd) < 0) {
        free(client);
        close(fd);
        return NULL;
    }
    client->d = d;
    client->fd = fd;
    client->trace_fd = -1;
    client->poll.data = client;
    TAILQ_INIT(&client->unsent);
    TAILQ_INIT(&client->lookups);
    TAILQ_INSERT_TAIL(&d->server.clients, client, link);
    watch(client);
    daemon_changed(d);
    return client;
}

static void on_closed(uv_handle_t *handle)
{
    struct client *client = handle->data;

    free(client->place);
    free(client->images);
    free(client);
}

void client_close(struct client *client)
{
    struct daemon *d = client->d;
    struct vm *vm = client->vm;
    struct out *out;

    uv_poll_stop(&client->poll);
    close(client->fd);
    if (client->trace_fd >= 0)
        close(client->trace_fd);
    while ((out = TAILQ_FIRST(&client->unsent))) {
        TAILQ_REMOVE(&client->unsent, out, link);
        free(out);
    }
    TAILQ_REMOVE(&d->server.clients, client, link);
    pool_cancel(client);
    resolve_forget(client);
    debug_forget(client);
    boot_cancel(client);
    if (d->shutdown_by == client)
        d->shutdown_by = NULL;
    client->vm = NULL;
    if (vm)
        vm_event(vm, VM_EV_RELEASED, NULL);
    uv_close((uv_handle_t *)&client->poll, on_closed);
    daemon_changed(d);
}

/* ---- the lease ---- */

static void fill_grant(const struct client *client, const struct vm *vm, struct vmp_grant *grant)
{
    const struct stat *resident = &vm->r->resident;

    *grant = (struct vmp_grant){
        .vm = vm->id,
        .tsc_hz = vm->r->tsc_hz ? vm->r->tsc_hz : tsc_hz(&vm->d->tsc),
        .wire_in_key = vm->wire_in_key,
        .wire_out_key = vm->wire_out_key,
        .flags = (vm->ring_in ? VMP_RING_IN : 0) | (vm->ring_out ? VMP_RING_OUT : 0) |
                 (vm->bounce_fd >= 0 ? VMP_BOUNCE : 0) | (vm->r->facts.far ? VMP_FAR : 0),
        .memory_bytes = vm->memory_bytes,
        .warm = !vm->boot && vm->ready_ns <= client->asked_ns,
    };
    if (resident->st_size > 0 && !vm->machine) {
        grant->resident_dev = resident->st_dev;
        grant->resident_ino = resident->st_ino;
        grant->resident_size = (uint64_t)resident->st_size;
        grant->resident_mtime_ns =
            (uint64_t)resident->st_mtim.tv_sec * 1000000000u + (uint64_t)resident->st_mtim.tv_nsec;
    }
    snprintf(grant->domain, sizeof grant->domain, "%s", vm->name);
}

/* A VM that is being linked to the next one must not end before that is done. */
static bool successor_starts(const struct vm *vm)
{
    const struct vm *next = TAILQ_NEXT(vm, link);

    return next && next->linked_to == vm->id && !next->created;
}

void client_granted(struct client *client, struct vm *vm)
{
    struct vmp_grant grant;
    int fds[VM_NPORTS + 1], err;
    unsigned nfds = VM_NPORTS;

    pool_cancel(client);
    boot_cancel(client);
    fill_grant(client, vm, &grant);
    client->vm = vm;
    client->state = CLIENT_LEASED;
    vm->lease = client;
    vm->shell_pid = client->shell_pid;
    vm->was_warm = grant.warm;
    if (vm->boot)
        nfds = boot_take_connections(vm->boot, fds);
    else
        vm_ports_take(vm, fds, successor_starts(vm));
    if (grant.flags & VMP_BOUNCE)
        fds[nfds++] = vm->bounce_fd;
    vm_event(vm, VM_EV_TAKEN, NULL);
    err = packet_send(client->fd, VMP_GRANT, &grant, sizeof grant, fds, nfds, MSG_DONTWAIT);
    for (unsigned i = 0; i < nfds; i++)
        if (fds[i] != vm->bounce_fd)
            close(fds[i]);
    trace_slice(vm, "LEASE to GRANT", grant.warm ? client->asked_ns : vm->ready_ns, vm->leased_ns);
    if (grant.warm)
        stats_add(&vm->r->pool.warm_grant_us, (uv_hrtime() - client->asked_ns) / 1000);
    if (err < 0) { /* gone, its socket is full of what it has not read, or the kernel has no memory */
        log_line("%s: its shim did not take it: %s", vm->name, strerror(-err));
        hang_up(client);
    }
}

void client_refused(struct client *client, enum vmp_error_code code, const char *why)
{
    pool_cancel(client);
    boot_cancel(client);
    client->state = CLIENT_NEW;
    client_send_error(client, VMP_ERROR, code, why);
}

void client_vm_lost(struct client *client, const char *why)
{
    client->vm = NULL;
    client->state = CLIENT_LOST;
    client_send_error(client, VMP_LOST, VMP_E_GONE, why);
}

void client_vm_ended(struct client *client, enum vmp_end end)
{
    const struct vmp_ended ended = {.how = end};

    client->vm = NULL;
    client->state = CLIENT_LOST;
    client_send(client, VMP_ENDED, &ended, sizeof ended);
}

void client_operation_done(struct client *client, const char *error)
{
    client->busy = false;
    watch(client);
    if (error)
        client_send_error(client, VMP_ERROR, VMP_E_INTERNAL, error);
    else
        client_send(client, VMP_OK, NULL, 0);
}
