#include "debug.h"
#include "adrift.h"
#include "client.h"
#include "daemon.h"
#include "vm_job.h"

#include <errno.h>
#include <fcntl.h>
#include <libvirt/libvirt-qemu.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define DETACH_SECS 5 /* for QEMU to answer */

/* ---- in a worker ---- */

/* The answer is a text for people; malloc'd. NULL: libvirt's error. */
static char *monitor(virDomainPtr dom, const char *command)
{
    char *answer = NULL;

    if (virDomainQemuMonitorCommand(dom, command, &answer, VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP) < 0)
        return NULL;
    return answer;
}

/* The monitor's quotes around an option whose commas are doubled. */
static void put_path(FILE *out, const char *path)
{
    for (; *path; path++) {
        if (*path == '"' || *path == '\\')
            putc('\\', out);
        if (*path == ',')
            putc(',', out);
        putc(*path, out);
    }
}

/*
 * QEMU has made it with the mode that its umask left; the directory has kept others out meanwhile. That may be
 * the directory of QEMU's user, who could have put something else there.
 */
static int make_private(const char *path)
{
    int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC), err = 0;
    char link[32];
    struct stat st;

    if (fd < 0)
        return -errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (fstat(fd, &st) < 0)
        err = -errno;
    else if (!S_ISSOCK(st.st_mode))
        err = -ENOTSOCK;
    else if (chmod(link, 0600) < 0)
        err = -errno;
    close(fd);
    return err;
}

static int stop_listening(virDomainPtr dom, const char *path)
{
    char *answer = monitor(dom, "gdbserver none");

    if (!answer)
        return -1;
    free(answer);
    unlink(path);
    return 0;
}

int debug_open(virDomainPtr dom, const char *path, char error[256])
{
    char command[512], *answer;
    FILE *out = fmemopen(command, sizeof command, "w");
    int err;

    if (!out) {
        snprintf(error, 256, "%s", strerror(errno));
        return -1;
    }
    fprintf(out, "gdbserver \"unix:");
    put_path(out, path);
    fprintf(out, ",server=on,wait=off\"");
    fclose(out);
    unlink(path);
    answer = monitor(dom, command);
    if (!answer)
        return -1;
    err = make_private(path);
    if (err < 0)
        snprintf(error, 256, "QEMU does not listen for gdb: %.150s", answer[0] ? answer : strerror(-err));
    error[strcspn(error, "\r\n")] = '\0';
    free(answer);
    if (err < 0)
        stop_listening(dom, path);
    return err < 0 ? -1 : 0;
}

/* -1: libvirt's error. */
static int is_attached(virDomainPtr dom)
{
    char *answer = monitor(dom, "info chardev");
    const char *line = answer ? strstr(answer, "gdb: filename=") : NULL;
    int attached = !answer ? -1 : line && !strstr(line, "gdb: filename=disconnected:");

    free(answer);
    return attached;
}

/*
 * As gdb's "detach": QEMU forgets the breakpoints and lets the machine go on. The process is named, because QEMU
 * still takes us for the last gdb, which may have wanted that. 0 or -errno.
 */
static int detach(const char *path)
{
    static const char packet[] = "$D;1#b0";
    struct timeval patience = {.tv_sec = DETACH_SECS};
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), err = 0;
    char answer[64] = "";
    size_t len = 0;

    if (fd < 0)
        return -errno;
    snprintf(addr.sun_path, sizeof addr.sun_path, "%s", path);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) < 0 ||
        send(fd, packet, sizeof packet - 1, MSG_NOSIGNAL) < 0)
        err = -errno;
    while (err == 0 && !strstr(answer, "$OK#")) {
        ssize_t n = recv(fd, answer + len, sizeof answer - 1 - len, 0);

        if (n <= 0)
            err = n < 0 ? -errno : -EPIPE;
        else
            answer[len += (size_t)n] = '\0';
        if (strstr(answer, "$E"))
            err = -EPROTO;
    }
    close(fd);
    return err;
}

int debug_end(virDomainPtr dom, const char *path, char error[256])
{
    int attached = is_attached(dom), err;

    if (attached < 0)
        return -1;
    if (attached) {
        snprintf(error, 256, "gdb is attached: let it detach first");
        return -1;
    }
    err = detach(path);
    if (err < 0) {
        snprintf(error, 256, "QEMU does not let the machine go on: %s", strerror(-err));
        return -1;
    }
    return stop_listening(dom, path);
}

/* ---- on the loop ---- */

static void tell_where(struct client *client, const struct vm *vm)
{
    struct vmp_stub stub = {""};

    workdir_socket(&vm->d->work, vm->id, DEBUG_SOCKET, stub.path);
    client_send(client, VMP_STUB, &stub, sizeof stub);
    client_operation_done(client, NULL);
}

static void on_done(struct vm *vm, enum vm_job_kind kind, const char *error)
{
    struct client *client = vm->debugger;

    vm->debugger = NULL;
    if (!error)
        vm->debugged = kind == JOB_DEBUG;
    if (client) {
        client->debugs = NULL;
        if (error || kind == JOB_DEBUG_END)
            client_operation_done(client, error);
        else
            tell_where(client, vm);
    }
    vm_job_over(vm);
}

static const char *refusal(const struct vm *vm, bool end)
{
    if (vm->r->facts.far)
        return "the VM runs on another machine, whose debugging sockets cannot be reached from here";
    if (vm->debugger)
        return "another vm debug of this VM is under way";
    if (adrift(vm))
        return "its libvirtd does not answer now";
    if (end && !vm->debugged)
        return "the VM does not listen for gdb";
    if (end && vm->state == VM_SUSPENDED)
        return "the command is stopped: let it go on first, by fg or bg";
    return NULL;
}

void debug(struct client *client, const struct vmp_debug *ask)
{
    struct vm *vm = fleet_vm(client->d, ask->vm);
    bool end = ask->flags & DEBUG_END;
    const char *why;

    if (!vm || !vm->lease || vm->state == VM_ENDING) {
        client_send_error(client, VMP_ERROR, VMP_E_NO_VM, "no such VM that runs a command; vm ls lists them");
        return;
    }
    why = refusal(vm, end);
    if (why) {
        client_send_error(client, VMP_ERROR, VMP_E_INTERNAL, why);
    } else if (vm->debugged && !end) {
        tell_where(client, vm);
    } else if (vm_job_start(vm, end ? JOB_DEBUG_END : JOB_DEBUG, NULL, on_done)) {
        client->busy = true;
        client->debugs = vm;
        vm->debugger = client;
        vm->was_debugged = true;
    } else {
        client_send_error(client, VMP_ERROR, VMP_E_GONE, "the VM has ended");
    }
}

void debug_forget(struct client *client)
{
    if (client->debugs)
        client->debugs->debugger = NULL;
    client->debugs = NULL;
}
