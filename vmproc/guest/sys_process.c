/* sys_process.c - system calls about the process itself. */
#include <asm/prctl.h>
#include <linux/fcntl.h>
#include <linux/futex.h>
#include <linux/prctl.h>

#include "cpu.h"
#include "exec.h"
#include "file.h"
#include "image.h"
#include "kmem.h"
#include "lib.h"
#include "path.h"
#include "process.h"
#include "special.h"
#include "syscall.h"
#include "usercopy.h"
#include "userpath.h"

SYSCALL(exit)
{
    process_end(CTL_EXIT_STATUS, (uint32_t)s->a[0] & 0xff);
}

/* ---- execve ---- */

#define STRINGS_MAX (6ul << 20)

/* Counts the pointers of a vector and adds up its strings' bytes. */
static long measure(uint64_t vector, uint64_t *bytes, uint32_t *count)
{
    static char piece[4096]; /* in passing */
    for (*count = 0; vector; vector += 8, ++*count) {
        uint64_t string;
        if (get_user(string, vector) != 0)
            return -EFAULT;
        if (!string)
            break;
        long n;
        do {
            n = copy_string_from_user(piece, string, sizeof piece);
            if (n < 0 && n != -ENAMETOOLONG)
                return n;
            uint64_t part = n < 0 ? sizeof piece : (uint64_t)n + 1;
            *bytes += part;
            string += part;
            if (*bytes > STRINGS_MAX)
                return -E2BIG;
        } while (n < 0);
    }
    return 0;
}

static long collect(uint64_t vector, uint32_t count, char **at, const char *end)
{
    for (uint32_t i = 0; i < count; i++) {
        uint64_t string;
        if (get_user(string, vector + 8ul * i) != 0)
            return -EFAULT;
        long n = copy_string_from_user(*at, string, (size_t)(end - *at));
        if (n < 0)
            return n;
        *at += n + 1;
    }
    return 0;
}

static struct image *open_image(const char *path, long *error)
{
    struct path p = {0};
    /* /proc/self/exe of the resident program is the resident program. */
    if (special_find(path, &p) && strcmp(path, "/proc/self/exe") == 0 && current->resident)
        return image_resident();
    struct file *f;
    struct kstat st;
    *error = path_open(AT_FDCWD, path, O_RDONLY, 0, &f);
    if (*error)
        return NULL;
    *error = file_stat(f, &st);
    if (!*error && !(st.mode & 0111))
        *error = -EACCES;
    int failed = (int)*error;
    struct image *image = failed ? NULL : image_open(f, &failed);
    *error = failed;
    file_unref(f);
    return image;
}

static long exec_image(const char *path, struct image *image, const struct syscall_args *s)
{
    uint64_t bytes = 0;
    uint32_t argc, envc;
    long error = measure(s->a[1], &bytes, &argc);
    if (!error)
        error = measure(s->a[2], &bytes, &envc);
    if (error)
        return error;
    char *strings = buffer_alloc(MAX(bytes, 1)), *at = strings;
    if (!strings)
        return -ENOMEM;
    error = collect(s->a[1], argc, &at, strings + bytes);
    if (!error)
        error = collect(s->a[2], envc, &at, strings + bytes);
    struct exec_args args = {path, image, strings, bytes, argc, envc};
    if (!error)
        error = exec_program(&args, s->tf);
    buffer_free(strings, MAX(bytes, 1));
    return error;
}

SYSCALL(execve)
{
    long error;
    char *path = user_path(s->a[0], &error);
    if (!path)
        return error;
    struct image *image = open_image(path, &error);
    if (image) {
        error = exec_image(path, image, s);
        if (!error) {
            current->resident = !image->file;
            signals_exec(current);
            fd_close_on_exec(current->files);
            if (image->file && image->file->ops->describe)
                image->file->ops->describe(image->file, current->exe, sizeof current->exe);
        }
        image_unref(image);
    }
    kfree(path);
    return restartable(error);
}

/* ---- who we are ---- */

SYSCALL(getpid)
{
    return current->pid;
}

SYSCALL(getppid)
{
    return current->ppid;
}

SYSCALL(getpgrp)
{
    return current->pgid;
}

static bool is_self(uint64_t pid)
{
    return pid == 0 || (uint32_t)pid == current->pid;
}

SYSCALL(getpgid)
{
    return is_self(s->a[0]) ? (long)current->pgid : -ESRCH;
}

/* Process groups are the shell's business: the process it sees is not this one. */
SYSCALL(setpgid)
{
    return is_self(s->a[0]) ? ((uint32_t)s->a[1] == current->pgid ? 0 : -EPERM) : -ESRCH;
}

SYSCALL(getsid)
{
    return is_self(s->a[0]) ? (long)current->sid : -ESRCH;
}

