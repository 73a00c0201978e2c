/* memory.c - mappings, protection, W^X, what a program may not reach. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "arch.h"
#include "t.h"

static sigjmp_buf back;
static volatile int got_signo, got_code;
static void *volatile got_addr;

static void on_fault(int signo, siginfo_t *info, void *context)
{
    (void)context;
    got_signo = signo, got_code = info->si_code, got_addr = info->si_addr;
    siglongjmp(back, 1);
}

#define faults(expr, code, addr, what)                                                                       \
    do {                                                                                                     \
        got_signo = 0;                                                                                       \
        if (sigsetjmp(back, 1) == 0) {                                                                       \
            expr;                                                                                            \
        }                                                                                                    \
        t_check(got_signo == SIGSEGV && got_code == (code) && got_addr == (void *)(addr), what);             \
    } while (0)

static const char rodata[] = "constant";

int main(void)
{
    struct sigaction sa = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &sa, 0);
    volatile char *kernel = (void *)KERNEL_ADDRESS, *direct = (void *)DIRECT_ADDRESS;
    volatile char *text = (void *)main, *page;
    faults(*(volatile char *)0, SEGV_MAPERR, 0, "reading a null pointer is SIGSEGV");
    faults(*kernel, SEGV_MAPERR, kernel, "the kernel's text cannot be read");
    faults(*kernel = 1, SEGV_MAPERR, kernel, "the kernel's text cannot be written");
    faults(*direct, SEGV_MAPERR, direct, "physical memory cannot be read");
    faults(*(volatile char *)0xffffc00000000000, SEGV_MAPERR, 0xffffc00000000000,
           "the kernel's heap cannot be read");
    faults(*text = 1, SEGV_ACCERR, text, "text cannot be written");
    faults(*(volatile char *)rodata = 1, SEGV_ACCERR, rodata, "constants cannot be written");

    page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy((void *)page, return_code, sizeof return_code);
    faults(((void (*)(void))page)(), SEGV_ACCERR, page, "data cannot be executed");
    _Alignas(16) char on_stack[16] = {0};
    memcpy(on_stack, return_code, sizeof return_code);
    faults(((void (*)(void))on_stack)(), SEGV_ACCERR, on_stack, "the stack cannot be executed");
    char *jit = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 3; i++) { /* as a compiler in a program does */
        memcpy(jit + i * 64, return_code, sizeof return_code);
        __builtin___clear_cache(jit + i * 64, jit + i * 64 + sizeof return_code);
        ((void (*)(void))(jit + i * 64))();
    }
    t_check(1, "memory that was asked for so can be written and executed at once");
    t_works(munmap(jit, 4096));
    t_works(mprotect((void *)page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC));
    ((void (*)(void))page)();
    page[sizeof return_code] = 1;
    t_check(page[sizeof return_code] == 1, "a page can become both");
    t_works(mprotect((void *)page, 4096, PROT_READ | PROT_EXEC));
    ((void (*)(void))page)();
    t_check(1, "a page can become executable when it stops being writable");
    faults(page[0] = 1, SEGV_ACCERR, page, "then it cannot be written");
    t_works(mprotect((void *)page, 4096, PROT_NONE));
    faults(*page, SEGV_ACCERR, page, "PROT_NONE cannot be read");
    t_works(mprotect((void *)page, 4096, PROT_READ | PROT_WRITE));
    t_check(page[0] == (char)return_code[0], "its contents are still there");
    t_works(munmap((void *)page, 4096));
    faults(*page, SEGV_MAPERR, page, "an unmapped page is gone");

    /* Pages are zero, also when they were used before. */
    int clean = 1;
    for (int round = 0; round < 3; round++) {
        unsigned char *m = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        for (int i = 0; i < 1 << 20; i++)
            clean &= m[i] == 0;
        memset(m, 0xaa, 1 << 20);
        munmap(m, 1 << 20);
    }
    t_check(clean, "fresh pages are zero");

    unsigned char *a = mmap(0, 16 << 12, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 16; i++)
        a[i << 12] = (unsigned char)i;
    a = mremap(a, 16 << 12, 64 << 12, MREMAP_MAYMOVE);
    int kept = 1;
    for (int i = 0; i < 16; i++)
        kept &= a[i << 12] == i;
    t_check(kept && a[40 << 12] == 0, "mremap keeps the bytes and adds zeros");
    t_works(madvise(a, 4096, MADV_DONTNEED));
    t_check(a[0] == 0, "MADV_DONTNEED gives a zero page");
    t_works(munmap(a + (4 << 12), 4 << 12));
    faults(a[5 << 12] = 1, SEGV_MAPERR, a + (5 << 12), "a hole in a mapping is a hole");
    t_check(a[9 << 12] == 9, "what is behind the hole is there");

    errno = 0;
    t_check(mmap(0, 1ul << 40, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED &&
                errno == ENOMEM,
            "a mapping larger than the machine is ENOMEM");
    errno = 0;
    t_check(mmap((void *)0xffff800000000000, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                 0) == MAP_FAILED &&
                errno == ENOMEM,
            "a mapping in the kernel's half is refused");
    errno = 0;
    t_check(mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED && errno,
            "the null page cannot be mapped");
    t_fails(munmap((void *)0xffffffff80000000, 4096), EINVAL);
    t_fails(mprotect((void *)0xffffffff80000000, 4096, PROT_READ), ENOMEM);

    int fd = open("/proc/self/exe", O_RDONLY);
    char *exe = mmap(0, 8192, PROT_READ, MAP_PRIVATE, fd, 0);
    t_check(exe != MAP_FAILED && memcmp(exe, "\177ELF", 4) == 0, "a file can be mapped");
    exe = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    exe[0] = 'x';
    char first;
    t_check(pread(fd, &first, 1, 0) == 1 && first == 0x7f, "a private mapping does not write to its file");

    struct rlimit small = {64 << 20, 64 << 20};
    setrlimit(RLIMIT_AS, &small);
    errno = 0;
    t_check(mmap(0, 128 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED &&
                errno == ENOMEM,
            "RLIMIT_AS holds");
    return t_failed;
}
