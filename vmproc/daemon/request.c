#include "request.h"
#include "boot.h"
#include "daemon.h"
#include "debug.h"
#include "log.h"
#include "resolve.h"
#include "trace.h"
#include "vm_ports.h"
#include "vmproc/rundir.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MIB        (1ull << 20)
#define MEMORY_MIN (16 * MIB)

static const char replaced_text[] = "vmprocd is older than what is installed, and the new one does not start";

static bool is_replaced(const struct daemon *d)
{
    return d->retired || replaced_now(&d->replaced);
}

static bool is_memory(const struct daemon *d, uint64_t bytes)
{
    return bytes >= MEMORY_MIN && memory_has(d, bytes);
}

/* NULL, as where there is no memory, is what no router that is meant for some can be asked for. */
static void take_images(struct client *client, const char *images, size_t size)
{
    free(client->images);
    client->images = *images ? strndup(images, size) : NULL;
}

#define NO_SUCH_MEMORY "memory of a VM: 16 MiB at least, the router's at most"

static void do_lease(struct client *client, const void *body)
{
    const struct vmp_lease *lease = body;
    uint64_t memory = (lease->memory_bytes + MIB - 1) & ~(MIB - 1), usual = client->d->set.memory_bytes;

    if (!(lease->flags & VMP_LEASE_STAY) && is_replaced(client->d)) {
        client_send_error(client, VMP_ERROR, VMP_E_REPLACED, replaced_text);
        return;
    }
    client->asked_ns = uv_hrtime();
    client->shell_pid = lease->shell_pid;
    client->machine = lease->machine;
    take_images(client, lease->images, sizeof lease->images);
    /* Less than a warm VM has is for its guest to keep to: EXEC says so. */
    client->memory_bytes =
        lease->memory_bytes == 0 || (memory >= MEMORY_MIN && memory < usual) ? usual : memory;
    if (lease->machine && lease->machine != EM_AARCH64) {
        client_send_error(client, VMP_ERROR, VMP_E_MACHINE, "VMs run programs for x86_64 and aarch64");
    } else if (lease->count > 1) {
        client_send_error(client, VMP_ERROR, VMP_E_PROTOCOL, "LEASE is for one VM");
    } else if (!is_memory(client->d, client->memory_bytes)) {
        client_send_error(client, VMP_ERROR, VMP_E_LIMIT, NO_SUCH_MEMORY);
    } else if (client->d->ending) {
        client_send_error(client, VMP_ERROR, VMP_E_NO_ROUTER, "vmprocd is ending");
    } else {
        client->state = CLIENT_WAITING;
        fleet_lease(client->d, client);
    }
}

static void do_boot(struct client *client, const void *body)
{
    const struct vmp_boot *ask = body;
    const char *why;
    struct boot *boot;

    client->asked_ns = uv_hrtime();
    client->shell_pid = ask->shell_pid;
    take_images(client, ask->images, sizeof ask->images);
    if (!(ask->flags & VMP_LEASE_STAY) && is_replaced(client->d)) {
        client_send_error(client, VMP_ERROR, VMP_E_REPLACED, replaced_text);
        return;
    }
    boot = boot_new(client->passed, client->npassed, &why);
    if (!boot) {
        client_send_error(client, VMP_ERROR, VMP_E_PROTOCOL, why);
    } else if (boot->plan.memory_bytes && !is_memory(client->d, boot->plan.memory_bytes)) {
        client_send_error(client, VMP_ERROR, VMP_E_LIMIT, NO_SUCH_MEMORY);
        boot_free(boot);
    } else if (client->d->ending) {
        client_send_error(client, VMP_ERROR, VMP_E_NO_ROUTER, "vmprocd is ending");
        boot_free(boot);
    } else {
        boot->client = client;
        client->boot = boot;
        client->state = CLIENT_WAITING;
        fleet_lease(client->d, client);
    }
}

/* One stage of a run: a connection that is already a lease. Its other end, or -1. */
static int lease_stage(struct client *client, struct vm *vm)
{
    struct client *stage;
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return -1;
    stage = client_new(client->d, pair[0]);
    if (!stage) {
        close(pair[1]);
        return -1;
    }
    stage->asked_ns = client->asked_ns;
    stage->shell_pid = client->shell_pid;
    client_granted(stage, vm);
    return pair[1];
}

