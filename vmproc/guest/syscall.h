/*
 * syscall.h - Linux's system calls. The table is in syscall.c; the calls are in sys_*.c, by subject.
 *
 * A call gets its arguments as they were in the registers and returns a value or -errno. -EINTR from
 * something that waited is turned into a restart by restartable() where Linux does so.
 */
#ifndef GUEST_SYSCALL_H
#define GUEST_SYSCALL_H

#include <asm/unistd.h>
#include <linux/errno.h>

#include "signal.h"
#include "trap.h"
#include "types.h"

struct syscall_args {
    uint64_t a[6];
    struct trapframe *tf;
};

/* Calls that only the oldest numberings have: elsewhere C libraries say the same by newer ones. */
#ifdef __NR_open
#define HAS_OLD_CALLS
#endif

#define SYSCALL(name) long sys_##name(const struct syscall_args *s)

static inline long restartable(long r)
{
    return r == -EINTR ? -ERESTARTSYS : r;
}

/* sys_io.c */
SYSCALL(read);
SYSCALL(write);
SYSCALL(readv);
SYSCALL(writev);
SYSCALL(pread64);
SYSCALL(pwrite64);
SYSCALL(preadv);
SYSCALL(pwritev);
SYSCALL(lseek);
SYSCALL(sendfile);
SYSCALL(copy_file_range);
SYSCALL(fsync);
SYSCALL(ftruncate);
SYSCALL(ioctl);
SYSCALL(getdents64);
SYSCALL(fallocate);

/* sys_event.c */
SYSCALL(eventfd);
SYSCALL(eventfd2);
SYSCALL(epoll_create);
SYSCALL(epoll_create1);
SYSCALL(epoll_ctl);
SYSCALL(epoll_wait);
SYSCALL(epoll_pwait);

/* sys_fd.c */
SYSCALL(open);
SYSCALL(openat);
SYSCALL(creat);
SYSCALL(close);
SYSCALL(close_range);
SYSCALL(dup);
SYSCALL(dup2);
SYSCALL(dup3);
SYSCALL(fcntl);
SYSCALL(pipe);
SYSCALL(pipe2);

/* sys_lock.c */
SYSCALL(flock);

/* sys_memfd.c */
SYSCALL(memfd_create);

/* sys_socket.c */
SYSCALL(socket);
SYSCALL(socketpair);
SYSCALL(sendto);
SYSCALL(recvfrom);
SYSCALL(shutdown);
SYSCALL(bind);
SYSCALL(connect);
SYSCALL(listen);
SYSCALL(accept);
SYSCALL(accept4);
SYSCALL(getsockname);
SYSCALL(getpeername);
SYSCALL(getsockopt);
SYSCALL(setsockopt);

/* sys_sockmsg.c */
SYSCALL(sendmsg);
SYSCALL(recvmsg);
SYSCALL(sendmmsg);
SYSCALL(recvmmsg);

/* sys_stat.c */
SYSCALL(stat);
SYSCALL(lstat);
SYSCALL(fstat);
SYSCALL(newfstatat);
SYSCALL(statx);
SYSCALL(statfs);
SYSCALL(fstatfs);
SYSCALL(access);
SYSCALL(faccessat);
SYSCALL(faccessat2);
SYSCALL(readlink);
SYSCALL(readlinkat);

/* sys_path.c */
SYSCALL(getcwd);
SYSCALL(chdir);
SYSCALL(fchdir);
SYSCALL(mkdir);
SYSCALL(mkdirat);
SYSCALL(mknod);
SYSCALL(mknodat);
SYSCALL(rmdir);
SYSCALL(unlink);
SYSCALL(unlinkat);
SYSCALL(rename);
SYSCALL(renameat);
SYSCALL(renameat2);
SYSCALL(link);
SYSCALL(linkat);
SYSCALL(symlink);
SYSCALL(symlinkat);

