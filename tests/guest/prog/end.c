/* end.c MANNER - ends in the manner that the argument names. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "arch.h"
#include "t.h"

static void endless(void)
{
    for (;;)
        ;
}

static void recurse(volatile char *p, int depth)
{
    volatile char frame[4096];
    frame[0] = *p;
    if (depth)
        recurse(frame, depth - 1);
    *p = frame[1];
}

/* Calls that would end the program, or its test, or wait. */
static int is_left_out(long n)
{
    static const long calls[] = {
        SYS_exit,   SYS_exit_group,   SYS_rt_sigsuspend, SYS_kill,           SYS_tkill,
        SYS_tgkill, SYS_nanosleep,    SYS_ppoll,         SYS_pselect6,       SYS_clock_nanosleep,
        SYS_futex,  SYS_setitimer,    SYS_rt_sigreturn,  SYS_rt_sigprocmask, SYS_rt_sigtimedwait,
        SYS_munmap, SYS_rt_sigaction, SYS_close_range,
#ifdef SYS_pause /* the oldest numberings alone */
        SYS_pause,  SYS_poll,         SYS_select,        SYS_alarm,          SYS_unlink,
#else
        SYS_unlinkat,
#endif
    };
    for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++)
        if (calls[i] == n)
            return 1;
    return 0;
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    if (!strcmp(how, "segv"))
        *(volatile int *)16 = 1;
    misdeed(how);
    if (!strcmp(how, "recurse"))
        recurse(argv[1], 1 << 20);
    if (!strcmp(how, "abort"))
        abort();
    if (!strcmp(how, "loop"))
        endless();
    if (!strcmp(how, "ignore")) {
        signal(SIGTERM, SIG_IGN);
        signal(SIGINT, SIG_IGN);
        puts("ready");
        fflush(stdout);
        endless();
    }
    if (!strcmp(how, "memory"))
        for (;;)
            memset(malloc(1 << 20), 1, 1 << 20);
    if (!strcmp(how, "pipe")) {
        for (;;)
            if (write(1, how, 4) < 0)
                return errno;
    }
    if (!strcmp(how, "unknown"))
        return syscall(SYS_io_uring_setup, 0, 0) == -1 && errno == ENOSYS &&
                       syscall(SYS_io_uring_setup) == -1 && syscall(5000) == -1 && errno == ENOSYS
                   ? 0
                   : 1;
    if (!strcmp(how, "fuzz")) {
        /* Random system calls with random arguments: whatever becomes of this program, the guest must live.
         */
        unsigned seed = argc > 2 ? (unsigned)atoi(argv[2]) : 1;
        srandom(seed);
        static long values[] = {0,        1,        2,       3, 4096, -1, -4096, 0x7fffffff, 0x7ffffffff000,
                                0x400000, 1l << 47, 1l << 63};
        for (int i = 0; i < 3000; i++) {
            long n = random() % 450, a[6];
            if (is_left_out(n))
                continue;
            for (int k = 0; k < 6; k++)
                a[k] =
                    random() % 3 ? values[(unsigned)random() % (sizeof values / sizeof *values)] : (long)&a;
            syscall(n, a[0], a[1], a[2], a[3], a[4], a[5]);
        }
        return 0;
    }
    return 0;
}