static void do_lease_run(struct client *client, const void *body)
{
    const struct vmp_lease *lease = body;
    struct vm *vms[VMP_MAX_RUN];
    struct vmp_run run = {0};
    int fds[VMP_MAX_RUN];
    bool ok = true;

    client->asked_ns = uv_hrtime();
    client->shell_pid = lease->shell_pid;
    client->memory_bytes = client->d->set.memory_bytes;
    take_images(client, lease->images, sizeof lease->images);
    if (lease->count < 2 || lease->count > VMP_MAX_RUN) {
        client_send_error(client, VMP_ERROR, VMP_E_PROTOCOL, "LEASE_RUN is for 2 to 16 VMs");
        return;
    }
    /* Without a run, each stage asks for its lease: then we are replaced. */
    if (!client->d->ending && !is_replaced(client->d) &&
        fleet_take_run(client->d, client, lease->count, vms)) {
        for (; run.count < lease->count && ok; run.count += ok) {
            fds[run.count] = lease_stage(client, vms[run.count]);
            ok = fds[run.count] >= 0;
        }
    }
    /* All or nothing: closing this end ends those that were granted. */
    if (!ok || packet_send(client->fd, VMP_RUN, &run, sizeof run, fds, run.count, MSG_DONTWAIT) < 0) {
        run.count = ok ? run.count : 0;
        if (!ok)
            client_send(client, VMP_RUN, &run, sizeof run);
    }
    for (unsigned i = 0; i < run.count; i++)
        close(fds[i]);
    fleet_changed(client->d);
}

static void end_texts(struct vmp_place *place)
{
    place->on[sizeof place->on - 1] = '\0';
    place->routers[sizeof place->routers - 1] = '\0';
    place->labels[sizeof place->labels - 1] = '\0';
    place->architecture[sizeof place->architecture - 1] = '\0';
}

static void do_place(struct client *client, const void *body)
{
    struct vmp_place *place = malloc(sizeof *place);
    char why[PLACEMENT_WHY];

    if (!place) {
        client_send_error(client, VMP_ERROR, VMP_E_INTERNAL, "out of memory");
        return;
    }
    memcpy(place, body, sizeof *place);
    end_texts(place);
    free(client->place);
    client->place = place;
    if (!(place->flags & VMP_PLACE_ASK))
        return;
    client->memory_bytes = 0;
    if (fleet_has_place(client->d, client, why))
        client_send(client, VMP_OK, NULL, 0);
    else
        client_send_error(client, VMP_ERROR, VMP_E_PLACE, why);
}

static void do_started(struct client *client, const void *body)
{
    struct vmp_started *what = &client->vm->what;

    memcpy(what, body, sizeof *what);
    what->command[sizeof what->command - 1] = '\0';
    what->image[sizeof what->image - 1] = '\0';
}

static void do_suspend(struct client *client, const void *body)
{
    client->busy = true;
    vm_suspend(client->vm);
}

static void do_resume(struct client *client, const void *body)
{
    client->busy = true;
    vm_resume(client->vm);
}

/* The VM that is not wanted again ends with the connection. */
static void do_done(struct client *client, const void *body)
{
    const struct vmp_done *done = body;
    struct vm *vm = client->vm;

    if (client->npassed == 0 || !pool_wants_again(vm, done->max_rss_bytes))
        return;
    client->vm = NULL;
    client->state = CLIENT_DONE;
    vm_ports_take_back(vm, client->passed[0]);
    client->passed[0] = -1;
    vm_event(vm, VM_EV_DONE, NULL);
}

static void do_used(struct client *client, const void *body)
{
    memcpy(&client->vm->used, body, sizeof client->vm->used);
    client->vm->tell = false;
    measure_told(client->d);
}

static void do_measure(struct client *client, const void *body)
{
    measure(client);
}

/* A shim sends a bounded number of them; the file is bounded, too. */
static void do_log(struct client *client, const void *body)
{
    const struct vmp_log *log = body;

    log_line("%s: %.*s", client->vm->name, (int)sizeof log->text - 1, log->text);
    log_limit(client->d->rundir_fd, RUNDIR_LOG);
}

static void do_resolve(struct client *client, const void *body)
{
    resolve(client, body);
}

static void do_trace(struct client *client, const void *body)
{
    if (client->npassed == 0 || client->trace_fd >= 0) {
        client_send_error(client, VMP_ERROR, VMP_E_PROTOCOL, "TRACE brings a descriptor, once");
        return;
    }
    if (is_replaced(client->d)) {
        client_send_error(client, VMP_ERROR, VMP_E_REPLACED, replaced_text);
        return;
    }
    client->trace_fd = client->passed[0];
    client->passed[0] = -1;
    trace_begin(client);
    client_send(client, VMP_OK, NULL, 0);
}

