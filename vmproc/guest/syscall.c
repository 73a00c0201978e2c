/* syscall.c - the table of system calls, and the way into it. */
#include "syscall.h"

#include "file.h"
#include "log.h"
#include "news.h"
#include "process.h"
#include "strace.h"
#include "task.h"

static long (*const table[])(const struct syscall_args *) = {
    /* bytes */
    [__NR_read] = sys_read,
    [__NR_write] = sys_write,
    [__NR_readv] = sys_readv,
    [__NR_writev] = sys_writev,
    [__NR_pread64] = sys_pread64,
    [__NR_pwrite64] = sys_pwrite64,
    [__NR_preadv] = sys_preadv,
    [__NR_pwritev] = sys_pwritev,
    [__NR_lseek] = sys_lseek,
    [__NR_sendfile] = sys_sendfile,
    [__NR_copy_file_range] = sys_copy_file_range,
    [__NR_fsync] = sys_fsync,
    [__NR_fdatasync] = sys_fsync,
    [__NR_ftruncate] = sys_ftruncate,
    [__NR_fallocate] = sys_fallocate, /* of memory files; else EOPNOTSUPP: callers write zeros */
    [__NR_flock] = sys_flock,
    [__NR_ioctl] = sys_ioctl, /* terminals' (docs/PROTOCOL.md), FIONREAD */
    [__NR_getdents64] = sys_getdents64,
    [__NR_ppoll] = sys_ppoll,
    [__NR_pselect6] = sys_pselect6,
    [__NR_epoll_create1] = sys_epoll_create1,
    [__NR_epoll_ctl] = sys_epoll_ctl, /* EPOLLET is told as a level; no epoll within another */
    [__NR_epoll_pwait] = sys_epoll_pwait,
    [__NR_memfd_create] = sys_memfd_create, /* in this VM; a child that executes does not get it */
    [__NR_eventfd2] = sys_eventfd2,
    [__NR_fadvise64] = sys_succeed, /* advice that is not needed */
    [__NR_readahead] = sys_succeed, /* advice that is not needed */
    [__NR_sync] = sys_succeed,      /* nothing is held back here */
    [__NR_syncfs] = sys_fsync,
#ifdef HAS_OLD_CALLS
    [__NR_poll] = sys_poll,
    [__NR_select] = sys_select,
    [__NR_epoll_create] = sys_epoll_create,
    [__NR_epoll_wait] = sys_epoll_wait,
    [__NR_eventfd] = sys_eventfd,
#endif

    /* descriptors */
    [__NR_openat] = sys_openat,
    [__NR_close] = sys_close,
    [__NR_close_range] = sys_close_range,
    [__NR_dup] = sys_dup,
    [__NR_dup3] = sys_dup3,
    [__NR_fcntl] = sys_fcntl, /* no leases, no signals: EINVAL */
    [__NR_pipe2] = sys_pipe2,
#ifdef HAS_OLD_CALLS
    [__NR_open] = sys_open,
    [__NR_creat] = sys_creat,
    [__NR_dup2] = sys_dup2,
    [__NR_pipe] = sys_pipe,
#endif

    /* sockets */
    [__NR_socket] = sys_socket,         /* TCP and UDP; else EAFNOSUPPORT */
    [__NR_socketpair] = sys_socketpair, /* streams, within this VM */
    [__NR_bind] = sys_bind,             /* ENETUNREACH where no grant says listen: */
    [__NR_connect] = sys_connect,       /* ENETUNREACH for what was not given */
    [__NR_listen] = sys_listen,
    [__NR_accept] = sys_accept,
    [__NR_accept4] = sys_accept4,
    [__NR_getsockname] = sys_getsockname,
    [__NR_getpeername] = sys_getpeername,
    [__NR_sendto] = sys_sendto, /* ENETUNREACH for what was not given; no urgent data */
    [__NR_recvfrom] = sys_recvfrom,
    [__NR_sendmsg] = sys_sendmsg, /* no ancillary data: EOPNOTSUPP */
    [__NR_recvmsg] = sys_recvmsg,
    [__NR_sendmmsg] = sys_sendmmsg,
    [__NR_recvmmsg] = sys_recvmmsg, /* without its timeout */
    [__NR_shutdown] = sys_shutdown,
    [__NR_setsockopt] = sys_setsockopt, /* what concerns the socket alone: docs/PROTOCOL.md */
    [__NR_getsockopt] = sys_getsockopt,

    /* names */
    [__NR_fstat] = sys_fstat,
    [__NR_newfstatat] = sys_newfstatat,
    [__NR_statx] = sys_statx,
    [__NR_statfs] = sys_statfs,
    [__NR_fstatfs] = sys_fstatfs,
    [__NR_faccessat] = sys_faccessat,
    [__NR_faccessat2] = sys_faccessat2,
    [__NR_readlinkat] = sys_readlinkat,
    [__NR_getcwd] = sys_getcwd,
    [__NR_chdir] = sys_chdir,
    [__NR_fchdir] = sys_fchdir,
    [__NR_mkdirat] = sys_mkdirat,
    [__NR_mknodat] = sys_mknodat, /* FIFOs, sockets, regular files */
    [__NR_unlinkat] = sys_unlinkat,
    [__NR_renameat] = sys_renameat,
    [__NR_renameat2] = sys_renameat2, /* no flags: EINVAL, and callers fall back */
    [__NR_linkat] = sys_linkat,
    [__NR_symlinkat] = sys_symlinkat,
    [__NR_fchmod] = sys_fchmod,
    [__NR_fchmodat] = sys_fchmodat,
    [__NR_fchown] = sys_fchown,
    [__NR_fchownat] = sys_fchownat,
    [__NR_truncate] = sys_truncate,
    [__NR_utimensat] = sys_utimensat,
    [__NR_umask] = sys_umask,
    [__NR_setxattr] = sys_xattr_path,     /* EOPNOTSUPP */
    [__NR_lsetxattr] = sys_xattr_path,    /* EOPNOTSUPP */
    [__NR_fsetxattr] = sys_xattr_fd,      /* EOPNOTSUPP */
    [__NR_getxattr] = sys_xattr_path,     /* EOPNOTSUPP */
    [__NR_lgetxattr] = sys_xattr_path,    /* EOPNOTSUPP */
    [__NR_fgetxattr] = sys_xattr_fd,      /* EOPNOTSUPP */
    [__NR_listxattr] = sys_xattr_path,    /* EOPNOTSUPP */
    [__NR_llistxattr] = sys_xattr_path,   /* EOPNOTSUPP */
    [__NR_flistxattr] = sys_xattr_fd,     /* EOPNOTSUPP */
    [__NR_removexattr] = sys_xattr_path,  /* EOPNOTSUPP */
    [__NR_lremovexattr] = sys_xattr_path, /* EOPNOTSUPP */
    [__NR_fremovexattr] = sys_xattr_fd,   /* EOPNOTSUPP */
    [__NR_mmap] = sys_mmap,               /* shared files: ARCHITECTURE.md, Memory */
    [__NR_munmap] = sys_munmap,
    [__NR_mprotect] = sys_mprotect,
    [__NR_mremap] = sys_mremap,
    [__NR_brk] = sys_brk,
    [__NR_madvise] = sys_madvise,    /* MADV_DONTNEED; the rest is advice */
    [__NR_msync] = sys_msync,        /* writes back what is mapped shared */
    [__NR_mlock] = sys_succeed,      /* nothing is ever paged out */
    [__NR_mlock2] = sys_succeed,     /* nothing is ever paged out */
    [__NR_munlock] = sys_succeed,    /* likewise */
    [__NR_mlockall] = sys_succeed,   /* likewise */
    [__NR_munlockall] = sys_succeed, /* likewise */
    [__NR_exit] = sys_exit,
    [__NR_exit_group] = sys_exit_group,
    [__NR_execve] = sys_execve, /* in a fork: a VM of its own takes its place */
    [__NR_getpid] = sys_getpid,
    [__NR_gettid] = sys_gettid,
    [__NR_getppid] = sys_getppid, /* the shell */
    [__NR_getpgid] = sys_getpgid,
    [__NR_setpgid] = sys_setpgid, /* of forks; the first process's group is the shell's business */
    [__NR_getsid] = sys_getsid,
    [__NR_setsid] = sys_setsid,
    [__NR_getuid] = sys_getuid,
    [__NR_geteuid] = sys_getuid,
    [__NR_getgid] = sys_getgid,
    [__NR_getegid] = sys_getgid,
    [__NR_getresuid] = sys_getresuid,
    [__NR_getresgid] = sys_getresgid,
    [__NR_setuid] = sys_setuid,       /* EPERM for any but the user's */
    [__NR_setgid] = sys_setgid,       /* EPERM for any but the user's */
    [__NR_setreuid] = sys_setreuid,   /* likewise */
    [__NR_setregid] = sys_setregid,   /* likewise */
    [__NR_setresuid] = sys_setresuid, /* likewise */
    [__NR_setresgid] = sys_setresgid, /* likewise */
    [__NR_setfsuid] = sys_getuid,     /* the user's */
    [__NR_setfsgid] = sys_getgid,     /* the user's */
    [__NR_getgroups] = sys_getgroups, /* the one group */
    [__NR_setgroups] = sys_setgroups, /* EPERM */
    [__NR_clone] = sys_clone,         /* as fork, vfork, and for threads */
    [__NR_clone3] = sys_clone3,       /* as fork, vfork, and for threads */
    [__NR_wait4] = sys_wait4,
    [__NR_waitid] = sys_waitid,
    [__NR_prctl] = sys_prctl, /* names, dumpable, no_new_privs; the rest is EINVAL */
    [__NR_set_tid_address] = sys_set_tid_address,
    [__NR_set_robust_list] = sys_succeed, /* accepted, and not looked at when a thread dies */
    [__NR_futex] = sys_futex, /* WAIT, WAKE, their _BITSETs, REQUEUE, CMP_REQUEUE; within a process */
    [__NR_sched_yield] = sys_sched_yield,
    [__NR_sched_getaffinity] = sys_sched_getaffinity, /* one processor */
    [__NR_sched_setaffinity] = sys_sched_setaffinity, /* one processor: EINVAL for others alone */
    [__NR_sched_getscheduler] = sys_sched_getscheduler,
    [__NR_sched_setscheduler] = sys_sched_setscheduler, /* remembered, without effect; real-time: EPERM */
    [__NR_sched_getparam] = sys_sched_getparam,
    [__NR_sched_setparam] = sys_sched_setparam,
    [__NR_sched_get_priority_max] = sys_sched_get_priority_max,
    [__NR_sched_get_priority_min] = sys_sched_get_priority_min,
    [__NR_sched_rr_get_interval] = sys_sched_rr_get_interval,
    [__NR_getcpu] = sys_getcpu,           /* one processor */
    [__NR_getpriority] = sys_getpriority, /* of tasks of this VM */
    [__NR_setpriority] = sys_setpriority, /* remembered, without effect; lost where another VM is started */
    [__NR_uname] = sys_uname,
    [__NR_sysinfo] = sys_sysinfo,
    [__NR_getrandom] = sys_getrandom,
    [__NR_getrlimit] = sys_getrlimit,
    [__NR_setrlimit] = sys_setrlimit,
    [__NR_prlimit64] = sys_prlimit64,
    [__NR_getrusage] = sys_getrusage, /* times and the largest memory */
    [__NR_times] = sys_times,
#ifdef HAS_OLD_CALLS
    [__NR_stat] = sys_stat,
    [__NR_lstat] = sys_lstat,
    [__NR_access] = sys_access,
    [__NR_readlink] = sys_readlink,
    [__NR_mkdir] = sys_mkdir,
    [__NR_mknod] = sys_mknod, /* FIFOs, sockets, regular files */
    [__NR_rmdir] = sys_rmdir,
    [__NR_unlink] = sys_unlink,
    [__NR_rename] = sys_rename,
    [__NR_link] = sys_link,
    [__NR_symlink] = sys_symlink,
    [__NR_chmod] = sys_chmod,
    [__NR_chown] = sys_chown,
    [__NR_lchown] = sys_lchown,
    [__NR_utime] = sys_utime,
    [__NR_utimes] = sys_utimes,
    [__NR_futimesat] = sys_futimesat,
    [__NR_getpgrp] = sys_getpgrp,
    [__NR_fork] = sys_fork,   /* a task of this VM until it executes; at most 64 */
    [__NR_vfork] = sys_vfork, /* likewise, in its parent's memory */
    [__NR_arch_prctl] = sys_arch_prctl,
#endif

    /* signals */
    [__NR_rt_sigaction] = sys_rt_sigaction,
    [__NR_rt_sigprocmask] = sys_rt_sigprocmask,
    [__NR_rt_sigreturn] = sys_rt_sigreturn,
    [__NR_rt_sigpending] = sys_rt_sigpending,
    [__NR_rt_sigsuspend] = sys_rt_sigsuspend,
    [__NR_rt_sigtimedwait] = sys_rt_sigtimedwait,
    [__NR_rt_sigqueueinfo] = sys_rt_sigqueueinfo, /* to itself */
    [__NR_sigaltstack] = sys_sigaltstack,
    [__NR_kill] = sys_kill, /* the program, its forks, the VMs it has started */
    [__NR_tkill] = sys_tkill,
    [__NR_tgkill] = sys_tgkill,
#ifdef HAS_OLD_CALLS
    [__NR_pause] = sys_pause,
#endif

    /* time */
    [__NR_nanosleep] = sys_nanosleep,
    [__NR_clock_nanosleep] = sys_clock_nanosleep,
    [__NR_restart_syscall] = sys_restart_syscall,
    [__NR_clock_gettime] = sys_clock_gettime,
    [__NR_clock_getres] = sys_clock_getres,
    [__NR_clock_settime] = sys_clock_settime, /* EPERM */
    [__NR_gettimeofday] = sys_gettimeofday,
    [__NR_setitimer] = sys_setitimer,
    [__NR_getitimer] = sys_getitimer,
    [__NR_timer_create] = sys_timer_create, /* of the real and the monotonic clock; CPU times: EOPNOTSUPP */
    [__NR_timer_settime] = sys_timer_settime,
    [__NR_timer_gettime] = sys_timer_gettime,
    [__NR_timer_getoverrun] = sys_timer_getoverrun,
    [__NR_timer_delete] = sys_timer_delete,
#ifdef HAS_OLD_CALLS
    [__NR_time] = sys_time,
    [__NR_alarm] = sys_alarm,
#endif
};

