/* fleet.c - the questions to vmprocd, and the signals to shims. */
#include "top.h"
#include "vmproc/packet.h"
#include "vmproc/vmproc.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_MS 5000
#define MAX_ROWS  100000u

static uint64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

const char *state_name(uint32_t state)
{
    static const char *const names[] = {
        [VM_STARTING] = "starting", [VM_WARM] = "warm",     [VM_LEASED] = "running",
        [VM_SUSPENDED] = "stopped", [VM_ENDING] = "ending",
    };

    return state < sizeof names / sizeof names[0] ? names[state] : "unknown";
}

unsigned fleet_count(const struct fleet *fleet, enum vmp_vm_state state)
{
    unsigned n = 0;

    for (size_t i = 0; i < fleet->count; i++)
        n += fleet->rows[i].vm.state == (uint32_t)state;
    return n;
}

/* ---- the connection ---- */

static int fail(struct fleet *fleet, const char *problem)
{
    snprintf(fleet->problem, sizeof fleet->problem, "%s", problem);
    if (fleet->fd >= 0)
        close(fleet->fd);
    fleet->fd = -1;
    fleet->count = 0;
    fleet->sampled_ns = 0;
    return -1;
}

static int fail_errno(struct fleet *fleet, int error)
{
    switch (error) {
    case -ENOENT:
    case -ECONNREFUSED:
        return fail(fleet, "no VMs: vmprocd does not run");
    case -EPIPE:
        return fail(fleet, "vmprocd has ended");
    case -ETIMEDOUT:
        return fail(fleet, "vmprocd does not answer");
    case -EPROTO:
        return fail(fleet, "vmprocd is of another version; `vm stop` ends it");
    default:
        return fail(fleet, strerror(-error));
    }
}

/* One packet; -ECANCELED: vmprocd's own error, which is in problem. */
static int receive(struct fleet *fleet, struct packet *packet)
{
    int error;

    do
        error = packet_recv_within(fleet->fd, packet, ANSWER_MS);
    while (error == -EINTR);
    if (error)
        return error;
    while (packet->nfds > 0)
        close(packet->fds[--packet->nfds]);
    if (packet->head.version != VMP_VERSION)
        return -EPROTO;
    if (packet->head.type == VMP_ERROR && packet->head.len == sizeof(struct vmp_error)) {
        struct vmp_error e;

        memcpy(&e, packet->body, sizeof e);
        snprintf(fleet->problem, sizeof fleet->problem, "%.*s", (int)sizeof fleet->problem - 1, e.text);
        return -ECANCELED;
    }
    return 0;
}

static int ask(struct fleet *fleet, enum vmp_type type, const void *body, uint32_t len)
{
    if (fleet->fd < 0)
        fleet->fd = vmproc_connect(false);
    return fleet->fd < 0 ? fleet->fd : packet_send(fleet->fd, type, body, len, NULL, 0, 0);
}

/* A question whose answer is OK. */
static int ask_ok(struct fleet *fleet, enum vmp_type type, const void *body, uint32_t len)
{
    struct packet packet;
    int error = ask(fleet, type, body, len);

    if (!error)
        error = receive(fleet, &packet);
    return error ? error : packet.head.type == VMP_OK ? 0 : -EPROTO;
}

/* ---- the sample ---- */

static void make_text(char *field, size_t size)
{
    field[size - 1] = '\0';
    for (; *field; field++)
        if ((unsigned char)*field < 0x20 || *field == 0x7f)
            *field = '?';
}

static void find_job(const struct fleet *fleet, struct row *row)
{
    for (size_t i = 0; i < fleet->njobs && row->vm.pid; i++) {
        pid_t id = fleet->jobs[i].pgid;

        if (id != (pid_t)row->vm.pgid && id != (pid_t)row->vm.pid)
            continue;
        row->job = fleet->jobs[i].number;
        row->group = id == (pid_t)row->vm.pgid;
    }
}