/* sys_attr.c */
SYSCALL(chmod);
SYSCALL(fchmod);
SYSCALL(fchmodat);
SYSCALL(chown);
SYSCALL(fchown);
SYSCALL(lchown);
SYSCALL(fchownat);
SYSCALL(truncate);
SYSCALL(utime);
SYSCALL(utimes);
SYSCALL(futimesat);
SYSCALL(utimensat);
SYSCALL(umask);
SYSCALL(xattr_path);
SYSCALL(xattr_fd);

/* sys_mem.c */
SYSCALL(mmap);
SYSCALL(munmap);
SYSCALL(mprotect);
SYSCALL(mremap);
SYSCALL(brk);
SYSCALL(madvise);
SYSCALL(msync);

/* sys_process.c */
SYSCALL(exit);
SYSCALL(exit_group);
SYSCALL(execve);
SYSCALL(getpid);
SYSCALL(gettid);
SYSCALL(getppid);
SYSCALL(getpgrp);
SYSCALL(getpgid);
SYSCALL(setpgid);
SYSCALL(getsid);
SYSCALL(setsid);
SYSCALL(getuid);
SYSCALL(getgid);
SYSCALL(getresuid);
SYSCALL(getresgid);
SYSCALL(setuid);
SYSCALL(setgid);
SYSCALL(setreuid);
SYSCALL(setregid);
SYSCALL(setresuid);
SYSCALL(setresgid);
SYSCALL(getgroups);
SYSCALL(setgroups);
SYSCALL(arch_prctl);
SYSCALL(prctl);
SYSCALL(set_tid_address);
SYSCALL(sched_yield);

/* sys_futex.c */
SYSCALL(futex);

/* sys_fork.c */
SYSCALL(fork);
SYSCALL(vfork);
SYSCALL(clone);
SYSCALL(clone3);

/* sys_wait.c */
SYSCALL(wait4);
SYSCALL(waitid);

/* sys_system.c */
SYSCALL(uname);
SYSCALL(sysinfo);
SYSCALL(getrandom);
SYSCALL(getrlimit);
SYSCALL(setrlimit);
SYSCALL(prlimit64);
SYSCALL(getrusage);
SYSCALL(times);
SYSCALL(getpriority);
SYSCALL(setpriority);
SYSCALL(sched_getaffinity);
SYSCALL(sched_setaffinity);
SYSCALL(sched_getscheduler);
SYSCALL(sched_setscheduler);
SYSCALL(sched_getparam);
SYSCALL(sched_setparam);
SYSCALL(sched_get_priority_max);
SYSCALL(sched_get_priority_min);
SYSCALL(sched_rr_get_interval);
SYSCALL(getcpu);
SYSCALL(succeed);

/* sys_signal.c */
SYSCALL(rt_sigaction);
SYSCALL(rt_sigprocmask);
SYSCALL(rt_sigreturn);
SYSCALL(rt_sigpending);
SYSCALL(rt_sigsuspend);
SYSCALL(rt_sigtimedwait);
SYSCALL(rt_sigqueueinfo);
SYSCALL(sigaltstack);
SYSCALL(pause);
SYSCALL(kill);
SYSCALL(tkill);
SYSCALL(tgkill);

/* sys_time.c */
SYSCALL(nanosleep);
SYSCALL(clock_nanosleep);
SYSCALL(restart_syscall);
SYSCALL(clock_gettime);
SYSCALL(clock_getres);
SYSCALL(clock_settime);
SYSCALL(gettimeofday);
SYSCALL(time);
SYSCALL(alarm);
SYSCALL(setitimer);
SYSCALL(getitimer);

/* sys_timer.c */
SYSCALL(timer_create);
SYSCALL(timer_settime);
SYSCALL(timer_gettime);
SYSCALL(timer_getoverrun);
SYSCALL(timer_delete);

/* sys_poll.c */
SYSCALL(poll);
SYSCALL(ppoll);
SYSCALL(select);
SYSCALL(pselect6);

#endif