/*
 * Calls that bring nothing from outside but what is said where it comes in (news.h). All others may: they tell the
 * time, wait for something, or are new to this list.
 */
static const bool tells_nothing[ARRAY_LEN(table)] = {
    [__NR_read] = true,         [__NR_readv] = true,        [__NR_pread64] = true,
    [__NR_preadv] = true,       [__NR_write] = true,        [__NR_writev] = true,
    [__NR_pwrite64] = true,     [__NR_pwritev] = true,      [__NR_lseek] = true,
    [__NR_fadvise64] = true,    [__NR_readahead] = true,    [__NR_ioctl] = true,
    [__NR_close] = true,        [__NR_dup] = true,          [__NR_dup3] = true,
    [__NR_fcntl] = true,        [__NR_brk] = true,          [__NR_mmap] = true,
    [__NR_munmap] = true,       [__NR_mprotect] = true,     [__NR_mremap] = true,
    [__NR_madvise] = true,      [__NR_rt_sigaction] = true, [__NR_rt_sigprocmask] = true,
    [__NR_rt_sigreturn] = true, [__NR_sigaltstack] = true,  [__NR_getpid] = true,
    [__NR_gettid] = true,       [__NR_openat] = true,       [__NR_fstat] = true,
    [__NR_newfstatat] = true,   [__NR_statx] = true,        [__NR_faccessat] = true,
    [__NR_faccessat2] = true,   [__NR_getxattr] = true,     [__NR_lgetxattr] = true,
    [__NR_fgetxattr] = true,    [__NR_listxattr] = true,    [__NR_llistxattr] = true,
    [__NR_flistxattr] = true,
#ifdef HAS_OLD_CALLS
    [__NR_dup2] = true,         [__NR_open] = true,         [__NR_stat] = true,
    [__NR_lstat] = true,        [__NR_access] = true,
#endif
};

