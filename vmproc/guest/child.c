/* child.c - records of children. */
#include "child.h"

#include "kmem.h"
#include "sched.h"

#ifndef SA_NOCLDSTOP
#define SA_NOCLDSTOP 1u
#endif
#ifndef SA_NOCLDWAIT
#define SA_NOCLDWAIT 2u
#endif

/* A CTL_CHILD for nobody yet. */
struct early {
    struct early *next;
    struct ctl_child message;
};

static struct early *early;
static unsigned spawning;

struct child *child_new(struct task *parent, struct task *task)
{
    struct child *c = kmalloc(sizeof *c);
    if (!c)
        return NULL;
    *c = (struct child){.next = parent->children, .pid = task->pid, .pgid = task->pgid, .task = task};
    parent->children = c;
    return c;
}

void child_forget(struct task *parent, struct child *c)
{
    struct child **at = &parent->children;
    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    kfree(c);
}

struct child *child_record(const struct task *task)
{
    const struct task *leader = task->leader, *parent = leader->parent;
    struct child *c = parent ? parent->children : NULL;
    while (c && c->task != leader)
        c = c->next;
    return c;
}

struct child *child_with_signal_due(void)
{
    for (struct task *t = sched_first(); t; t = t->next)
        for (struct child *c = t->children; c; c = c->next)
            if (c->signal_due)
                return c;
    return NULL;
}

static int32_t code_of(int status)
{
    if (status == CHILD_CONTINUED)
        return CLD_CONTINUED;
    if ((status & 0xff) == 0x7f)
        return CLD_STOPPED;
    return status & 0x7f ? CLD_KILLED : CLD_EXITED;
}

static uint64_t value_of(int status)
{
    return status == CHILD_CONTINUED                  ? SIGCONT
           : status & 0x7f && (status & 0x7f) != 0x7f ? status & 0x7f
                                                      : status >> 8 & 0xff;
}

struct signal_source child_source(const struct child *c)
{
    return (struct signal_source){
        .code = code_of(c->status), .pid = c->pid, .uid = current->uid, .value = value_of(c->status)};
}

void child_changed(struct task *parent, struct child *c, int status)
{
    const struct ksigaction *action = &parent->signals.action[SIGCHLD - 1];
    bool end = child_status_is_end(status);
    bool unwanted = action->handler == (uint64_t)SIG_IGN || action->flags & SA_NOCLDWAIT;
    c->status = status;
    c->news = true;
    c->ended = end;
    struct signal_source source = child_source(c);
    if (end || !(action->flags & SA_NOCLDSTOP))
        signal_send(parent, SIGCHLD, &source);
    if (end && unwanted)
        child_forget(parent, c);
    waitq_wake(&parent->child_wait);
}

void child_orphan_all(struct task *t)
{
    while (t->children) {
        struct child *c = t->children;
        if (c->task) {
            c->task->parent = NULL;
            c->task->ppid = 1;
        }
        child_forget(t, c);
    }
}

static void take_usage(struct child *c, const struct ctl_child *m)
{
    c->user_ns = m->user_ns;
    c->system_ns = m->system_ns;
    c->max_rss_bytes = m->max_rss_bytes;
}

void child_of_host_changed(const struct ctl_child *m)
{
    for (struct task *t = sched_first(); t; t = t->next)
        for (struct child *c = t->children; c; c = c->next)
            if (c->host_pid == m->pid && !c->ended) {
                take_usage(c, m);
                child_changed(t, c, m->status);
                return;
            }
    struct early *e = spawning ? kmalloc(sizeof *e) : NULL;
    if (!e)
        return;
    *e = (struct early){.next = NULL, .message = *m};
    struct early **at = &early;
    while (*at)
        at = &(*at)->next;
    *at = e;
}

void child_spawning(void)
{
    spawning++;
}

void child_spawned(struct task *parent, struct child *c, uint32_t host_pid)
{
    struct early **at = &early;
    spawning--;
    if (c && host_pid) {
        c->host_pid = host_pid;
        c->task = NULL;
    }
    while (*at) {
        struct early *e = *at;
        bool ours = host_pid && e->message.pid == host_pid;
        if (!ours && spawning) {
            at = &e->next;
            continue;
        }
        *at = e->next;
        if (ours && c) {
            bool end = child_status_is_end(e->message.status);
            take_usage(c, &e->message);
            child_changed(parent, c, e->message.status);
            if (end)
                c = NULL; /* it may be gone */
        }
        kfree(e);
    }
}
