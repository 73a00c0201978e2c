/* process.c - from EXEC to EXITED. */
#include "process.h"

#include <linux/errno.h>
#include <linux/fcntl.h>

#include "alone.h"
#include "child.h"
#include "cpu.h"
#include "cpulimit.h"
#include "exec.h"
#include "file.h"
#include "fork.h"
#include "hostfd.h"
#include "image.h"
#include "lib.h"
#include "log.h"
#include "p9.h"
#include "pagetable.h"
#include "path.h"
#include "pmem.h"
#include "posixtimer.h"
#include "pump.h"
#include "random.h"
#include "readahead.h"
#include "rehearse.h"
#include "ringdev.h"
#include "sched.h"
#include "shared.h"
#include "special.h"
#include "statagain.h"
#include "statahead.h"
#include "strace.h"
#include "syscall.h"
#include "task.h"
#include "thread.h"
#include "trap.h"
#include "vm.h"
#include "wire.h"
#include "writeback.h"

#define MAX_FDS           1024u
#define REHEARSE_AFTER_NS 100000000ul /* a loop of commands takes machines sooner, and has no time for it */

static enum { ASLEEP, REHEARSING, AWAKE, OVER } phase;

/* An EXEC message, taken apart. Nothing is copied: the pointers lead into it. */
struct exec_plan {
    const struct ctl_exec *exec;
    const struct ctl_fd *fds;
    const char *path, *cwd, *hostname;
    struct exec_args args;
};

/* The string at *at, which moves behind it; NULL when the table ends first. */
static const char *next_string(const char **at, const char *end)
{
    const char *s = *at;
    size_t n = strnlen(s, (size_t)(end - s));
    if (s + n == end)
        return NULL;
    *at = s + n + 1;
    return s;
}

static bool parse(const struct exec_message *m, struct exec_plan *plan)
{
    const struct ctl_exec *e = m->exec;
    plan->exec = e;
    uint64_t tables = sizeof *e + (uint64_t)e->nfds * sizeof(struct ctl_fd);
    if (e->abi != GUEST_ABI_VERSION || e->nfds > MAX_FDS || tables + e->strings_len != m->len)
        return false;
    plan->fds = (const void *)(e + 1);
    const char *at = (const char *)e + tables, *end = at + e->strings_len;
    plan->path = next_string(&at, end);
    plan->cwd = plan->path ? next_string(&at, end) : NULL;
    plan->hostname = plan->cwd ? next_string(&at, end) : NULL;
    if (!plan->hostname || strlen(plan->path) >= 4096 || strlen(plan->cwd) >= 4096)
        return false;
    plan->args = (struct exec_args){plan->path, NULL, at, (uint64_t)(end - at), e->nargv, e->nenv};
    for (uint64_t i = 0; i < (uint64_t)e->nargv + e->nenv; i++)
        if (!next_string(&at, end))
            return false;
    return at == end;
}

/* A fresh task; signals that came since EXEC stay pending. */
static void become(const struct exec_plan *plan)
{
    const struct ctl_exec *e = plan->exec;
    struct pending_signals early = current->signals.shared;
    memset(current, 0, sizeof *current);
    current->leader = current;
    current->threads = 1;
    current->signals.shared = early;
    current->tid = e->pid;
    current->pid = e->pid, current->ppid = e->ppid, current->pgid = e->pgid, current->sid = e->sid;
    current->uid = e->uid, current->gid = e->gid, current->umask = e->umask & 0777;
    memcpy(current->rlimit, e->rlimit, sizeof current->rlimit);
    cpulimit_set();
    format(current->cwd, sizeof current->cwd, "%s", plan->cwd);
    format(current->exe, sizeof current->exe, "%s", plan->path);
    format(current->hostname, sizeof current->hostname, "%s", plan->hostname);
    signals_init(current, (uint64_t)e->sig_ignored_hi << 32 | e->sig_ignored_lo,
                 (uint64_t)e->sig_blocked_hi << 32 | e->sig_blocked_lo);
}

static struct image *open_program(const struct exec_plan *plan, int *error)
{
    if (plan->exec->flags & EXEC_RESIDENT) {
        *error = -ENOENT;
        return image_resident();
    }
    struct file *file;
    *error = path_open(AT_FDCWD, plan->path, O_RDONLY, 0, &file);
    if (*error)
        return NULL;
    struct image *image = image_open(file, 0, error);
    if (image && file->ops->describe)
        file->ops->describe(file, current->leader->exe, sizeof current->leader->exe);
    file_unref(file);
    return image;
}

static int prepare(struct exec_plan *plan, struct trapframe *tf)
{
    const struct ctl_exec *e = plan->exec;
    random_seed(e->entropy);
    pmem_limit(e->memory_bytes);
    clock_set(e->tsc_hz, e->realtime_ns);
    become(plan);
    current->leader->resident = e->flags & EXEC_RESIDENT;
    if (!wire_open(e)) {
        log_line("the ring that EXEC names is not there");
        return -EINVAL;
    }
    current->files = fd_table_new();
    int error = current->files ? hostfd_install_all(plan->fds, e->nfds) : -ENOMEM;
    if (error)
        return error;
    plan->args.image = open_program(plan, &error);
    if (!plan->args.image) {
        log_line("%s: cannot be opened (error %d)", plan->path, -error);
        return error;
    }
    error = exec_program(&plan->args, tf);
    image_unref(plan->args.image);
    return error;
}

