/*
 * main.c - NAME TRIGGER OPTIONS PATH ARGV0 ARG...: executed by vmproc-spec in place of the shim, whose arguments
 * are those from OPTIONS on.
 *
 * It forks, and so links the C library alone; it keeps no VM itself. Signals come by signalfd(2), so that each turn
 * of the loop deals with what has happened in one place.
 */
#include "listen.h"
#include "vmproc/parts.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#define NS             1000000000u
#define STATUS_NOT_RUN 126
#define STATUS_FAILED  1
#define BIT(signo)     (1ull << ((signo)-1))

static const int handled[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGCHLD};

uint64_t listen_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * NS + (uint64_t)t.tv_nsec;
}

static void say(const struct listener *l, const char *format, va_list args)
{
    const char *slash = strrchr(l->name, '/');
    char line[512];
    int n = snprintf(line, sizeof line, "fleetsh: %.100s: ", slash ? slash + 1 : l->name);
    n += vsnprintf(line + n, sizeof line - (size_t)n - 1, format, args);
    n = n < (int)sizeof line - 1 ? n : (int)sizeof line - 2;
    line[n++] = '\n';
    if (write(2, line, (size_t)n) < 0) /* there is nobody else to tell */
        return;
}

void listen_say(const struct listener *l, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(l, format, args);
    va_end(args);
}

void listen_fail(const struct listener *l, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(l, format, args);
    va_end(args);
    exit(STATUS_FAILED);
}

/* ---- the start ---- */

static void note_signals(struct listener *l)
{
    sigset_t mask;
    struct sigaction action;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    for (int signo = 1; signo < NSIG; signo++) {
        if (sigismember(&mask, signo) == 1)
            l->blocked |= BIT(signo);
        if (sigaction(signo, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
            l->ignored |= BIT(signo);
    }
}

/* What the shell has us ignore, as in the background, is not asked for. */
static int open_signals(const struct listener *l)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof handled / sizeof *handled; i++)
        if (!(l->ignored & BIT(handled[i])))
            sigaddset(&set, handled[i]);
    sigaddset(&set, SIGCHLD);
    signal(SIGCHLD, SIG_DFL);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void start(struct listener *l, int argc, char **argv)
{
    if (argc < 5 || !trigger_parse(&l->trigger, argv[1]) || shim_args_parse(&l->args, argv[2])) {
        fprintf(stderr, "vmproc-listen: is started by fleetsh; see fleetsh-image(5)\n");
        exit(STATUS_NOT_RUN);
    }
    l->name = argv[0];
    l->argv = argv + 1;
    l->argv[0] = "vmproc-run";
    prctl(PR_SET_NAME, l->name);
    note_signals(l);
    if (!getcwd(l->cwd, sizeof l->cwd))
        strcpy(l->cwd, "/");
    l->handler = calloc(l->trigger.max, sizeof *l->handler);
    if (!l->handler)
        listen_fail(l, "out of memory");
    if (l->trigger.kind == TRIGGER_CONNECTION)
        connections_open(l);
    else
        records_open(l);
}

/* ---- the loop ---- */

static void stop_listening(struct listener *l)
{
    if (l->socket >= 0)
        close(l->socket); /* who waited there is refused */
    l->socket = -1;
    if (l->state == LISTENING)
        l->state = DRAINING;
}

static void on_signal(struct listener *l, int signo)
{
    if (signo == SIGCHLD)
        return;
    if (l->state == LISTENING && (signo == SIGTERM || signo == SIGHUP)) {
        l->drain_at = listen_now() + (uint64_t)l->trigger.drain * NS;
        stop_listening(l);
        return;
    }
    stop_listening(l);
    l->state = ENDING;
    l->died_of = signo;
    handlers_end(l);
}

/* Hang-up with nothing in it: the shell was killed. A byte: it has left in order, and we stay. */
static void look_at_lifeline(struct listener *l)
{
    int queued = 0;
    if (ioctl(l->args.lifeline_fd, FIONREAD, &queued) == 0 && queued == 0) {
        on_signal(l, SIGHUP);
        on_signal(l, SIGHUP);
    }
    l->args.lifeline_fd = -1; /* handlers have had theirs; those to come need none */
}

static bool wants_more(const struct listener *l)
{
    return l->state == LISTENING && l->running < l->trigger.max;
}

static int timeout_until(uint64_t at)
{
    uint64_t now = listen_now();
    return at == NO_TIME ? -1 : at <= now ? 0 : (int)((at - now) / 1000000 + 1);
}

static void turn(struct listener *l, int signals)
{
    struct signalfd_siginfo info;
    bool records = l->records != NULL,
         read_more = wants_more(l) && records && !records_ready(l) && !records_ended(l);
    uint64_t next = handlers_end_late(l);
    struct pollfd fds[] = {
        {.fd = signals, .events = POLLIN},
        {.fd = l->args.lifeline_fd, .events = 0},
        {.fd = wants_more(l) ? l->socket : -1, .events = POLLIN},
        {.fd = read_more ? 0 : -1, .events = POLLIN},
    };
    if (l->state == DRAINING && l->drain_at && l->drain_at < next)
        next = l->drain_at;
    if (poll(fds, sizeof fds / sizeof *fds, timeout_until(next)) < 0 && errno != EINTR)
        listen_fail(l, "poll: %s", strerror(errno));
    while (read(signals, &info, sizeof info) == sizeof info)
        on_signal(l, (int)info.ssi_signo);
    handlers_reap(l);
    if (fds[1].revents & POLLHUP)
        look_at_lifeline(l);
    if (fds[2].revents && wants_more(l))
        connections_take(l);
    if (fds[3].revents && wants_more(l))
        records_fill(l);
    if (l->state == DRAINING && l->drain_at && l->drain_at <= listen_now()) {
        l->state = ENDING;
        handlers_end(l);
    }
}

_Noreturn static void end_of(int signo)
{
    sigset_t set;
    signal(signo, SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, signo);
    raise(signo);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    exit(128 + signo);
}

int main(int argc, char **argv)
{
    static struct listener l = {.socket = -1};
    int signals;
    start(&l, argc, argv);
    signals = open_signals(&l);
    if (signals < 0 || part_find(PART_SHIM, l.shim))
        listen_fail(&l, "vmproc-run is missing");
    while (l.state == LISTENING || l.running) {
        while (l.records && wants_more(&l) && records_ready(&l))
            records_take(&l);
        if (l.records && l.state == LISTENING && records_ended(&l))
            stop_listening(&l);
        if (l.state == LISTENING || l.running)
            turn(&l, signals);
    }
    if (l.died_of)
        end_of(l.died_of);
    return l.records && l.failed ? STATUS_FAILED : 0;
}
