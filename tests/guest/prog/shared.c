/* shared.c - memory that processes share: anonymous, memory files, files. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "t.h"

#define RW (PROT_READ | PROT_WRITE)

/* What f does in a fork; it is over when this returns. */
static void in_fork(void (*f)(char *), char *p)
{
    if (fork() == 0) {
        f(p);
        _exit(0);
    }
    wait(NULL);
}

static void write_child(char *p)
{
    memcpy(p, "child", 6);
}

static void wake(char *p)
{
    *(volatile int *)p = 1;
    syscall(SYS_futex, p, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void anonymous(void)
{
    char *p = mmap(NULL, 8192, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char *own = mmap(NULL, 4096, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    t_check(p != MAP_FAILED && p[5000] == 0, "shared anonymous memory is zero");
    in_fork(write_child, p + 4096);
    in_fork(write_child, own);
    t_check(strcmp(p + 4096, "child") == 0, "what a fork writes there, its parent sees");
    t_check(own[0] == 0, "and nothing of what it writes elsewhere");
    t_works(munmap(p, 4096));
    t_check(strcmp(p + 4096, "child") == 0, "half of it may go");
    int *word = (int *)(p + 4096);
    *word = 0;
    if (fork() == 0) {
        usleep(20000);
        wake((char *)word);
        _exit(0);
    }
    while (*(volatile int *)word == 0)
        syscall(SYS_futex, word, FUTEX_WAIT, 0, NULL, NULL, 0);
    wait(NULL);
    t_check(*word == 1, "a futex in it wakes another process");
}

static void memory_file(void)
{
    char buf[8] = "";
    struct stat st;
    int fd = memfd_create("name", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    t_check(fd >= 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC, "memfd_create works");
    t_check(write(fd, "bytes", 5) == 5 && pread(fd, buf, 8, 1) == 4 && !memcmp(buf, "ytes", 4),
            "it is a file");
    t_works(ftruncate(fd, 10000));
    t_check(fstat(fd, &st) == 0 && st.st_size == 10000 && S_ISREG(st.st_mode) && st.st_nlink == 0,
            "of that size, without a name");
    char *a = mmap(NULL, 12288, RW, MAP_SHARED, fd, 0), *b = mmap(NULL, 4096, RW, MAP_SHARED, fd, 0);
    a[0] = 'B', b[1] = 'Y';
    t_check(!memcmp(a, "BYtes", 5) && pread(fd, buf, 2, 0) == 2 && !memcmp(buf, "BY", 2),
            "its mappings and read see the same bytes");
    t_check(pwrite(fd, "zz", 2, 9000) == 2 && a[9000] == 'z', "and so does write");
    t_works(ftruncate(fd, 2));
    t_works(ftruncate(fd, 5));
    t_check(!memcmp(a, "BY\0\0\0", 5), "what was cut off comes back as zeros");
    t_fails(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), EBUSY);
    t_works(munmap(a, 12288) | munmap(b, 4096));
    t_works(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW));
    t_fails(write(fd, "x", 1), EPERM);
    t_fails(ftruncate(fd, 6), EPERM);
    t_fails(mmap(NULL, 4096, RW, MAP_SHARED, fd, 0) == MAP_FAILED ? -1 : 0, EPERM);
    close(fd);
}

static void file(const char *path)
{
    char buf[8];
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600), r = open(path, O_RDONLY);
    t_check(write(fd, "0123456789", 10) == 10 && ftruncate(fd, 6000) == 0, "a file of 6000 bytes");
    char *a = mmap(NULL, 8192, RW, MAP_SHARED, fd, 0), *b = mmap(NULL, 4096, PROT_READ, MAP_SHARED, r, 0);
    t_check(a != MAP_FAILED && b != MAP_FAILED && !memcmp(a, "0123", 4), "can be mapped shared");
    t_fails(mprotect(b, 4096, RW), EACCES);
    t_fails(mmap(NULL, 4096, RW, MAP_SHARED, r, 0) == MAP_FAILED ? -1 : 0, EACCES);
    in_fork(write_child, a + 4096);
    a[1] = 'x';
    t_check(b[1] == 'x' && !strcmp(a + 4096, "child"), "who maps it sees what others write to it");
    t_check(pread(r, buf, 2, 0) == 2 && !memcmp(buf, "0x", 2), "read sees it");
    t_check(pwrite(fd, "yz", 2, 2) == 2 && !memcmp(a, "0xyz4", 5), "it sees what write does");
    a[4] = 'm';
    t_works(msync(a, 8192, MS_SYNC));
    t_works(ftruncate(fd, 3));
    t_works(ftruncate(fd, 100));
    t_check(!memcmp(a, "0xy\0\0", 5), "a file that is cut off is so in memory");
    a[50] = 'e';
    a[200] = 'n'; /* behind the end */
    close(fd);
    t_works(munmap(a, 8192));
    struct stat st;
    t_check(fstat(r, &st) == 0 && st.st_size == 100 && pread(r, buf, 2, 49) == 2 && !memcmp(buf, "\0e", 2),
            "munmap writes back, and no file grows by that");
    fd = open(path, O_RDWR);
    a = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    t_works(mprotect(a, 4096, RW));
    memcpy(a, "at exit", 7); /* the server looks for it */
    fd = open("gone", O_RDWR | O_CREAT | O_APPEND, 0600);
    t_fails(mmap(NULL, 4096, RW, MAP_SHARED, fd, 0) == MAP_FAILED ? -1 : 0, ENODEV);
}

int main(void)
{
    anonymous();
    memory_file();
    file("mapped");
    return t_failed;
}
