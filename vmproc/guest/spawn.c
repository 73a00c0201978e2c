/* spawn.c - what a fork has become, told to the host. */
#include "spawn.h"

#include <linux/errno.h>

#include "child.h"
#include "file.h"
#include "fork.h"
#include "kmem.h"
#include "lib.h"
#include "posixtimer.h"
#include "process.h"
#include "sched.h"
#include "task.h"
#include "thread.h"
#include "userstrings.h"
#include "writeback.h"

struct message {
    struct ctl_spawn head;
    struct ctl_spawn_fd *fds;
    uint32_t fds_room;
    const char *path, *cwd;
    struct user_strings strings;
};

/* The descriptors that the child is to have. What cannot leave this machine is not among them. */
static int share_descriptors(struct message *m)
{
    m->fds_room = fd_limit();
    m->fds = buffer_alloc(m->fds_room * sizeof *m->fds);
    if (!m->fds)
        return -ENOMEM;
    for (uint32_t fd = 0; fd < m->fds_room; fd++) {
        struct file *f = fd_file(fd);
        if (!f || fd_cloexec(fd) || !f->ops->share)
            continue;
        int64_t from = file_share(f);
        if (from < 0)
            return (int)from;
        m->fds[m->head.nfds++] = (struct ctl_spawn_fd){fd, (uint32_t)from};
    }
    return 0;
}

/* The host knows a VM by another number than a fork's parent does. */
static uint32_t group_on_host(uint32_t pgid)
{
    struct child *c = current->leader->parent ? current->leader->parent->children : NULL;
    while (c && c->pid != pgid)
        c = c->next;
    return c && c->host_pid ? c->host_pid : pgid;
}

static void fill_head(struct ctl_spawn *h)
{
    uint64_t ignored = 0;
    for (int i = 0; i < NSIGNALS; i++)
        if (current->leader->signals.action[i].handler == (uint64_t)SIG_IGN)
            ignored |= SIGNAL_BIT(i + 1);
    h->umask = current->leader->umask;
    h->sig_ignored_lo = (uint32_t)ignored;
    h->sig_ignored_hi = (uint32_t)(ignored >> 32);
    h->sig_blocked_lo = (uint32_t)current->signals.blocked;
    h->sig_blocked_hi = (uint32_t)(current->signals.blocked >> 32);
    memcpy(h->rlimit, current->leader->rlimit, sizeof h->rlimit);
    if (current->leader == &first_task)
        return;
    if (current->leader->sid == current->pid) {
        h->flags |= SPAWN_SESSION;
    } else if (current->leader->pgid != first_task.pgid) {
        h->flags |= SPAWN_PGROUP;
        h->pgid = current->leader->pgid == current->pid ? 0 : group_on_host(current->leader->pgid);
    }
}

static char *put(char *at, const void *bytes, uint64_t n)
{
    memcpy(at, bytes, n);
    return at + n;
}

/* The message in pieces; its id and length, or -ENOMEM. */
static int send_pieces(const struct message *m, uint32_t *id, uint64_t *len)
{
    static uint32_t last_id;
    uint64_t fds = m->head.nfds * sizeof *m->fds, size = sizeof m->head + fds + m->head.strings_len;
    char *bytes = buffer_alloc(size), *at = bytes;
    if (!bytes)
        return -ENOMEM;
    at = put(at, &m->head, sizeof m->head);
    at = put(at, m->fds, fds);
    at = put(at, m->path, strlen(m->path) + 1);
    at = put(at, m->cwd, strlen(m->cwd) + 1);
    put(at, m->strings.bytes, m->strings.len);
    *id = ++last_id;
    *len = size;
    for (uint64_t done = 0; done < size; done += CTL_MAX_PIECE)
        ctl_send_piece(*id, bytes + done, (uint32_t)MIN(size - done, CTL_MAX_PIECE));
    buffer_free(bytes, size);
    return 0;
}

static int64_t ask(const struct message *m)
{
    uint32_t id;
    uint64_t len;
    int error = send_pieces(m, &id, &len);
    if (error)
        return error;
    child_spawning();
    int64_t pid = ctl_call(&(struct ctl_request){.op = CALL_SPAWN, .a = id, .b = (int64_t)len});
    if (pid < 0)
        child_spawned(NULL, NULL, 0);
    return pid;
}

/* Signals that came too late for the fork are its successor's. */
static void forward_signals(int64_t pid)
{
    struct signal_source source;
    int signo;
    current->signals.blocked = ~0ul;
    while ((signo = signal_take(~0ul, &source)) != 0)
        ctl_call(&(struct ctl_request){.op = CALL_KILL, .a = pid, .b = signo});
}

/* Our process stays, since forks or pumps of this machine do: it does nothing but pass on signals and the
 * end. */
static NORETURN void stand_for(int64_t pid)
{
    thread_end_others();
    struct task *self = current->leader;
    struct child *c = child_new(self, self);
    for (int i = 0; i < NSIGNALS; i++)
        self->signals.action[i] = (struct ksigaction){0};
    current->signals.blocked = 0;
    child_spawned(self, c, (uint32_t)pid);
    for (uint32_t fd = 0; fd < fd_limit(); fd++)
        fd_close(fd);
    while (c && !c->ended) {
        struct signal_source source;
        int signo = signal_take(~0ul, &source);
        if (signo && signo != SIGCHLD)
            ctl_call(&(struct ctl_request){.op = CALL_KILL, .a = pid, .b = signo});
        else if (!signo)
            waitq_sleep(&self->child_wait, NO_DEADLINE, true);
    }
    int status = c ? c->status : CHILD_EXITED(126);
    if (status & 0x7f)
        process_end(CTL_EXIT_SIGNAL, (uint32_t)status & 0x7f);
    process_end(CTL_EXIT_STATUS, (uint32_t)status >> 8 & 0xff);
}

long spawn_exec(const char *path, uint64_t argv, uint64_t envp)
{
    struct message m = {.path = path, .cwd = current->leader->cwd_special ? "/" : current->leader->cwd};
    long error = user_strings_get(&m.strings, argv, envp);
    if (error)
        return error;
    if (strcmp(path, "/proc/self/exe") == 0)
        m.path = current->leader->exe;
    m.head.nargv = m.strings.argc;
    m.head.nenv = m.strings.envc;
    m.head.strings_len = (uint32_t)(strlen(m.path) + strlen(m.cwd) + 2 + m.strings.len);
    fill_head(&m.head);
    writeback_all(); /* the child reads files, not our memory */
    int64_t pid = share_descriptors(&m);
    if (current->leader == &first_task && !sched_is_shared())
        m.head.flags = SPAWN_REPLACE; /* it ends this machine */
    if (!pid)
        pid = ask(&m);
    if (m.fds)
        buffer_free(m.fds, m.fds_room * sizeof *m.fds);
    user_strings_free(&m.strings);
    if (pid < 0)
        return (long)pid;
    posix_timers_delete_all(current->leader);
    if (current->leader == &first_task)
        stand_for(pid);
    forward_signals(pid);
    fork_becomes_vm((uint32_t)pid);
}