SYSCALL(setsid)
{
    if (current->pgid == current->pid)
        return -EPERM;
    current->sid = current->pgid = current->pid;
    return current->sid;
}

SYSCALL(getuid)
{
    return current->uid;
}

SYSCALL(getgid)
{
    return current->gid;
}

static long put_three(const struct syscall_args *s, uint32_t id)
{
    for (int i = 0; i < 3; i++)
        if (put_user(id, s->a[i]) != 0)
            return -EFAULT;
    return 0;
}

SYSCALL(getresuid)
{
    return put_three(s, current->uid);
}

SYSCALL(getresgid)
{
    return put_three(s, current->gid);
}

/* There is one identity, the user's: what would change it is refused. */
static long stays(const struct syscall_args *s, int n, uint32_t id)
{
    for (int i = 0; i < n; i++)
        if ((uint32_t)s->a[i] != UINT32_MAX && (uint32_t)s->a[i] != id)
            return -EPERM;
    return 0;
}

SYSCALL(setuid)
{
    return stays(s, 1, current->uid);
}

SYSCALL(setgid)
{
    return stays(s, 1, current->gid);
}

SYSCALL(setreuid)
{
    return stays(s, 2, current->uid);
}

SYSCALL(setregid)
{
    return stays(s, 2, current->gid);
}

SYSCALL(setresuid)
{
    return stays(s, 3, current->uid);
}

SYSCALL(setresgid)
{
    return stays(s, 3, current->gid);
}

SYSCALL(getgroups)
{
    uint32_t gid = current->gid;
    if ((int)s->a[0] < 0)
        return -EINVAL;
    if ((int)s->a[0] && put_user(gid, s->a[1]) != 0)
        return -EFAULT;
    return 1;
}

SYSCALL(setgroups)
{
    return -EPERM;
}

SYSCALL(wait4)
{
    return -ECHILD;
}

/* ---- the rest ---- */

SYSCALL(arch_prctl)
{
    uint64_t addr = s->a[1];
    switch (s->a[0]) {
    case ARCH_SET_FS:
    case ARCH_SET_GS:
        if (addr >= USER_TOP)
            return -EPERM;
        wrmsr(s->a[0] == ARCH_SET_FS ? MSR_FS_BASE : MSR_GS_BASE, addr);
        return 0;
    case ARCH_GET_FS:
    case ARCH_GET_GS: {
        uint64_t base = rdmsr(s->a[0] == ARCH_GET_FS ? MSR_FS_BASE : MSR_GS_BASE);
        return put_user(base, addr);
    }
    }
    return -EINVAL;
}

SYSCALL(prctl)
{
    char name[16];
    switch (s->a[0]) {
    case PR_SET_NAME: {
        long n = copy_string_from_user(name, s->a[1], sizeof name);
        if (n == -EFAULT)
            return n;
        name[sizeof name - 1] = '\0';
        memcpy(current->comm, name, sizeof name);
        return 0;
    }
    case PR_GET_NAME:
        return copy_to_user(s->a[1], current->comm, sizeof current->comm);
    case PR_GET_DUMPABLE:
        return 0;
    case PR_SET_DUMPABLE:
    case PR_SET_PDEATHSIG:
    case PR_SET_NO_NEW_PRIVS:
    case PR_SET_KEEPCAPS:
        return 0;
    case PR_GET_NO_NEW_PRIVS:
        return 1;
    }
    return -EINVAL;
}

SYSCALL(set_tid_address)
{
    current->clear_child_tid = s->a[0];
    return current->pid;
}

/* With one thread a wait that finds its value can only end by time or signal, and nobody is there to wake. */
SYSCALL(futex)
{
    uint32_t value;
    int64_t timeout[2];
    uint64_t deadline = NO_DEADLINE;
    switch (s->a[1] & FUTEX_CMD_MASK) {
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET:
        if (get_user(value, s->a[0]) != 0)
            return -EFAULT;
        if (value != (uint32_t)s->a[2])
            return -EAGAIN;
        if (s->a[3]) {
            if (get_user(timeout, s->a[3]) != 0)
                return -EFAULT;
            if (timeout[0] < 0 || timeout[1] < 0 || timeout[1] >= (int64_t)NS_PER_SEC)
                return -EINVAL;
            deadline = (uint64_t)timeout[0] * NS_PER_SEC + (uint64_t)timeout[1];
            if ((s->a[1] & FUTEX_CMD_MASK) == FUTEX_WAIT)
                deadline += clock_monotonic();
        }
        task_will_sleep();
        return restartable(task_sleep(deadline, true));
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET:
        return get_user(value, s->a[0]) == 0 ? 0 : -EFAULT;
    }
    return -ENOSYS;
}
