/* boot.c - from the lease of a bootable image to its status. */
#include "boot.h"
#include "confine.h"
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define MS            1000000L
#define POLLS_MAX     24
#define FOREGROUND_MS 300     /* how often a background command looks whether it has come to the foreground */
#define GATHER_BYTES  64      /* a serial port brings bytes one by one: after less than this, */
#define GATHER_NS     1000000 /* more is waited for before they are read */
#define DELIVERY_NS   5000000000u /* for QEMU to end, and with it the console, after the guest has */

/* ---- its end ---- */

static void set_status(struct boot *boot, uint8_t status)
{
    if (boot->over)
        return;
    boot->over = true;
    boot->status = status;
    boot->over_at = boot->shim->at.exited = now_ns();
}

void boot_ended(struct boot *boot, uint32_t how)
{
    const uint8_t statuses[] = {[VMP_END_POWER_OFF] = boot->plan.power_off,
                                [VMP_END_RESET] = boot->plan.reset,
                                [VMP_END_PANIC] = boot->plan.panic,
                                [VMP_END_HALT] = boot->plan.halt};
    boot_hear(boot); /* a guest may say its status, and then power off */
    set_status(boot, how && how < sizeof statuses ? statuses[how] : STATUS_LOST);
}

void boot_hear(struct boot *boot)
{
    uint8_t byte;
    ssize_t n = boot->exit_fd < 0 ? -1 : recv(boot->exit_fd, &byte, 1, MSG_DONTWAIT);
    if (n > 0)
        set_status(boot, boot->plan.port_status[byte]);
    if (n == 0 || boot->over) {
        if (boot->exit_fd >= 0)
            close(boot->exit_fd);
        boot->exit_fd = -1;
    }
}

uint64_t boot_bytes_in(const struct boot *boot)
{
    return boot->feed.bytes;
}

/* The console ends with QEMU. */
static bool is_delivered(const struct boot *boot)
{
    const struct port *out = &boot->shim->out;
    return (out->fd < 0 && !out->writing) || boot->write_error ||
           (now_ns() - boot->over_at > DELIVERY_NS && !out->writing);
}

static _Noreturn void end(struct boot *boot)
{
    struct shim *shim = boot->shim;
    boot_net_end(&boot->net);
    if (boot->write_error) {
        report(shim, "cannot write standard output: %s", strerror(boot->write_error));
        report_failure(shim, STATUS_LOST);
    }
    shim->exited = boot->over;
    shim->end = (struct ctl_exited){.how = CTL_EXIT_STATUS, .value = boot->status};
    report_end(shim);
}

/* ---- standard output ---- */

/* As if it had written itself. A command that ignores SIGPIPE runs on, and what it writes goes nowhere. */
static void output_broken(struct port *port, void *owner)
{
    struct boot *boot = owner;
    int error = port->op.result < 0 ? (int)-port->op.result : EIO;
    if (error == EPIPE && !(boot->shim->signals.ignored >> (SIGPIPE - 1) & 1)) {
        close(boot->shim->vmprocd_fd); /* the VM's life */
        signals_die_of(SIGPIPE);
    }
    if (error != EPIPE)
        boot->write_error = error;
}

static void connect_output(struct boot *boot)
{
    struct port *out = &boot->shim->out;
    struct stat st;
    int fd = inherit_find(&boot->shim->inherit, 1) ? fcntl(1, F_DUPFD_CLOEXEC, 3) : -1;
    out->via = VIA_OUT;
    out->ops = &boot->shim->ops;
    out->broken = output_broken;
    out->owner = boot;
    out->unix_lines = boot->plan.unix_lines;
    out->awaited = boot->plan.input_after[0] ? boot->plan.input_after : NULL;
    if (fd < 0 || fstat(fd, &st))
        return; /* closed: what is written is dropped */
    out->target = file_new(fd, st.st_mode, boot->shim->p9.raw_terminal);
    if (!out->target)
        boot->write_error = ENOMEM;
}

unsigned boot_count_sockets(const struct boot *boot)
{
    return 1 + (boot->plan.exit_port ? 1u : 0) + (boot->plan.network ? 1u : 0);
}

void boot_take_sockets(struct boot *boot, const int fds[])
{
    unsigned next = 1;
    boot->shim->out.fd = fds[0];
    if (boot->plan.exit_port)
        boot->exit_fd = fds[next++];
    if (boot->plan.network)
        boot_net_attach(&boot->net, fds[next]);
}

/* ---- signals ---- */

#define BIT(signo) (1ull << ((signo)-1))
#define STOPS      (BIT(SIGTSTP) | BIT(SIGTTIN) | BIT(SIGTTOU))
#define HARMLESS   (BIT(SIGCHLD) | BIT(SIGURG) | BIT(SIGWINCH) | BIT(SIGCONT))

