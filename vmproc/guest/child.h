/*
 * child.h - what wait(2) knows: the children of each task. A child is a fork in this machine, or, once that
 * has executed a program, a VM of its own, known by the process that stands for it on the host.
 */
#ifndef GUEST_CHILD_H
#define GUEST_CHILD_H

#include "ctl.h"
#include "task.h"

struct child {
    struct child *next;
    uint32_t pid, pgid;
    uint32_t host_pid; /* 0: it is or was a fork in this machine */
    struct task *task; /* the fork while it lives */
    bool ended;
    bool signal_due; /* kill(2) has found it */
    bool news;       /* status has not been reported by wait(2) */
    int status;      /* as wait(2) has it */
    uint64_t user_ns, system_ns, max_rss_bytes;
};

/* A record among parent's children; NULL: no memory. */
struct child *child_new(struct task *parent, struct task *task);
/* Takes it out and frees it. */
void child_forget(struct task *parent, struct child *c);
/* The record that parent has of a fork; NULL when nobody waits for it. */
struct child *child_record(const struct task *task);

/* status is as wait(2) has it: the parent is woken and signalled. The record may be gone afterwards. */
void child_changed(struct task *parent, struct child *c, int status);

struct child *child_with_signal_due(void); /* NULL: none */

/* What SIGCHLD and waitid(2) say of it. */
struct signal_source child_source(const struct child *c);

/* t ends: nobody will wait for its children. */
void child_orphan_all(struct task *t);

/* CTL_CHILD. */
void child_of_host_changed(const struct ctl_child *m);
/*
 * Around CALL_SPAWN, whose child may have ended before its process id is known here: what comes in between
 * is kept. child_spawned() makes c, if any, that child (0: none was made).
 */
void child_spawning(void);
void child_spawned(struct task *parent, struct child *c, uint32_t host_pid);

#define CHILD_EXITED(code)   (((code)&0xff) << 8)
#define CHILD_KILLED(signo)  ((signo)&0x7f)
#define CHILD_STOPPED(signo) ((signo) << 8 | 0x7f)
#define CHILD_CONTINUED      0xffff

static inline bool child_status_is_end(int status)
{
    return (status & 0xff) != 0x7f && status != CHILD_CONTINUED;
}

#endif
