#include "boot.h"
#include "admit.h"
#include "client.h"
#include "daemon.h"
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char *const socket_names[BOOT_NSOCKETS] = {
    [BOOT_CONSOLE] = "con", [BOOT_EXIT] = "exit", [BOOT_NET] = "net"};

/* ---- the plan and its files ---- */

/* The plan names the shim's descriptors: each that it has is the next of those that came with it. */
static bool take_files(struct boot *boot, const int fds[], unsigned nfds)
{
    int32_t *const places[] = {&boot->plan.kernel_fd, &boot->plan.initrd_fd, &boot->plan.disk_fd};
    unsigned used = 0;
    bool whole = true;

    for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
        if (*places[i] < 0)
            continue;
        *places[i] = used < nfds ? fcntl(fds[used], F_DUPFD_CLOEXEC, 3) : -1;
        whole = whole && *places[i] >= 0;
        used++;
    }
    return whole && used == nfds;
}

struct boot *boot_new(const int fds[], unsigned nfds, const char **why)
{
    struct boot *boot = calloc(1, sizeof *boot);

    *why = "BOOT brings a plan and its files";
    if (!boot)
        return NULL;
    for (unsigned i = 0; i < BOOT_NSOCKETS; i++)
        boot->listener[i] = boot->connection[i] = -1;
    if (nfds == 0 || boot_plan_read(&boot->plan, fds[0]) < 0) {
        free(boot);
        return NULL;
    }
    if (!take_files(boot, fds + 1, nfds - 1)) {
        boot_free(boot);
        return NULL;
    }
    return boot;
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void boot_free(struct boot *boot)
{
    if (!boot)
        return;
    close_fd(&boot->plan.kernel_fd);
    close_fd(&boot->plan.initrd_fd);
    close_fd(&boot->plan.disk_fd);
    for (unsigned i = 0; i < BOOT_NSOCKETS; i++) {
        close_fd(&boot->listener[i]);
        close_fd(&boot->connection[i]);
    }
    free(boot);
}

/* ---- waiting ---- */

void boot_cancel(struct client *client)
{
    struct boot *boot = client->boot;

    client->boot = NULL;
    if (!boot)
        return;
    boot->client = NULL;
    if (!boot->vm)
        boot_free(boot);
    else if (boot->vm->state == VM_STARTING)
        vm_event(boot->vm, VM_EV_UNWANTED, NULL);
}

/* A VM that waits for commands makes room; more come when it has gone. */
static void make_room(struct router *r)
{
    struct vm *vm;

    TAILQ_FOREACH_REVERSE(vm, &r->pool.vms, vm_list, link)
    {
        if (vm->state == VM_WARM) {
            vm_event(vm, VM_EV_UNWANTED, NULL);
            return;
        }
    }
}

void boot_start_waiting(struct router *r)
{
    struct client *client, *next;

    if (r->state != ROUTER_UP || r->d->ending)
        return;
    for (client = TAILQ_FIRST(&r->pool.waiting); client; client = next) {
        next = TAILQ_NEXT(client, waiting);
        if (!client->boot || client->boot->vm)
            continue;
        if (r->facts.far) {
            client_refused(client, VMP_E_START,
                           "images boot on this machine's router only; see vm router use");
            continue;
        }
        if (fleet_count_all(r->d) >= r->d->set.max_vms) {
            make_room(r);
            return;
        }
        if (vm_start_boot(r, r->d->fleet.next_vm++, client->boot))
            r->pool.started_total++;
        else
            client_refused(client, VMP_E_START, "a VM cannot be started: no memory, or no socket for it");
    }
}

void boot_failed(struct vm *vm, const char *why)
{
    struct client *client = vm->boot->client;
    char text[400];

    if (!client)
        return;
    snprintf(text, sizeof text, "a VM cannot be started: %s", why);
    client_refused(client, VMP_E_START, text);
}

/* ---- sockets ---- */

static int listen_at(const struct workdir *work, uint64_t id, const char *name)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int err, fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -errno;
    workdir_socket(work, id, name, addr.sun_path);
    unlink(addr.sun_path);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) == 0 && chmod(addr.sun_path, 0600) == 0 &&
        (!work->foreign || chown(addr.sun_path, work->qemu_uid, work->qemu_gid) == 0) && listen(fd, 1) == 0)
        return fd;
    err = -errno;
    log_line("%s: %s", addr.sun_path, strerror(errno));
    close(fd);
    return err;
}

int boot_listen(struct vm *vm)
{
    struct boot *boot = vm->boot;

    for (unsigned i = 0; i < BOOT_NSOCKETS; i++) {
        if ((i == BOOT_EXIT && !boot->plan.exit_port) || (i == BOOT_NET && !boot->plan.network))
            continue;
        boot->listener[i] = listen_at(&vm->d->work, vm->id, socket_names[i]);
        if (boot->listener[i] < 0)
            return boot->listener[i];
    }
    return 0;
}

/* QEMU has made its connections before libvirt says that it runs. */
int boot_connected(struct boot *boot)
{
    for (unsigned i = 0; i < BOOT_NSOCKETS; i++) {
        if (boot->listener[i] < 0)
            continue;
        boot->connection[i] = accept4(boot->listener[i], NULL, NULL, SOCK_CLOEXEC);
        if (boot->connection[i] < 0)
            return -errno;
        close_fd(&boot->listener[i]);
    }
    return 0;
}

unsigned boot_take_connections(struct boot *boot, int fds[BOOT_NSOCKETS])
{
    unsigned n = 0;

    for (unsigned i = 0; i < BOOT_NSOCKETS; i++) {
        if (boot->connection[i] >= 0)
            fds[n++] = boot->connection[i];
        boot->connection[i] = -1;
    }
    return n;
}
