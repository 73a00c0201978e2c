/* handler.c - the shims that the listener starts. */
#include "listen.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NS 1000000000u

static void add(struct child_fd *fds, unsigned *n, int fd, int to)
{
    if (fd >= 0)
        fds[(*n)++] = (struct child_fd){fd, to};
}

static mode_t current_umask(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return mask;
}

static struct handler *free_place(struct listener *l)
{
    struct handler *h = l->handler;
    while (h->pid)
        h++;
    return h;
}

void handler_start(struct listener *l, int input, int output, const char *label)
{
    struct child_fd fds[8];
    struct child_plan plan = {
        .program = l->shim,
        .argv = l->argv,
        .envp = environ,
        .fds = fds,
        .cwd = l->cwd,
        .umask = current_umask(),
        .pgid = -1,
        .ignored = l->ignored,
        .blocked = l->blocked,
    };
    const struct shim_args *args = &l->args;
    const int own[] = {args->lifeline_fd, args->usage_fd, args->events_fd, args->policy_fd, args->program_fd};
    struct handler *h = free_place(l);
    pid_t pid;
    add(fds, &plan.nfds, input, 0);
    add(fds, &plan.nfds, output, 1);
    add(fds, &plan.nfds, 2, 2);
    for (unsigned i = 0; i < sizeof own / sizeof *own; i++)
        add(fds, &plan.nfds, own[i], own[i]);
    for (int i = 0; i < RLIM_NLIMITS; i++)
        getrlimit((__rlimit_resource_t)i, &plan.limits[i]);
    pid = child_start(&plan);
    if (pid < 0) {
        listen_say(l, "%s: no handler: %s", label, strerror(-pid));
        l->failed++;
        return;
    }
    *h = (struct handler){.pid = pid, .end_at = NO_TIME};
    if (l->trigger.seconds)
        h->end_at = listen_now() + (uint64_t)l->trigger.seconds * NS;
    strncpy(h->label, label, sizeof h->label - 1);
    l->running++;
}

static void ended(struct listener *l, struct handler *h, int status)
{
    if (WIFSIGNALED(status))
        listen_say(l, "%s: handler %d: killed by signal %d%s", h->label, h->pid, WTERMSIG(status),
                   h->late ? ": its time was up" : "");
    else if (WEXITSTATUS(status))
        listen_say(l, "%s: handler %d: status %d", h->label, h->pid, WEXITSTATUS(status));
    l->failed += status != 0;
    h->pid = 0;
    l->running--;
}

void handlers_reap(struct listener *l)
{
    pid_t pid;
    int status;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (unsigned i = 0; i < l->trigger.max; i++)
            if (l->handler[i].pid == pid)
                ended(l, &l->handler[i], status);
}

static void end(struct handler *h, uint64_t now)
{
    kill(h->pid, h->told ? SIGKILL : SIGTERM);
    if (!h->told)
        kill(h->pid, SIGCONT); /* one that is stopped hears nothing else */
    h->told = true;
    h->end_at = now + PATIENCE_SECS * (uint64_t)NS;
}

uint64_t handlers_end_late(struct listener *l)
{
    uint64_t now = listen_now(), next = NO_TIME;
    for (unsigned i = 0; i < l->trigger.max; i++) {
        struct handler *h = &l->handler[i];
        if (h->pid && h->end_at <= now) {
            h->late |= !h->told;
            end(h, now);
        }
        if (h->pid && h->end_at < next)
            next = h->end_at;
    }
    return next;
}

void handlers_end(struct listener *l)
{
    for (unsigned i = 0; i < l->trigger.max; i++)
        if (l->handler[i].pid && !l->handler[i].told)
            end(&l->handler[i], listen_now());
}