/* The VM stands still while the process does. */
static void stop(struct boot *boot, int signo)
{
    struct shim *shim = boot->shim;
    boot_feed_pause(&boot->feed);
    shim->ops.stopped = true;
    if (!boot->over)
        lease_suspend(shim);
    signals_default_action(signo);
    signals_take_continue();
    signals_discard_stops();
    if (!boot->over)
        lease_resume(shim);
    ops_resume(&shim->ops);
}

static void take_signals(struct boot *boot)
{
    struct shim *shim = boot->shim;
    bool typed;
    int signo;
    while ((signo = signals_next(&typed))) {
        if (signo == SIGCONT && !boot->over)
            lease_resume(shim); /* after SIGSTOP, which nobody can catch: vmprocd has paused the VM */
        if (BIT(signo) & (HARMLESS | shim->signals.ignored))
            continue;
        if (BIT(signo) & STOPS) {
            stop(boot, signo);
            continue;
        }
        close(shim->vmprocd_fd);
        signals_die_of(signo);
    }
    if (shim->out.writing && shim->out.op.place == OP_PARKED)
        stop(boot, SIGTTOU);
}

/* ---- the loop ---- */

/* Byte by byte each would cost a system call, of ours and of whoever reads our output. */
static void pump_output(struct boot *boot)
{
    struct port *out = &boot->shim->out;
    uint64_t before = out->received;
    port_pump(out);
    boot->gather = out->fd >= 0 && out->received - before < GATHER_BYTES;
}

static void turn(struct boot *boot)
{
    struct shim *shim = boot->shim;
    struct pollfd fds[POLLS_MAX];
    struct port *out = &shim->out;
    if (out->fd >= 0 && !boot->over && !out->awaited)
        boot_feed_advance(&boot->feed);
    short room = out->fd < 0 || boot->over || out->awaited ? 0
                 : boot_feed_wants_room(&boot->feed)       ? POLLOUT
                                                           : 0;
    long timeout = boot->gather                                  ? GATHER_NS
                   : boot->over                                  ? 100 * MS
                   : boot_feed_waits_for_foreground(&boot->feed) ? FOREGROUND_MS * MS
                                                                 : -1;
    struct timespec limit = {0, timeout};
    const sigset_t *mask =
        ops_in_thread(&shim->ops) ? &shim->signals.wait_mask_worker : &shim->signals.wait_mask;
    unsigned n, net, ready;
    fds[0] =
        (struct pollfd){.fd = out->fd, .events = (short)((out->writing || boot->gather ? 0 : POLLIN) | room)};
    if (!fds[0].events)
        fds[0].fd = -1; /* a console that has ended would say so again and again */
    fds[1] = (struct pollfd){.fd = boot->exit_fd, .events = POLLIN};
    fds[2] = (struct pollfd){.fd = shim->vmprocd_fd, .events = POLLIN};
    fds[3] = (struct pollfd){.fd = shim->args.lifeline_fd, .events = 0};
    net = boot_net_poll_set(&boot->net, fds + 4);
    n = 4 + net;
    n += ops_poll_set(&shim->ops, fds + n, POLLS_MAX - n);
    ready = ppoll(fds, n, timeout < 0 ? NULL : &limit, mask) > 0;
    take_signals(boot);
    if (boot->gather)
        boot->gather = false; /* in the next turn */
    else if (ready && fds[0].revents && !out->writing)
        pump_output(boot);
    if (ready)
        ops_polled(&shim->ops, fds + 4 + net, n - 4 - net);
    if (ready)
        boot_net_polled(&boot->net, fds + 4, net);
    if (ready && fds[1].revents)
        boot_hear(boot);
    if (ready && fds[2].revents) {
        lease_receive(shim);
        boot_net_answer(&boot->net);
    }
    if (ready && fds[3].revents & POLLHUP)
        loop_look_at_lifeline(shim);
}

/* The guest's word is enough: its VM goes, and its console with it. */
static void leave_vm(struct shim *shim)
{
    if (shim->vmprocd_fd >= 0)
        close(shim->vmprocd_fd);
    shim->vmprocd_fd = -1;
}

_Noreturn void boot_run(struct shim *shim)
{
    static struct boot boot = {.exit_fd = -1, .net.control = -1};
    shim->boot = &boot;
    boot.shim = shim;
    if (boot_plan_read(&boot.plan, shim->args.boot_fd)) {
        report(shim, "vmproc-run is started by vmproc-spec for images");
        report_failure(shim, STATUS_NO_VM);
    }
    if (boot.plan.network)
        boot_net_start(&boot.net, shim);
    lease_take(shim);
    signals_catch(&shim->signals);
    connect_output(&boot);
    boot_feed_start(&boot.feed, &shim->ops, shim->out.fd, boot.plan.input);
    shim->at.sent = shim->at.started = now_ns();
    lease_announce(shim);
    confine_calls(false);
    while (!shim->lost && !boot.write_error && !boot.over)
        turn(&boot);
    leave_vm(shim);
    while (boot.over && !is_delivered(&boot))
        turn(&boot);
    end(&boot);
}
