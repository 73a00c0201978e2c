/*
 * failnth.c - preloaded into fleetsh, vmprocd, or a shim that is linked dynamically for it: one call of a kind fails, or that one and all after it.
 *
 *   FAILNTH_FILE   a file of struct plan: what fails; every process counts in it, so that "the n-th" and
 *                  "did it happen" are of the whole tree of processes
 *   FAILNTH_EXE    the program that it is for; in any other that inherits the environment it does nothing
 *
 * fault.py and tests/system/fault.py write the file and read it afterwards.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum kind {
    KIND_NONE,
    KIND_MEMORY,
    KIND_OPEN,
    KIND_DUP,
    KIND_FORK,
    KIND_PIPE,
    KIND_WRITE,
    KIND_READ,
    KIND_SOCKET,
    KIND_SEND,
    KIND_THREAD
};

/* The order is fault.py's. */
struct plan {
    int32_t kind;
    int32_t error;     /* errno; 0: the call succeeds, but moves one byte only (write, read) */
    int32_t n;         /* the first call that fails, from 1 */
    int32_t all_after; /* the later ones fail too */
    atomic_int calls;  /* of this kind, so far */
    atomic_int failed;
};

static struct plan *plan;

/* Constructors of other libraries have not run yet, but libc's is done: open(2) and mmap(2) work. */
__attribute__((constructor)) static void failnth_init(void)
{
    const char *file = getenv("FAILNTH_FILE"), *exe = getenv("FAILNTH_EXE");
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    int fd;

    if (!file || !exe || len < 0)
        return;
    self[len] = '\0';
    if (strcmp(self, exe) != 0)
        return;
    fd = open(file, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        _exit(99);
    void *map = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (map == MAP_FAILED)
        _exit(99);
    plan = map;
}

/* Counts this call. Returns whether it is one that goes wrong. */
static bool is_hit(enum kind kind)
{
    if (!plan || plan->kind != (int32_t)kind)
        return false;
    int now = atomic_fetch_add(&plan->calls, 1) + 1;
    if (now != plan->n && !(plan->all_after && now > plan->n))
        return false;
    atomic_fetch_add(&plan->failed, 1);
    return true;
}

/* ... and fails, with errno set. */
static bool fails(enum kind kind)
{
    if (!is_hit(kind))
        return false;
    errno = plan->error;
    return true;
}

/* dlsym(3) may allocate: glibc's own names are used where there are such. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

void *malloc(size_t size)
{
    return fails(KIND_MEMORY) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails(KIND_MEMORY) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails(KIND_MEMORY) ? NULL : __libc_realloc(old, size);
}

int posix_memalign(void **result, size_t alignment, size_t size)
{
    if (is_hit(KIND_MEMORY))
        return ENOMEM;
    *result = __libc_memalign(alignment, size);
    return *result ? 0 : ENOMEM;
}

static int mode_of(int flags, va_list arguments)
{
    return flags & O_CREAT ? va_arg(arguments, int) : 0;
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    int mode = mode_of(flags, arguments);
    va_end(arguments);
    return fails(KIND_OPEN) ? -1 : NEXT(openat)(AT_FDCWD, path, flags, mode);
}

int openat(int directory, const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    int mode = mode_of(flags, arguments);
    va_end(arguments);
    return fails(KIND_OPEN) ? -1 : NEXT(openat)(directory, path, flags, mode);
}

DIR *opendir(const char *path)
{
    return fails(KIND_OPEN) ? NULL : NEXT(opendir)(path);
}

int memfd_create(const char *name, unsigned flags)
{
    return fails(KIND_OPEN) ? -1 : NEXT(memfd_create)(name, flags);
}

int dup(int fd)
{
    return fails(KIND_DUP) ? -1 : NEXT(dup)(fd);
}

int fcntl(int fd, int operation, ...)
{
    va_list arguments;
    va_start(arguments, operation);
    long argument = va_arg(arguments, long); /* what is not there is not looked at by the kernel */
    va_end(arguments);
    if ((operation == F_DUPFD || operation == F_DUPFD_CLOEXEC) && fails(KIND_DUP))
        return -1;
    return NEXT(fcntl)(fd, operation, argument);
}

pid_t fork(void)
{
    return fails(KIND_FORK) ? -1 : NEXT(fork)();
}

int pipe(int ends[2])
{
    return fails(KIND_PIPE) ? -1 : NEXT(pipe)(ends);
}

int pipe2(int ends[2], int flags)
{
    return fails(KIND_PIPE) ? -1 : NEXT(pipe2)(ends, flags);
}

/* How much of len is moved; -1: the call fails. */
static ssize_t share(enum kind kind, size_t len)
{
    if (!is_hit(kind))
        return (ssize_t)len;
    if (plan->error == 0)
        return len > 0;
    errno = plan->error;
    return -1;
}

ssize_t write(int fd, const void *from, size_t len)
{
    ssize_t part = share(KIND_WRITE, len);
    return part < 0 ? -1 : NEXT(write)(fd, from, (size_t)part);
}

ssize_t read(int fd, void *to, size_t len)
{
    ssize_t part = share(KIND_READ, len);
    return part < 0 ? -1 : NEXT(read)(fd, to, (size_t)part);
}

int socket(int domain, int type, int protocol)
{
    return fails(KIND_SOCKET) ? -1 : NEXT(socket)(domain, type, protocol);
}

int socketpair(int domain, int type, int protocol, int ends[2])
{
    return fails(KIND_SOCKET) ? -1 : NEXT(socketpair)(domain, type, protocol, ends);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    return fails(KIND_SEND) ? -1 : NEXT(sendmsg)(fd, message, flags);
}

int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
                   void *(*run)(void *), void *restrict argument)
{
    return is_hit(KIND_THREAD) ? plan->error : NEXT(pthread_create)(thread, attributes, run, argument);
}

/* For openat2(2), which has no function of its own. */
long syscall(long number, ...)
{
    long a[6];
    va_list arguments;
    va_start(arguments, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(arguments, long);
    va_end(arguments);
    if (number == SYS_openat2 && fails(KIND_OPEN))
        return -1;
    return NEXT(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