static void describe_vm(const struct vm *vm, struct vmp_vm *info)
{
    uint64_t now = uv_hrtime();

    *info = (struct vmp_vm){
        .vm = vm->id,
        .state = vm->state,
        .pid = vm->what.pid,
        .pgid = vm->what.pgid,
        .shell_pid = vm->shell_pid,
        .memory_bytes = vm->memory_bytes,
        .age_ms = (now - vm->asked_ns) / 1000000,
        .run_ms = vm->leased_ns ? (now - vm->leased_ns) / 1000000 : 0,
        .wired = vm->what.wired,
        .cpu_ns = vm->cpu_ns,
        .resident_bytes = vm->resident_bytes,
        .in_bytes = vm->used.in_bytes,
        .out_bytes = vm->used.out_bytes,
    };
    memcpy(info->domain, vm->name, sizeof info->domain);
    memcpy(info->router, vm->r->name, sizeof info->router);
    memcpy(info->command, vm->what.command, sizeof info->command);
    memcpy(info->image, vm->what.image, sizeof info->image);
}

static void do_list(struct client *client, const void *body)
{
    struct vmp_vm info;
    struct router *r;
    struct vm *vm;

    FLEET_FOREACH_VM(client->d, r, vm)
    {
        describe_vm(vm, &info);
        client_send(client, VMP_VM, &info, sizeof info);
    }
    client_send(client, VMP_END, NULL, 0);
}

static void do_router(struct client *client, const void *body)
{
    struct vmp_router info;
    struct router *r;

    for (int offered = 0; offered < 2; offered++) {
        TAILQ_FOREACH (r, &client->d->fleet.routers, link) {
            if (r->absent || r->offered != offered)
                continue;
            router_describe(r, &info);
            client_send(client, VMP_ROUTER_INFO, &info, sizeof info);
        }
    }
    client_send(client, VMP_END, NULL, 0);
}

/* Terminates what came in the packet, which is aligned and ours. */
static const char *router_named(const void *body)
{
    struct vmp_choice *choice = (struct vmp_choice *)body;

    choice->router[sizeof choice->router - 1] = '\0';
    return choice->router;
}

static void do_use(struct client *client, const void *body)
{
    fleet_use(client->d, router_named(body));
    client_send(client, VMP_OK, NULL, 0);
}

static void do_drain(struct client *client, const void *body)
{
    if (fleet_drain(client->d, router_named(body)))
        client_send(client, VMP_OK, NULL, 0);
    else
        client_send_error(client, VMP_ERROR, VMP_E_NO_ROUTER, "no such router; vm router ls lists them");
}

static void do_trust(struct client *client, const void *body)
{
    const char *name = router_named(body);
    struct vmp_trust *trust = (struct vmp_trust *)body;
    char error[256];

    trust->fingerprint[sizeof trust->fingerprint - 1] = '\0';
    if (fleet_trust(client->d, name, trust->fingerprint, error))
        client_send(client, VMP_OK, NULL, 0);
    else
        client_send_error(client, VMP_ERROR, VMP_E_NO_ROUTER, error);
}

static void do_forget(struct client *client, const void *body)
{
    char error[256];

    if (fleet_forget(client->d, router_named(body), error))
        client_send(client, VMP_OK, NULL, 0);
    else
        client_send_error(client, VMP_ERROR, VMP_E_NO_ROUTER, error);
}

static void do_kill(struct client *client, const void *body)
{
    const struct vmp_kill *kill = body;
    struct vm *vm = fleet_vm(client->d, kill->vm);

    if (!vm || vm->state == VM_ENDING) {
        client_send_error(client, VMP_ERROR, VMP_E_NO_VM, "no such VM; vm ls lists them");
        return;
    }
    vm_event(vm, VM_EV_KILLED, "killed by vm kill");
    client_send(client, VMP_OK, NULL, 0);
}

