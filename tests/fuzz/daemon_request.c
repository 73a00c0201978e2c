/*
 * daemon_request.c - vmprocd fed with whatever a client, or a guest that has not been told anything yet,
 * could send: packets of any length and type in any state of a connection, frames on port ctl.
 *
 * What the requests ask for (libvirt, the pool) is played; an input is a byte that says which of the two,
 * then pieces of 1 + n bytes: n is a piece's length.
 */
#include "vmproc/daemon/daemon.h"
#include "vmproc/daemon/vm_ports.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct daemon d;
static struct router router;
static struct vm vm;

void __wrap_log_line(const char *format, ...)
{
}

void __wrap_daemon_changed(struct daemon *daemon)
{
}

void __wrap_daemon_shutdown(struct daemon *daemon, struct client *by)
{
    daemon->shutdown_by = by;
}

void __wrap_daemon_retire(struct daemon *daemon)
{
}

/* A lease is granted at once, without descriptors. */
void __wrap_fleet_lease(struct daemon *daemon, struct client *client)
{
    if (vm.lease) {
        client_refused(client, VMP_E_LIMIT, "one is enough");
        return;
    }
    client->state = CLIENT_LEASED;
    client->vm = &vm;
    vm.lease = client;
}

bool __wrap_fleet_take_run(struct daemon *daemon, const struct client *client, unsigned n, struct vm *vms[])
{
    return false;
}

bool __wrap_pool_wants_again(const struct vm *which, uint64_t max_rss_bytes)
{
    return max_rss_bytes < 1 << 20;
}

void __wrap_fleet_use(struct daemon *daemon, const char *name)
{
}

bool __wrap_fleet_drain(struct daemon *daemon, const char *name)
{
    return !*name;
}

bool __wrap_fleet_trust(struct daemon *daemon, const char *name, const char *fingerprint, char error[256])
{
    snprintf(error, 256, "%s: not %s", name, fingerprint);
    return !*fingerprint;
}

bool __wrap_fleet_forget(struct daemon *daemon, const char *name, char error[256])
{
    snprintf(error, 256, "%s: nothing is known", name);
    return !*name;
}

void __wrap_fleet_changed(struct daemon *daemon)
{
}

void __wrap_vm_suspend(struct vm *which)
{
    client_operation_done(which->lease, NULL);
}

void __wrap_vm_resume(struct vm *which)
{
    client_operation_done(which->lease, "not today");
}

void __wrap_vm_event(struct vm *which, enum vm_event event, const char *why)
{
    if (event == VM_EV_RELEASED || event == VM_EV_DONE)
        which->lease = NULL;
    if (event == VM_EV_FAILED || event == VM_EV_GONE || event == VM_EV_DONE)
        vm_ports_close(which);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    uv_loop_init(&d.loop);
    TAILQ_INIT(&d.server.clients);
    TAILQ_INIT(&d.fleet.routers);
    TAILQ_INIT(&router.pool.vms);
    TAILQ_INIT(&router.pool.waiting);
    router.d = &d;
    TAILQ_INSERT_TAIL(&d.fleet.routers, &router, link);
    measure_init(&d);
    d.set.memory_bytes = 512ull << 20;
    return 0;
}

static void drain(int fd)
{
    char sink[8192];

    while (recv(fd, sink, sizeof sink, MSG_DONTWAIT) > 0)
        ;
}

/* The first byte of a piece is its length; of a packet the lowest bit says whether a descriptor goes along.
 */
static void send_piece(int fd, const uint8_t *data, size_t len, bool with_fd)
{
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof(int))];
    } space = {0};
    struct iovec iov = {(void *)data, len};
    struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};

    if (with_fd) {
        msg.msg_control = &space;
        msg.msg_controllen = sizeof space;
        space.head = (struct cmsghdr){
            .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(&space.head), &fd, sizeof fd);
    }
    sendmsg(fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void feed(int fd, const uint8_t *data, size_t size, bool packets)
{
    while (size > 1) {
        size_t len = data[0] * (packets ? 4u : 1u);

        len = len < size - 1 ? len : size - 1;
        send_piece(fd, data + 1, len, packets && data[0] & 1);
        uv_run(&d.loop, UV_RUN_NOWAIT);
        drain(fd);
        data += 1 + len;
        size -= 1 + len;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool packets = size && data[0] & 1;
    int pair[2];

    if (size < 2 || socketpair(AF_UNIX, packets ? SOCK_SEQPACKET : SOCK_STREAM, 0, pair) < 0)
        return 0;
    vm = (struct vm){.d = &d,
                     .r = &router,
                     .state = packets ? VM_LEASED : VM_STARTING,
                     .handles = 1,
                     .hold_fd = -1,
                     .back_fd = -1};
    for (unsigned i = 0; i < VM_NPORTS; i++)
        vm.port[i] = vm.arrived[i] = -1;
    if (packets) {
        client_new(&d, pair[0]);
    } else {
        vm_ports_take_back(&vm, pair[0]);
        vm_ports_reopen(&vm); /* the other ports are not there */
    }
    feed(pair[1], data + 1, size - 1, packets);
    close(pair[1]);
    uv_run(&d.loop, UV_RUN_NOWAIT);
    while (!TAILQ_EMPTY(&d.server.clients))
        client_close(TAILQ_FIRST(&d.server.clients));
    vm_ports_close(&vm);
    uv_run(&d.loop, UV_RUN_NOWAIT); /* closes the handles */
    d.shutdown_by = NULL;
    return 0;
}
