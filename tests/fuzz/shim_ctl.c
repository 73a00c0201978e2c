/* shim_ctl.c - the control port fed with whatever a guest could send: framing, calls, cancels, logs. */
#include "tests/fuzz/network.h"
#include "vmproc/client/child.h"
#include "vmproc/shim/call.h"
#include "vmproc/shim/shim.h"
#include "vmproc/shim/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* A spawn message that is well formed goes all the way to the start of a process, and ends there. */
pid_t __wrap_child_start(const struct child_plan *plan)
{
    return -EAGAIN;
}

int __wrap_child_replace(const struct child_plan *plan)
{
    return -EAGAIN;
}

static void ignore(struct port *port, void *owner)
{
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct rlimit size = {1 << 20, 1 << 20};
    struct signals signals;
    setrlimit(RLIMIT_FSIZE, &size);
    signals_catch(&signals);
    pthread_sigmask(SIG_SETMASK, &signals.wait_mask, NULL);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGALRM, SIG_DFL);
    return 0;
}

static void describe(struct inherited *f, uint32_t number, int fd, mode_t mode)
{
    f->info = (struct ctl_fd){
        .fd = number, .same_as = number, .mode = mode, .read_via = VIA_FID, .write_via = VIA_FID};
    f->file = (struct file){.fd = fd, .class = file_class_of(mode)};
}

/* What pieces and calls have left; the shim itself leaves it to the end of its process. */
static void release(struct shim *shim)
{
    struct inherited *f;
    while (shim->children.pending)
        spawn_forget(shim, shim->children.pending->id);
    free(shim->children.pid);
    while ((f = shim->inherit.added)) {
        shim->inherit.added = f->next;
        if (f->file.fd >= 0)
            close(f->file.fd);
        free(f->socket);
        free(f);
    }
    fuzz_network_end(&shim->network, &shim->resolver);
}

static void run_ops(struct shim *shim)
{
    struct pollfd fds[64];
    unsigned n = ops_poll_set(&shim->ops, fds, 64);
    if (poll(fds, n, 0) > 0)
        ops_polled(&shim->ops, fds, n);
}

static void drain(int fd)
{
    char sink[65536];
    while (recv(fd, sink, sizeof sink, MSG_DONTWAIT) > 0)
        ;
}

static void feed(struct shim *shim, int guest, const uint8_t *data, size_t size)
{
    while (size && !shim->lost) {
        size_t len = size < 1000 ? size : 1000;
        if (send(guest, data, len, MSG_DONTWAIT) != (ssize_t)len)
            abort();
        data += len;
        size -= len;
        ctl_receive(shim);
        shim->out.delivered += 100;
        calls_advance(shim);
        run_ops(shim);
        drain(guest);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct workers *workers;
    struct inherited fds[3] = {0};
    static struct shim shim;
    int ctl[2], pipe_fds[2], file = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, ctl) || pipe(pipe_fds))
        abort();
    /* No inherited descriptor below 10: closing one would put a placeholder on the fuzzer's own. */
    describe(&fds[0], 0, fcntl(file, F_DUPFD_CLOEXEC, 10), S_IFREG);
    describe(&fds[1], 1, fcntl(pipe_fds[0], F_DUPFD_CLOEXEC, 10), S_IFIFO);
    describe(&fds[2], 2, fcntl(pipe_fds[1], F_DUPFD_CLOEXEC, 10), S_IFIFO);
    close(file), close(pipe_fds[0]), close(pipe_fds[1]);
    shim =
        (struct shim){.name = "fuzz", .ctl.fd = ctl[0], .vmprocd_fd = -1, .inherit = {.fd = fds, .count = 3}};
    shim.ops.workers = workers;
    fuzz_network(&shim.network, &shim.resolver);
    signal(SIGXFSZ, SIG_IGN); /* libFuzzer has set its own since */
    shim.out = (struct port){.via = VIA_OUT, .fd = -1, .ops = &shim.ops, .broken = ignore, .owner = &shim};
    shim.err = (struct port){.via = VIA_ERR, .fd = -1, .ops = &shim.ops, .broken = ignore, .owner = &shim};
    feed(&shim, ctl[1], data, size);
    while (shim.calls) {
        call_cancel(&shim, call_id(shim.calls));
        run_ops(&shim);
    }
    release(&shim);
    workers = shim.ops.workers;
    for (int i = 0; i < 3; i++)
        if (fds[i].file.fd >= 0)
            close(fds[i].file.fd);
    free(shim.ctl_in);
    free(shim.ctl.queue);
    close(ctl[0]), close(ctl[1]);
    return 0;
}