static int keep(struct fleet *fleet, const struct vmp_vm *vm)
{
    struct row *row;

    if (fleet->count == fleet->room) {
        size_t room = fleet->room ? 2 * fleet->room : 64;
        struct row *rows = realloc(fleet->rows, room * sizeof *rows);

        if (!rows)
            return -ENOMEM;
        fleet->rows = rows;
        fleet->room = room;
    }
    row = &fleet->rows[fleet->count++];
    *row = (struct row){.vm = *vm, .cpu_percent = -1};
    make_text(row->vm.domain, sizeof row->vm.domain);
    make_text(row->vm.router, sizeof row->vm.router);
    make_text(row->vm.command, sizeof row->vm.command);
    make_text(row->vm.image, sizeof row->vm.image);
    find_job(fleet, row);
    return 0;
}

static int receive_rows(struct fleet *fleet)
{
    struct packet packet;
    struct vmp_vm vm;
    int error;

    while (!(error = receive(fleet, &packet)) && packet.head.type == VMP_VM) {
        if (packet.head.len != sizeof vm || fleet->count == MAX_ROWS)
            return -EPROTO;
        memcpy(&vm, packet.body, sizeof vm);
        error = keep(fleet, &vm);
        if (error)
            return error;
    }
    return error ? error : packet.head.type == VMP_END ? 0 : -EPROTO;
}

/* CPU time that a VM has used since the sample before. */
static void rate(struct fleet *fleet, const struct row *before, size_t nbefore, uint64_t since_ns)
{
    for (size_t i = 0; i < fleet->count; i++) {
        struct row *row = &fleet->rows[i];

        for (size_t k = 0; k < nbefore; k++)
            if (before[k].vm.vm == row->vm.vm && row->vm.cpu_ns >= before[k].vm.cpu_ns && since_ns)
                row->cpu_percent = 100.0 * (double)(row->vm.cpu_ns - before[k].vm.cpu_ns) / (double)since_ns;
    }
}

int fleet_sample(struct fleet *fleet)
{
    struct row *before = fleet->rows;
    size_t nbefore = fleet->count;
    uint64_t last = fleet->sampled_ns, now;
    int error = ask_ok(fleet, VMP_MEASURE, NULL, 0);

    fleet->rows = NULL;
    fleet->count = fleet->room = 0;
    now = now_ns();
    if (!error)
        error = ask(fleet, VMP_LIST, NULL, 0);
    if (!error)
        error = receive_rows(fleet);
    if (!error && last)
        rate(fleet, before, nbefore, now - last);
    free(before);
    if (error)
        return fail_errno(fleet, error);
    fleet->sampled_ns = now;
    fleet->problem[0] = '\0';
    return 0;
}

/* ---- acting ---- */

int fleet_kill(struct fleet *fleet, uint64_t vm)
{
    struct vmp_kill body = {.vm = vm};
    int error = ask_ok(fleet, VMP_KILL, &body, sizeof body);

    if (error == -ECANCELED) /* no such VM any more: the connection is well */
        return -1;
    return error ? fail_errno(fleet, error) : 0;
}

/* Whether the VM is still leased to that process: asked after the pidfd was made, so the number is not
 * another's. */
static bool is_still(struct fleet *fleet, const struct row *row)
{
    if (fleet_sample(fleet))
        return false;
    for (size_t i = 0; i < fleet->count; i++)
        if (fleet->rows[i].vm.vm == row->vm.vm && fleet->rows[i].vm.pid == row->vm.pid)
            return true;
    return false;
}

int fleet_signal(struct fleet *fleet, const struct row *row, int signo)
{
    struct row wanted = *row; /* the sample replaces the rows */
    int fd, result = -1;

    if (wanted.vm.pid == 0) {
        snprintf(fleet->problem, sizeof fleet->problem, "no command runs in VM %llu",
                 (unsigned long long)wanted.vm.vm);
        return -1;
    }
    fd = (int)syscall(SYS_pidfd_open, (pid_t)wanted.vm.pid, 0);
    if (fd >= 0 && is_still(fleet, &wanted))
        result = wanted.group ? kill(-(pid_t)wanted.vm.pgid, signo)
                              : (int)syscall(SYS_pidfd_send_signal, fd, signo, NULL, 0);
    if (result && !fleet->problem[0])
        snprintf(fleet->problem, sizeof fleet->problem, "the command of VM %llu has ended",
                 (unsigned long long)wanted.vm.vm);
    if (fd >= 0)
        close(fd);
    return result ? -1 : 0;
}
