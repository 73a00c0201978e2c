/* procfile.c - what /proc says of the one process in the machine. */
#include "procfile.h"

#include <linux/errno.h>
#include <linux/stat.h>

#include "kmem.h"
#include "lib.h"
#include "pmem.h"
#include "poll.h"
#include "usercopy.h"
#include "vm.h"

#define TEXT_MAX (64ul << 10)

struct text {
    char *bytes; /* TEXT_MAX */
    size_t len;
};

static void add(struct text *t, const char *fmt, ...) PRINTF(2, 3);
static void add(struct text *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    t->len += (size_t)vformat(t->bytes + t->len, TEXT_MAX - t->len, fmt, ap);
    va_end(ap);
}

/* The program can have changed or unmapped its arguments: what cannot be read is left out. */
static void add_user(struct text *t, uint64_t from, uint64_t to)
{
    size_t n = MIN(to - from, TEXT_MAX - t->len);
    if (copy_from_user(t->bytes + t->len, from, n) == 0)
        t->len += n;
}

static void text_cmdline(struct text *t)
{
    add_user(t, current->mm->arg_start, current->mm->arg_end);
}

static void text_environ(struct text *t)
{
    add_user(t, current->mm->arg_end, current->mm->env_end);
}

static void text_comm(struct text *t)
{
    add(t, "%s\n", current->comm);
}

static void text_stat(struct text *t)
{
    add(t, "%u (%s) R %u %u %u 0 -1 0 0 0 0 0 %lu %lu 0 0 20 0 1 0 0 %lu %lu %lu", current->pid,
        current->comm, current->leader->ppid, current->leader->pgid, current->leader->sid,
        account_ns(ACCOUNT_USER) / 10000000, account_ns(ACCOUNT_SYSTEM) / 10000000,
        current->mm->total_pages * PAGE_SIZE, current->mm->rss, current->leader->rlimit[5].cur);
    for (int i = 0; i < 27; i++)
        add(t, " 0");
    add(t, "\n");
}

static void text_statm(struct text *t)
{
    add(t, "%lu %lu 0 0 0 %lu 0\n", current->mm->total_pages, current->mm->rss, current->mm->rss);
}

static void text_status(struct text *t)
{
    add(t, "Name:\t%s\nUmask:\t0%u%u%u\nState:\tR (running)\nTgid:\t%u\nPid:\t%u\nPPid:\t%u\n", current->comm,
        current->leader->umask >> 6 & 7, current->leader->umask >> 3 & 7, current->leader->umask & 7,
        current->pid, current->pid, current->leader->ppid);
    add(t, "Uid:\t%u\t%u\t%u\t%u\nGid:\t%u\t%u\t%u\t%u\n", current->uid, current->uid, current->uid,
        current->uid, current->gid, current->gid, current->gid, current->gid);
    add(t, "VmPeak:\t%lu kB\nVmSize:\t%lu kB\nVmHWM:\t%lu kB\nVmRSS:\t%lu kB\nThreads:\t1\n",
        current->mm->total_pages * 4, current->mm->total_pages * 4, current->mm->max_rss * 4,
        current->mm->rss * 4);
    add(t, "SigPnd:\t%016lx\nSigBlk:\t%016lx\n", signals_pending(current), current->signals.blocked);
}

static void text_maps(struct text *t)
{
    for (struct vma *v = current->mm->first; v && t->len < TEXT_MAX - 256; v = v->next)
        add(t, "%08lx-%08lx %c%c%c%c %08lx 00:00 0 %s\n", v->start, v->end, v->prot & VM_READ ? 'r' : '-',
            v->prot & VM_WRITE ? 'w' : '-', v->prot & VM_EXEC ? 'x' : '-',
            v->sharing & VM_SHARED ? 's' : 'p', v->image_offset,
            v->end == current->mm->stack_top ? "[stack]"
            : v->image                       ? current->leader->exe
                                             : "");
}

static void text_mounts(struct text *t)
{
    add(t, "host / 9p rw 0 0\n");
}

