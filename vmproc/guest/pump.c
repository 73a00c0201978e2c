/* pump.c - see pump.h. */
#include "pump.h"

#include <linux/errno.h>

#include "hostfd.h"
#include "kmem.h"
#include "lib.h"
#include "log.h"
#include "process.h"
#include "sched.h"

#define PUMP_BYTES (64u << 10)

struct pump {
    struct file *from, *to;
    struct pump *next;
    char *bytes;
};

static struct pump *waiting; /* for their task to begin */
static unsigned outward;     /* that fill the wire */
static struct waitq finished;

static bool is_outward(const struct pump *p)
{
    return hostfd_is_wire(p->to);
}

/* 0 at the end, or when nobody takes the bytes any more; -errno when they stopped coming. */
static long carry(const struct pump *p)
{
    for (;;) {
        struct iobuf in = {p->bytes, PUMP_BYTES, false};
        long n = file_read(p->from, &in, NULL);
        if (n <= 0)
            return n;
        struct iobuf out = {p->bytes, (size_t)n, false};
        while (out.len) {
            long done = file_write(p->to, &out, NULL);
            if (done <= 0)
                return 0;
            out.base += done;
            out.len -= (size_t)done;
        }
    }
}

static NORETURN void run(void)
{
    struct pump *p = waiting;
    waiting = p->next;
    bool out = is_outward(p);
    long error = carry(p);
    if (error && !out) {
        /* The children must not take this for the end of their input, but nothing else can be told them. */
        log_line("input was cut off (error %ld)", -error);
        process_end_all(CTL_EXIT_SIGNAL, SIGKILL);
    }
    file_unref(p->from);
    file_unref(p->to);
    outward -= out;
    waitq_wake(&finished);
    kv_free(p->bytes, PUMP_BYTES);
    kfree(p);
    sched_end();
}

int pump_start(struct file *from, struct file *to)
{
    struct pump *p = kmalloc(sizeof *p);
    struct task *t = p ? sched_new_task() : NULL;
    char *bytes = t ? kv_alloc(PUMP_BYTES) : NULL;
    if (!bytes) {
        if (t)
            sched_free_task(t);
        kfree(p);
        file_unref(from);
        file_unref(to);
        return -ENOMEM;
    }
    *p = (struct pump){from, to, waiting, bytes};
    waiting = p;
    outward += is_outward(p);
    t->signals.blocked = ~0ul;
    for (unsigned i = 0; i < CTL_NRLIMIT; i++)
        t->rlimit[i] = (struct ctl_rlimit){UINT64_MAX, UINT64_MAX};
    t->uid = current->uid, t->gid = current->gid;
    sched_start_kernel(t, run);
    return 0;
}

void pump_finish(void)
{
    while (outward)
        waitq_sleep(&finished, NO_DEADLINE, false);
}