static void say_ready(void)
{
    struct ctl_ready ready = {
        .abi = GUEST_ABI_VERSION,
        .rings = ringdev_found(),
        .resident_bytes = image_resident_bytes(),
        .memory_bytes = pmem_total_pages() * PAGE_SIZE,
    };
    ctl_ready(&ready, REHEARSE_AFTER_NS);
}

void process_main(void)
{
    struct exec_message m;
    struct exec_plan plan;
    if (alone_exec(&m)) {
        phase = AWAKE;
    } else {
        if (phase == ASLEEP)
            say_ready();
        phase = rehearse_next(&m) ? REHEARSING : AWAKE;
        if (phase == AWAKE)
            m = ctl_wait_exec();
    }
    account_reset();
    account_switch(ACCOUNT_SYSTEM);
    if (!parse(&m, &plan)) {
        log_line("EXEC message is malformed");
        process_end(CTL_EXIT_NOEXEC, EINVAL);
    }
    struct trapframe *tf = trapframe_at(kstack_top);
    special_has_resolver(plan.exec->flags & EXEC_RESOLVER);
    strace_set(plan.exec->flags & EXEC_TRACE);
    int error = prepare(&plan, tf);
    if (error)
        process_end(CTL_EXIT_NOEXEC, (uint32_t)-error);
    if (phase == AWAKE && !alone()) {
        ctl_free_exec(&m);
        ctl_send(CTL_STARTED, NULL, 0);
    }
    trap_enter_user();
}

bool process_is_real(void)
{
    return phase == AWAKE;
}

bool process_is_over(void)
{
    return phase == OVER;
}

/* The rehearsed program leaves nothing behind but warm code. */
static NORETURN void end_rehearsal(void)
{
    struct fd_table *files = current->files;
    current->files = NULL;
    fd_table_free(files);
    pagetable_use(NULL);
    mm_free(current->mm);
    timer_stop(&current->signals.real_timer);
    posix_timers_delete_all(current);
    p9_forget();
    readahead_forget();
    path_forget();
    statahead_forget();
    statagain_forget();
    memset(current, 0, sizeof *current);
    current->leader = current;
    kernel_restart(process_main);
}

void process_make_way(void)
{
    if (phase == REHEARSING && ctl_exec_has_come())
        end_rehearsal();
}

static void close_all(struct task *t)
{
    struct fd_table *files = t->files;
    t->files = NULL;
    fd_table_free(files);
}

void process_end_all(enum ctl_exit_how how, uint32_t value)
{
    unsigned forks = 0;
    ctl_exiting(how == CTL_EXIT_NOEXEC ? 0 : signals_fatal(&first_task));
    current->signals.blocked = ~0ul; /* nothing interrupts the flushing any more */
    writeback_all();
    if (!sched_is_shared())
        phase = OVER; /* else the pumps wait for what the host does when a descriptor is closed */
    cpulimit_end();
    sched_stop_others();
    for (struct task *t = sched_first(); t; t = t->next) {
        timer_stop(&t->signals.real_timer);
        posix_timers_delete_all(t);
        fd_drop_held(t);
        close_all(t);
        forks += t != &first_task && t->mm && t->leader == t;
    }
    if (forks)
        log_line("%s: %u forks end with it", first_task.comm, forks);
    pump_finish();
    phase = OVER;
    wire_finish();
    alone_end(how, value);
    ctl_exited(how, value, first_task.mm ? (first_task.mm->max_rss + shared_peak()) * PAGE_SIZE : 0);
    for (;;) /* until the host closes the control port */
        idle();
}

void process_end(enum ctl_exit_how how, uint32_t value)
{
    if (phase == REHEARSING)
        end_rehearsal();
    if (thread_must_end())
        thread_end();
    if (current->leader != &first_task)
        fork_end(how == CTL_EXIT_STATUS ? CHILD_EXITED((int)value) : CHILD_KILLED((int)value));
    int signo = how == CTL_EXIT_STATUS ? fork_wait_all() : 0;
    process_end_all(signo ? CTL_EXIT_SIGNAL : how, signo ? (uint32_t)signo : value);
}

void process_stop(int signo)
{
    struct ctl_signal stopped = {(uint32_t)signo, 0};
    if (current->leader == &first_task) {
        ctl_send(CTL_STOPPED, &stopped, sizeof stopped); /* the host suspends the machine */
        return;
    }
    struct child *c = child_record(current);
    if (c)
        child_changed(current->leader->parent, c, CHILD_STOPPED(signo));
    current->leader->stopped = true; /* none of its threads runs */
    while (current->leader->stopped)
        sched_rest();
    c = child_record(current);
    if (c && !(signals_pending(current) & SIGNAL_BIT(SIGKILL)))
        child_changed(current->leader->parent, c, CHILD_CONTINUED);
}
