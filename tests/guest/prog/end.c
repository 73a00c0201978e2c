/* end.c MANNER - ends in the manner that the argument names. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

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

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    if (!strcmp(how, "segv"))
        *(volatile int *)16 = 1;
    if (!strcmp(how, "fpe"))
        __asm__ volatile("xorl %%ecx, %%ecx; xorl %%edx, %%edx; movl $1, %%eax; idivl %%ecx" ::
                             : "eax", "ecx", "edx");
    if (!strcmp(how, "ill"))
        __asm__ volatile("ud2");
    if (!strcmp(how, "trap"))
        __asm__ volatile("int3");
    if (!strcmp(how, "hlt"))
        __asm__ volatile("hlt");
    if (!strcmp(how, "out"))
        __asm__ volatile("outb %%al, $0xf4" ::"a"(0));
    if (!strcmp(how, "jump"))
        __asm__ volatile("movabsq $0x8000000000000000, %%rax; jmp *%%rax" ::: "rax");
    if (!strcmp(
            how,
            "rip")) /* SYSCALL as the last instruction below the hole returns to a non-canonical address */
        __asm__ volatile("movabsq $0xffff800000000000, %%rsp; pushq $1" ::: "memory");
    if (!strcmp(how, "int80"))
        __asm__ volatile("int $0x80");
    if (!strcmp(how, "popf"))
        __asm__ volatile("pushfq; orq $0x3100, (%%rsp); popfq; nop; nop" ::: "memory");
    if (!strcmp(how, "sigreturn"))
        __asm__ volatile("movl $15, %%eax; syscall" ::: "rax");
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
            if (n == SYS_exit || n == SYS_exit_group || n == SYS_pause || n == SYS_rt_sigsuspend ||
                n == SYS_kill || n == SYS_tkill || n == SYS_tgkill || n == SYS_nanosleep ||
                n == SYS_clock_nanosleep || n == SYS_poll || n == SYS_ppoll || n == SYS_select ||
                n == SYS_pselect6 || n == SYS_rt_sigtimedwait || n == SYS_futex || n == SYS_alarm ||
                n == SYS_setitimer || n == SYS_rt_sigreturn || n == SYS_close_range ||
                n == SYS_rt_sigprocmask || n == SYS_unlink || n == SYS_munmap || n == SYS_rt_sigaction)
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
