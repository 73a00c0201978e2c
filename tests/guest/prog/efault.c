/* efault.c - bad pointers in every kind of system call are EFAULT, and the program goes on. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>

#include "arch.h"
#include "t.h"

int main(void)
{
    void *bad[] = {(void *)8,
                   (void *)0x00007ffffffff000,
                   (void *)KERNEL_ADDRESS,
                   (void *)DIRECT_ADDRESS,
                   (void *)0x8000000000000000,
                   (void *)-1L,
                   (void *)-4096L};
    int zero = open("/dev/zero", O_RDWR), p[2];
    t_works(pipe(p));
    t_check(write(p[1], "x", 1) == 1, "a pipe takes a byte");
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        void *b = bad[i];
        printf("# pointer %p\n", b);
        t_fails(syscall(SYS_read, zero, b, 16), EFAULT);
        t_fails(syscall(SYS_write, 1, b, 16), EFAULT);
        t_fails(syscall(SYS_write, p[1], b, 16), EFAULT);
#ifdef SYS_open /* the oldest numberings alone */
        t_fails(syscall(SYS_open, b, 0), EFAULT);
        t_fails(syscall(SYS_stat, b, b), EFAULT);
        t_fails(syscall(SYS_pipe, b), EFAULT);
        t_fails(syscall(SYS_poll, b, 1, 0), EFAULT);
        t_fails(syscall(SYS_select, 1, b, 0, 0, 0), EFAULT);
#endif
        t_fails(syscall(SYS_openat, AT_FDCWD, b, 0), EFAULT);
        t_fails(syscall(SYS_newfstatat, AT_FDCWD, b, b, 0), EFAULT);
        t_fails(syscall(SYS_pipe2, b, 0), EFAULT);
        t_fails(syscall(SYS_ppoll, b, 1, 0, 0, 8), EFAULT);
        t_fails(syscall(SYS_pselect6, 1, b, 0, 0, 0, 0), EFAULT);
        t_fails(syscall(SYS_fstat, 0, b), EFAULT);
        t_fails(syscall(SYS_getcwd, b, 4096), EFAULT);
        t_fails(syscall(SYS_uname, b), EFAULT);
        t_fails(syscall(SYS_nanosleep, b, 0), EFAULT);
        t_fails(syscall(SYS_clock_gettime, 0, b), EFAULT);
        t_fails(syscall(SYS_gettimeofday, b, 0), EFAULT);
        t_fails(syscall(SYS_getrandom, b, 16, 0), EFAULT);
        t_fails(syscall(SYS_rt_sigaction, SIGUSR1, b, 0, 8), EFAULT);
        t_fails(syscall(SYS_rt_sigprocmask, SIG_BLOCK, b, 0, 8), EFAULT);
        t_fails(syscall(SYS_getrlimit, 0, b), EFAULT);
        t_fails(syscall(SYS_getrusage, 0, b), EFAULT);
        t_fails(syscall(SYS_readv, zero, b, 1), EFAULT);
        t_fails(syscall(SYS_execve, b, b, b), EFAULT);
        t_fails(syscall(SYS_execve, "/bin/busybox", b, 0), EFAULT);
        t_fails(syscall(SYS_setitimer, ITIMER_REAL, b, 0), EFAULT);
        t_fails(syscall(SYS_futex, b, 0, 0, 0), EFAULT);
        t_fails(syscall(SYS_sigaltstack, b, 0), EFAULT);
        t_fails(syscall(SYS_rt_sigtimedwait, b, 0, 0, 8), EFAULT);
    }
    /* A buffer that begins well and ends in nothing. */
    char *two = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(two + 4096, 4096);
    t_fails(read(zero, two + 4000, 200), EFAULT);
    memset(two, 'a', 4096);
    t_fails(syscall(SYS_openat, AT_FDCWD, two + 1000, 0), EFAULT);
    t_fails(read(zero, (void *)main, 4), EFAULT); /* text is not writable */
    mprotect(two, 4096, PROT_NONE);
    t_fails(read(zero, two, 1), EFAULT);
    t_fails(write(p[1], two, 1), EFAULT);
    char c;
    t_check(read(p[0], &c, 1) == 1 && c == 'x', "the pipe still has its byte");
    return t_failed;
}
