/* lease.c - asks for a run of neighbouring warm VMs. */
#include "vmproc/client/own_fd.h"
#include "vmproc/packet.h"
#include "vmproc/vmproc.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* vmprocd answers at once or is not well; then the pipeline runs over pipes. */
#define ANSWER_MS 1000

static int take_run(struct packet *packet, struct vmproc_lease leases[], unsigned n)
{
    struct vmp_run run;
    if (packet->head.type != VMP_RUN || packet->head.len != sizeof run)
        return -EPROTO;
    memcpy(&run, packet->body, sizeof run);
    if (run.count == 0 && packet->nfds == 0)
        return -EAGAIN;
    if (run.count != n || packet->nfds != n)
        return -EPROTO;
    for (unsigned i = 0; i < n; i++) {
        int err = own_fd(&packet->fds[i]); /* a stage's own redirections come before its exec */
        if (err)
            return err;
    }
    for (unsigned i = 0; i < n; i++)
        leases[i].fd = packet->fds[i];
    return 0;
}

/* -E2BIG: there is no room for all of them. */
static int list_names(const char *const names[], unsigned n, char *list, size_t size)
{
    size_t len = 0;
    for (unsigned i = 0; i < n; i++) {
        const char *slash = strrchr(names[i], '/'), *name = slash ? slash + 1 : names[i];
        len += (size_t)snprintf(list + len, size - len, "%s\n", name);
        if (len >= size || strchr(name, '\n'))
            return -E2BIG;
    }
    return 0;
}

static int ask_run(int fd, const char *const names[], unsigned n, int shell_pid, const char *router)
{
    struct vmp_lease ask = {.count = n, .shell_pid = (uint32_t)shell_pid};
    struct vmp_place place = {.flags = 0};
    int err = list_names(names, n, ask.images, sizeof ask.images);
    if (router && !err) {
        snprintf(place.on, sizeof place.on, "%s\n", router);
        err = packet_send(fd, VMP_PLACE, &place, sizeof place, NULL, 0, 0);
    }
    return err ? err : packet_send(fd, VMP_LEASE_RUN, &ask, sizeof ask, NULL, 0, 0);
}

int vmproc_lease_run(struct vmproc_lease leases[], const char *const names[], unsigned n, int shell_pid,
                     const char *router)
{
    struct packet packet;
    int fd, err;
    for (unsigned i = 0; i < n; i++)
        leases[i].fd = -1;
    if (n < 2 || n > VMPROC_MAX_RUN)
        return -EINVAL;
    fd = vmproc_connect(false);
    if (fd < 0)
        return fd;
    err = ask_run(fd, names, n, shell_pid, router);
    if (!err)
        err = packet_recv_within(fd, &packet, ANSWER_MS);
    close(fd);
    if (err)
        return err;
    err = take_run(&packet, leases, n);
    if (err)
        while (packet.nfds)
            close(packet.fds[--packet.nfds]);
    return err;
}
