/* sys_system.c - system calls about the machine, limits and use of resources. */
#include <linux/resource.h>
#include <linux/sysinfo.h>
#include <linux/times.h>
#include <linux/utsname.h>

#include "cpulimit.h"
#include "lib.h"
#include "pmem.h"
#include "random.h"
#include "syscall.h"
#include "task.h"
#include "usercopy.h"
#include "vm.h"
#include "vmproc/guest_uname.h"

SYSCALL(succeed)
{
    return 0;
}

SYSCALL(uname)
{
    struct new_utsname u;
    memset(&u, 0, sizeof u);
    format(u.sysname, sizeof u.sysname, "Linux");
    format(u.nodename, sizeof u.nodename, "%s", current->leader->hostname);
    format(u.release, sizeof u.release, GUEST_UNAME_RELEASE);
    format(u.version, sizeof u.version, GUEST_UNAME_VERSION);
    format(u.machine, sizeof u.machine, MACHINE_NAME);
    format(u.domainname, sizeof u.domainname, "(none)");
    return put_user(u, s->a[0]);
}

SYSCALL(sysinfo)
{
    struct sysinfo info;
    memset(&info, 0, sizeof info);
    info.uptime = (long)(clock_monotonic() / NS_PER_SEC);
    info.totalram = pmem_total_pages();
    info.freeram = pmem_free_pages();
    info.procs = 1;
    info.mem_unit = PAGE_SIZE;
    return put_user(info, s->a[0]);
}

SYSCALL(getrandom)
{
    uint8_t chunk[256];
    uint64_t n = MIN(s->a[1], 33554431ul), done = 0;
    if (s->a[2] & ~7ul)
        return -EINVAL;
    while (done < n) {
        size_t part = MIN(sizeof chunk, n - done);
        random_bytes(chunk, part);
        if (copy_to_user(s->a[0] + done, chunk, part) != 0)
            return done ? (long)done : -EFAULT;
        done += part;
        if (signal_pending(current) && done >= sizeof chunk)
            break;
    }
    return (long)done;
}

/* ---- limits ---- */

static long get_limit(uint64_t which, uint64_t to)
{
    if (which >= CTL_NRLIMIT)
        return -EINVAL;
    return put_user(current->leader->rlimit[which], to);
}

static long set_limit(uint64_t which, uint64_t from)
{
    struct ctl_rlimit limit;
    if (which >= CTL_NRLIMIT)
        return -EINVAL;
    if (get_user(limit, from) != 0)
        return -EFAULT;
    if (limit.cur > limit.max)
        return -EINVAL;
    if (limit.max > current->leader->rlimit[which].max)
        return -EPERM;
    current->leader->rlimit[which] = limit;
    if (which == RLIMIT_CPU && current->leader == &first_task)
        cpulimit_set();
    return 0;
}

SYSCALL(getrlimit)
{
    return get_limit(s->a[0], s->a[1]);
}

SYSCALL(setrlimit)
{
    return set_limit(s->a[0], s->a[1]);
}

SYSCALL(prlimit64)
{
    if (s->a[0] && (uint32_t)s->a[0] != current->pid)
        return -ESRCH;
    long error = s->a[3] ? get_limit(s->a[1], s->a[3]) : 0;
    return !error && s->a[2] ? set_limit(s->a[1], s->a[2]) : error;
}

/* ---- use ---- */

static void put_timeval(int64_t tv[2], uint64_t ns)
{
    tv[0] = (int64_t)(ns / NS_PER_SEC);
    tv[1] = (int64_t)(ns % NS_PER_SEC / 1000);
}

SYSCALL(getrusage)
{
    struct {
        int64_t user[2], system[2], maxrss, rest[13];
    } usage;
    memset(&usage, 0, sizeof usage);
    if ((int)s->a[0] == RUSAGE_SELF || (int)s->a[0] == 1) {
        put_timeval(usage.user, account_ns(ACCOUNT_USER));
        put_timeval(usage.system, account_ns(ACCOUNT_SYSTEM));
        usage.maxrss = (int64_t)current->mm->max_rss * 4;
    } else if ((int)s->a[0] != RUSAGE_CHILDREN) {
        return -EINVAL;
    }
    return put_user(usage, s->a[1]);
}

SYSCALL(times)
{
    const uint64_t tick = NS_PER_SEC / 100;
    int64_t t[4] = {(int64_t)(account_ns(ACCOUNT_USER) / tick), (int64_t)(account_ns(ACCOUNT_SYSTEM) / tick),
                    0, 0};
    if (s->a[0] && put_user(t, s->a[0]) != 0)
        return -EFAULT;
    return (long)(clock_monotonic() / tick);
}

SYSCALL(getcpu)
{
    uint32_t zero = 0;
    for (int i = 0; i < 2; i++)
        if (s->a[i] && put_user(zero, s->a[i]) != 0)
            return -EFAULT;
    return 0;
}