/* Its shim makes the lines: what a program does is not this process's business. */
static void do_strace(struct client *client, const void *body)
{
    const struct vmp_strace *strace = body;
    struct vm *vm = fleet_vm(client->d, strace->vm);

    if (client->npassed == 0)
        client_send_error(client, VMP_ERROR, VMP_E_PROTOCOL, "STRACE brings a descriptor");
    else if (!vm || !vm->lease || vm->state == VM_ENDING)
        client_send_error(client, VMP_ERROR, VMP_E_NO_VM, "no such VM that runs a command; vm ls lists them");
    else if (packet_send(vm->lease->fd, VMP_STRACE, strace, sizeof *strace, client->passed, 1, MSG_DONTWAIT))
        client_send_error(client, VMP_ERROR, VMP_E_GONE, "the command has ended");
    else
        client_send(client, VMP_OK, NULL, 0);
}

static void do_debug(struct client *client, const void *body)
{
    debug(client, body);
}

static void do_shutdown(struct client *client, const void *body)
{
    daemon_shutdown(client->d, client);
}

static void do_retire(struct client *client, const void *body)
{
    daemon_retire(client->d, "another vmprocd has taken our place");
}

#define IN(state) (1u << CLIENT_##state)

static const struct request {
    enum vmp_type type;
    uint32_t size;   /* of the body */
    unsigned states; /* in which it is legal */
    void (*handle)(struct client *client, const void *body);
} requests[] = {
    {VMP_LEASE, sizeof(struct vmp_lease), IN(NEW), do_lease},
    {VMP_BOOT, sizeof(struct vmp_boot), IN(NEW), do_boot},
    {VMP_PLACE, sizeof(struct vmp_place), IN(NEW), do_place},
    {VMP_LEASE_RUN, sizeof(struct vmp_lease), IN(NEW), do_lease_run},
    {VMP_STARTED, sizeof(struct vmp_started), IN(LEASED), do_started},
    {VMP_SUSPEND, 0, IN(LEASED), do_suspend},
    {VMP_RESUME, 0, IN(LEASED), do_resume},
    {VMP_DONE, sizeof(struct vmp_done), IN(LEASED), do_done},
    {VMP_USED, sizeof(struct vmp_used), IN(LEASED), do_used},
    {VMP_LOG, sizeof(struct vmp_log), IN(LEASED), do_log},
    {VMP_RESOLVE, sizeof(struct vmp_resolve), IN(LEASED), do_resolve},
    {VMP_LIST, 0, IN(NEW), do_list},
    {VMP_MEASURE, 0, IN(NEW), do_measure},
    {VMP_TRACE, 0, IN(NEW), do_trace},
    {VMP_ROUTER, 0, IN(NEW), do_router},
    {VMP_USE, sizeof(struct vmp_choice), IN(NEW), do_use},
    {VMP_DRAIN, sizeof(struct vmp_choice), IN(NEW), do_drain},
    {VMP_TRUST, sizeof(struct vmp_trust), IN(NEW), do_trust},
    {VMP_FORGET, sizeof(struct vmp_choice), IN(NEW), do_forget},
    {VMP_KILL, sizeof(struct vmp_kill), IN(NEW), do_kill},
    {VMP_STRACE, sizeof(struct vmp_strace), IN(NEW), do_strace},
    {VMP_DEBUG, sizeof(struct vmp_debug), IN(NEW), do_debug},
    {VMP_SHUTDOWN, 0, IN(NEW), do_shutdown},
    {VMP_RETIRE, 0, IN(NEW), do_retire},
};

/* Any version may end us: it is how another one gets its turn. */
static bool version_fits(struct client *client, const struct vmp_head *head)
{
    if (head->version == VMP_VERSION || head->type == VMP_SHUTDOWN || head->type == VMP_RETIRE)
        return true;
    if (head->version > VMP_VERSION)
        client_send_error(client, VMP_ERROR, VMP_E_REPLACED, replaced_text);
    else
        client_send_error(
            client, VMP_ERROR, VMP_E_VERSION,
            "vmprocd is newer than this program; start the shell anew, or end vmprocd with vm stop");
    return false;
}

bool request_handle(struct client *client, const struct packet *packet)
{
    if (!version_fits(client, &packet->head))
        return false;
    for (unsigned i = 0; i < sizeof requests / sizeof *requests; i++) {
        const struct request *request = &requests[i];

        if (request->type != packet->head.type)
            continue;
        /* A lease whose VM has just been lost may still ask: it has been told, or is about to be. */
        if (client->state == CLIENT_LOST && (request->states & IN(LEASED)))
            return true;
        if (request->size != packet->head.len || !(request->states & 1u << client->state))
            break;
        request->handle(client, packet->body);
        return true;
    }
    client_send_error(client, VMP_ERROR, VMP_E_PROTOCOL, "malformed or misplaced request");
    return false;
}
