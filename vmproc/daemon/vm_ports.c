#include "vm_ports.h"
#include "daemon.h"
#include "far_tsc.h"
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char *const port_names[VM_NPORTS] = {
    [VM_CTL] = GUEST_PORT_CTL, [VM_9P] = GUEST_PORT_9P, [VM_OUT] = GUEST_PORT_OUT, [VM_ERR] = GUEST_PORT_ERR};

/* ---- what a warm guest says ---- */

static void now_ready(struct vm *vm)
{
    vm->ready = true;
    if (vm->state == VM_STARTING && vm->created)
        vm_event(vm, VM_EV_READY, NULL);
}

static void got_ready(struct vm *vm, const void *body, uint32_t len)
{
    struct ctl_ready ready;

    memcpy(&ready, body, sizeof ready);
    if (ready.abi != GUEST_ABI_VERSION) {
        vm_event(vm, VM_EV_FAILED, "guest.elf speaks another version; run make");
        return;
    }
    vm->has_rings = ready.rings;
    if (!far_tsc_asks(vm))
        now_ready(vm);
}

static void got_tsc(struct vm *vm, const void *body, uint32_t len)
{
    struct ctl_tsc answer;

    memcpy(&answer, body, sizeof answer);
    if (vm->far_tsc.asked_ns && far_tsc_answered(vm, answer.tsc))
        now_ready(vm);
}

static void got_log(struct vm *vm, const void *body, uint32_t len)
{
    log_line("%s: guest: %.*s", vm->name, (int)len, (const char *)body);
}

/* The only messages of a guest that has not been told to run something. */
static const struct {
    uint16_t type;
    uint32_t min;
    void (*got)(struct vm *vm, const void *body, uint32_t len);
} messages[] = {
    {CTL_READY, sizeof(struct ctl_ready), got_ready},
    {CTL_TSC, sizeof(struct ctl_tsc), got_tsc},
    {CTL_LOG, 0, got_log},
};

/* Takes one frame off vm->in. false: there is none that is whole, or the VM has failed. */
static bool take_frame(struct vm *vm)
{
    struct ctl_head head;

    if (vm->in_len < sizeof head)
        return false;
    memcpy(&head, vm->in, sizeof head);
    if (head.len <= sizeof vm->in - sizeof head) {
        if (vm->in_len < sizeof head + head.len)
            return false;
        for (unsigned i = 0; i < sizeof messages / sizeof *messages; i++) {
            if (messages[i].type != head.type || head.len < messages[i].min)
                continue;
            vm->in_len -= sizeof head + head.len;
            messages[i].got(vm, vm->in + sizeof head, head.len);
            memmove(vm->in, vm->in + sizeof head + head.len, vm->in_len);
            return vm->port[VM_CTL] >= 0;
        }
    }
    vm_event(vm, VM_EV_FAILED, "the guest sent what is no message of a waiting guest");
    return false;
}

static void on_ctl(uv_poll_t *poll, int status, int events)
{
    struct vm *vm = poll->data;
    ssize_t n = recv(vm->port[VM_CTL], vm->in + vm->in_len, sizeof vm->in - vm->in_len, MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        /* Before libvirt's create returns that will say better what happened. */
        if (vm->state == VM_STARTING && !vm->created)
            uv_poll_stop(poll);
        else
            vm_event(vm, VM_EV_GONE, "its QEMU closed port ctl");
        return;
    }
    vm->in_len += (size_t)n;
    while (take_frame(vm))
        ;
}

/* ---- opening and closing ---- */

static int connect_port(struct vm *vm, enum vm_port port)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int fd;

    if (vm->r->facts.far) { /* a job has opened it */
        fd = vm->arrived[port];
        vm->arrived[port] = -1;
        return fd < 0 ? -ENOTCONN : fd;
    }
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    workdir_socket(&vm->d->work, vm->id, port_names[port], addr.sun_path);
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) < 0) {
        int err = -errno;

        log_line("%s: %s: %s", vm->name, addr.sun_path, strerror(errno));
        close(fd);
        return err;
    }
    fcntl(fd, F_SETFL, 0); /* O_NONBLOCK would stay on for the shim; here recv(2) is told each time */
    return fd;
}

/* Takes fd over. */
static int read_ctl(struct vm *vm, int fd)
{
    int err = uv_poll_init(&vm->d->loop, &vm->ctl, fd);
    if (err < 0) {
        close(fd);
        return err;
    }
    vm->port[VM_CTL] = fd;
    vm->ctl.data = vm;
    vm->handles++;
    uv_poll_start(&vm->ctl, UV_READABLE, on_ctl);
    return 0;
}

int vm_ports_open_ctl(struct vm *vm)
{
    int fd = connect_port(vm, VM_CTL);

    return fd < 0 ? fd : read_ctl(vm, fd);
}

void vm_ports_take_back(struct vm *vm, int ctl)
{
    vm->back_fd = ctl;
    vm->in_len = 0;
    vm->ready = false;
}

int vm_ports_reopen(struct vm *vm)
{
    int fd = vm->back_fd, err;

    vm->back_fd = -1;
    err = read_ctl(vm, fd);
    return err < 0 ? err : vm_ports_open_rest(vm);
}

int vm_ports_open_rest(struct vm *vm)
{
    for (unsigned i = 0; i < VM_NPORTS; i++) {
        if (vm->port[i] < 0)
            vm->port[i] = connect_port(vm, i);
        if (vm->port[i] < 0)
            return -ENOTCONN; /* the VM has failed, which closes the others */
    }
    return 0;
}

/* Before the descriptor leaves or closes: epoll would go on watching its duplicate. */
static void stop_polling(struct vm *vm)
{
    uv_poll_stop(&vm->ctl);
    uv_close((uv_handle_t *)&vm->ctl, vm_handle_closed);
}

void vm_ports_take(struct vm *vm, int fds[VM_NPORTS], bool hold)
{
    stop_polling(vm);
    if (hold && vm->hold_fd < 0) /* it may be leased again while the same successor is still being started */
        vm->hold_fd = fcntl(vm->port[VM_CTL], F_DUPFD_CLOEXEC, 3);
    for (unsigned i = 0; i < VM_NPORTS; i++) {
        fds[i] = vm->port[i];
        vm->port[i] = -1;
    }
}

void vm_ports_close(struct vm *vm)
{
    int fds[VM_NPORTS];

    if (vm->port[VM_CTL] >= 0) {
        vm_ports_take(vm, fds, false);
        for (unsigned i = 0; i < VM_NPORTS; i++)
            if (fds[i] >= 0)
                close(fds[i]);
    }
    for (unsigned i = 0; i < VM_NPORTS; i++) {
        if (vm->arrived[i] >= 0)
            close(vm->arrived[i]);
        vm->arrived[i] = -1;
    }
    if (vm->back_fd >= 0)
        close(vm->back_fd);
    vm->back_fd = -1;
    vm_release_hold(vm);
}
