/* sys_wait.c - wait4(2) and waitid(2). */
#include <linux/resource.h>
#include <linux/wait.h>

#include "child.h"
#include "lib.h"
#include "syscall.h"
#include "usercopy.h"

/* Whom a wait is for. */
struct wanted {
    enum { ANY, BY_PID, BY_GROUP } by;
    uint32_t id;
    uint32_t events; /* WEXITED WSTOPPED WCONTINUED */
};

static bool is_wanted(const struct child *c, const struct wanted *w)
{
    return w->by == ANY || (w->by == BY_PID ? c->pid : c->pgid) == w->id;
}

static uint32_t event_of(const struct child *c)
{
    if (c->ended)
        return WEXITED;
    return c->status == CHILD_CONTINUED ? WCONTINUED : WSTOPPED;
}

/* Waits for a child with news. 0 with *found, NULL there for WNOHANG; or -errno. */
static long find(const struct wanted *w, uint32_t options, struct child **found)
{
    for (;;) {
        bool any = false;
        for (struct child *c = current->leader->children; c; c = c->next) {
            if (!is_wanted(c, w))
                continue;
            any = true;
            *found = c;
            if (c->news && event_of(c) & w->events)
                return 0;
        }
        *found = NULL;
        if (!any)
            return -ECHILD;
        if (options & WNOHANG)
            return 0;
        if (waitq_sleep(&current->leader->child_wait, NO_DEADLINE, true) == -EINTR)
            return -ERESTARTSYS;
    }
}

static void put_time(int64_t tv[2], uint64_t ns)
{
    tv[0] = (int64_t)(ns / NS_PER_SEC);
    tv[1] = (int64_t)(ns % NS_PER_SEC / 1000);
}

static int put_usage(uint64_t addr, const struct child *c)
{
    struct {
        int64_t user[2], system[2], maxrss, rest[13];
    } usage;
    memset(&usage, 0, sizeof usage);
    put_time(usage.user, c->user_ns);
    put_time(usage.system, c->system_ns);
    usage.maxrss = (int64_t)(c->max_rss_bytes / 1024);
    return addr ? put_user(usage, addr) : 0;
}

static void reported(struct child *c, uint32_t options)
{
    if (options & WNOWAIT)
        return;
    c->news = false;
    if (!c->ended)
        return;
    current->leader->children_user_ns += c->user_ns;
    current->leader->children_system_ns += c->system_ns;
    child_forget(current->leader, c);
}

SYSCALL(wait4)
{
    int32_t pid = (int32_t)s->a[0];
    uint32_t options = (uint32_t)s->a[2];
    struct wanted w = {ANY, 0, WEXITED | (options & (WSTOPPED | WCONTINUED))};
    struct child *c;
    if (options & ~(uint32_t)(WNOHANG | WUNTRACED | WCONTINUED | __WALL | __WNOTHREAD | __WCLONE))
        return -EINVAL;
    if (pid > 0)
        w.by = BY_PID, w.id = (uint32_t)pid;
    else if (pid != -1)
        w.by = BY_GROUP, w.id = pid ? (uint32_t)-pid : current->leader->pgid;
    long r = find(&w, options, &c);
    if (r || !c)
        return r;
    r = c->pid;
    if ((s->a[1] && put_user(c->status, s->a[1]) != 0) || put_usage(s->a[3], c) != 0)
        return -EFAULT;
    reported(c, 0);
    return r;
}

SYSCALL(waitid)
{
    static const uint8_t ways[] = {[P_ALL] = ANY, [P_PID] = BY_PID, [P_PGID] = BY_GROUP};
    uint32_t options = (uint32_t)s->a[3];
    struct child *c;
    if (s->a[0] >= ARRAY_LEN(ways) || !(options & (WEXITED | WSTOPPED | WCONTINUED)))
        return -EINVAL;
    struct wanted w = {ways[s->a[0]], (uint32_t)s->a[1], options & (WEXITED | WSTOPPED | WCONTINUED)};
    if (w.by == BY_GROUP && !w.id)
        w.id = current->leader->pgid;
    long r = find(&w, options, &c);
    if (r)
        return r;
    siginfo_t info;
    memset(&info, 0, sizeof info);
    if (c) {
        struct signal_source source = child_source(c);
        signal_fill_info(&info, SIGCHLD, &source);
    }
    if (s->a[2] && put_user(info, s->a[2]) != 0)
        return -EFAULT;
    if (c && put_usage(s->a[4], c) != 0)
        return -EFAULT;
    if (c)
        reported(c, options);
    return 0;
}