static const char *const names[] = {
#include "syscall_names.h"
};

/* Known to C libraries to be absent sometimes: not worth a line. */
static bool is_expected_absent(uint64_t nr)
{
    return nr == __NR_rseq;
}

static const char *name_of(uint64_t nr)
{
    return nr < ARRAY_LEN(names) && names[nr] ? names[nr] : "unknown";
}

static long unimplemented(uint64_t nr)
{
    static uint64_t told[ARRAY_LEN(names) / 64 + 1];
    uint64_t slot = MIN(nr, ARRAY_LEN(names)); /* all beyond the table share one */
    if (!is_expected_absent(nr) && !(told[slot / 64] >> slot % 64 & 1)) {
        told[slot / 64] |= 1ul << slot % 64;
        log_line("%s: system call %s (%lu) is not implemented", current->comm, name_of(nr), nr);
    }
    return -ENOSYS;
}

static long perform(uint64_t nr, const struct syscall_args *s)
{
    if (nr >= ARRAY_LEN(table) || !table[nr])
        return unimplemented(nr);
    long r = table[nr](s);
    if (!tells_nothing[nr])
        news_came();
    return r;
}

/* Apart, as its text would take its room of the stack of each call. */
static NOINLINE long perform_traced(uint64_t nr, const struct syscall_args *s)
{
    struct strace_call call;
    bool returns = nr != __NR_exit_group && nr != __NR_exit;
    long r = 0;
    strace_enter(&call, nr, name_of(nr), s);
    if (returns)
        r = perform(nr, s);
    strace_leave(&call, s, r);
    return returns ? r : perform(nr, s);
}

void syscall(struct trapframe *tf)
{
    account_switch(ACCOUNT_SYSTEM);
    struct syscall_args s = {FRAME_ARGUMENTS(tf), tf};
    uint64_t nr = frame_call(tf);
    long r = strace_is_on() ? perform_traced(nr, &s) : perform(nr, &s);
    fd_drop_held(current);
    /* execve and rt_sigreturn have built a whole frame: its result is right already. */
    if (frame_is_syscall(tf))
        frame_set_result(tf, r);
    user_return(tf);
}