static void text_meminfo(struct text *t)
{
    uint64_t total = pmem_total_pages() * 4, available = pmem_free_pages() * 4;
    add(t, "MemTotal: %8lu kB\nMemFree: %8lu kB\nMemAvailable: %8lu kB\nBuffers: 0 kB\nCached: 0 kB\n", total,
        available, available);
    add(t, "SwapTotal: 0 kB\nSwapFree: 0 kB\n");
}

static void text_uptime(struct text *t)
{
    uint64_t cs = clock_monotonic() / 10000000;
    add(t, "%lu.%02lu 0.00\n", cs / 100, cs % 100);
}

static void text_loadavg(struct text *t)
{
    add(t, "0.00 0.00 0.00 1/1 %u\n", current->pid);
}

/* In ticks of 10 ms, as /proc has them. */
static void add_cpu(struct text *t, const char *name)
{
    uint64_t tick = 10000000, user = account_ns(ACCOUNT_USER) / tick,
             system = account_ns(ACCOUNT_SYSTEM) / tick, all = clock_monotonic() / tick;
    add(t, "%s %lu 0 %lu %lu 0 0 0 0 0 0\n", name, user, system,
        all > user + system ? all - user - system : 0);
}

static void text_machine_stat(struct text *t)
{
    add_cpu(t, "cpu ");
    add_cpu(t, "cpu0");
    add(t, "intr 0\nctxt 0\nbtime %lu\nprocesses 1\nprocs_running 1\nprocs_blocked 0\n",
        clock_realtime_offset() / 1000000000);
}

static void text_cpuinfo(struct text *t)
{
    add(t, "processor\t: 0\nvendor_id\t: unknown\nmodel name\t: fleetsh guest\n\n");
}

static void text_version(struct text *t)
{
    add(t, "Linux version 6.1.0 (fleetsh guest)\n");
}

static void text_resolv_conf(struct text *t)
{
    add(t, "nameserver %s\n", RESOLVER_TEXT);
}

static void (*const makers[])(struct text *t) = {
    [PROC_CMDLINE] = text_cmdline,    [PROC_ENVIRON] = text_environ,
    [PROC_COMM] = text_comm,          [PROC_STAT] = text_stat,
    [PROC_STATM] = text_statm,        [PROC_STATUS] = text_status,
    [PROC_MAPS] = text_maps,          [PROC_MOUNTS] = text_mounts,
    [PROC_MEMINFO] = text_meminfo,    [PROC_UPTIME] = text_uptime,
    [PROC_LOADAVG] = text_loadavg,    [PROC_CPUINFO] = text_cpuinfo,
    [PROC_VERSION] = text_version,    [PROC_MACHINE_STAT] = text_machine_stat,
    [RESOLV_CONF] = text_resolv_conf,
};

/* file->data is the text, file->id its length. */
static long procfile_read(struct file *f, struct iobuf *to, uint64_t *pos)
{
    uint64_t at = pos ? *pos : f->pos;
    size_t n = at < f->id ? MIN(to->len, f->id - at) : 0;
    if (n && iobuf_put(to, 0, (char *)f->data + at, n) != 0)
        return -EFAULT;
    if (!pos)
        f->pos += n;
    return (long)n;
}

static long procfile_seek(struct file *f, int64_t offset, int whence)
{
    return file_seek_local(f, offset, whence, f->id);
}

static int procfile_stat(struct file *f, struct kstat *st)
{
    *st = (struct kstat){.dev = 3, .ino = 1, .mode = S_IFREG | 0444, .nlink = 1, .blksize = 1024};
    return 0;
}

static void procfile_release(struct file *f)
{
    kv_free(f->data, TEXT_MAX);
}

static const struct file_ops procfile_ops = {
    .read = procfile_read,
    .seek = procfile_seek,
    .stat = procfile_stat,
    .release = procfile_release,
};

int procfile_open(enum procfile which, uint32_t flags, struct file **file)
{
    struct text t = {kv_alloc(TEXT_MAX), 0};
    struct file *f = t.bytes ? file_new(&procfile_ops, flags) : NULL;
    if (!f) {
        kv_free(t.bytes, TEXT_MAX);
        return -ENOMEM;
    }
    makers[which](&t);
    f->data = t.bytes;
    f->id = t.len;
    *file = f;
    return 0;
}
