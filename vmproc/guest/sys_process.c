/* sys_process.c - system calls about the process itself. */
#include <linux/fcntl.h>
#include <linux/prctl.h>

#include "child.h"
#include "cpu.h"
#include "exec.h"
#include "file.h"
#include "image.h"
#include "kmem.h"
#include "lib.h"
#include "path.h"
#include "posixtimer.h"
#include "process.h"
#include "sched.h"
#include "spawn.h"
#include "special.h"
#include "syscall.h"
#include "thread.h"
#include "usercopy.h"
#include "userpath.h"
#include "userstrings.h"
#include "vmproc/toolbox.h"

SYSCALL(exit)
{
    if (current->leader->threads > 1)
        thread_end();
    process_end(CTL_EXIT_STATUS, (uint32_t)s->a[0] & 0xff);
}

SYSCALL(exit_group)
{
    process_end(CTL_EXIT_STATUS, (uint32_t)s->a[0] & 0xff);
}

/* ---- execve ---- */

static struct image *open_image(const char *path, long *error)
{
    struct path p = {0};
    /* /proc/self/exe of the resident program is the resident program. */
    *error = 0;
    if (special_find(path, &p) && strcmp(path, "/proc/self/exe") == 0 && current->leader->resident)
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
    struct image *image = failed ? NULL : image_open(f, 0, &failed);
    *error = failed;
    file_unref(f);
    return image;
}

static long exec_image(const char *path, struct image *image, const struct syscall_args *s)
{
    struct user_strings u;
    long error = user_strings_get(&u, s->a[1], s->a[2]);
    if (error)
        return error;
    struct exec_args args = {path, image, u.bytes, u.len, u.argc, u.envc};
    error = exec_program(&args, s->tf);
    user_strings_free(&u);
    return error;
}

/* What busybox's sh executes itself for, though the program of that name, in another VM, may be what is meant (toolbox.h). */
static bool is_for_another(const struct syscall_args *s)
{
    struct user_strings u;
    bool is = false;
    if (user_strings_get(&u, s->a[1], s->a[2]) != 0)
        return false;
    if (u.argc && !strchr(u.bytes, '/') && u.bytes[0] != '-') {
        struct toolbox_judgement j = toolbox_judge(u.bytes);
        const char *word = u.bytes;
        for (uint32_t i = 1; i < u.argc; i++)
            toolbox_word(&j, word += strlen(word) + 1);
        is = !j.fits;
    }
    user_strings_free(&u);
    return is;
}

/* The program's own process: the new one takes over this machine. */
static long exec_here(const char *path, const struct syscall_args *s)
{
    long error;
    struct image *image = open_image(path, &error);
    if (!image)
        return error;
    if (!image->file && is_for_another(s)) {
        image_unref(image);
        return -EACCES;
    }
    thread_end_others();
    error = exec_image(path, image, s);
    if (!error) {
        thread_alone();
        current->leader->resident = !image->file;
        signals_exec(current);
        posix_timers_delete_all(current->leader);
        fd_close_on_exec(current->files);
        if (image->file && image->file->ops->describe)
            image->file->ops->describe(image->file, current->leader->exe, sizeof current->leader->exe);
    }
    image_unref(image);
    return error;
}

SYSCALL(execve)
{
    long error;
    char *path = user_path(s->a[0], &error);
    if (!path)
        return error;
    error = current->leader == &first_task ? exec_here(path, s) : -EACCES;
    if (error == -EACCES || error == -ENOENT)
        error = spawn_exec(path, s->a[1], s->a[2]);
    kfree(path);
    return restartable(error);
}

/* ---- who we are ---- */

SYSCALL(getpid)
{
    return current->pid;
}

SYSCALL(gettid)
{
    return current->tid;
}

SYSCALL(getppid)
{
    return current->leader->ppid;
}

SYSCALL(getpgrp)
{
    return current->leader->pgid;
}

/* current or one of its forks. */
static struct task *self_or_child(uint64_t pid)
{
    if ((uint32_t)pid == 0 || (uint32_t)pid == current->pid)
        return current->leader;
    struct child *c = current->leader->children;
    while (c && c->pid != (uint32_t)pid)
        c = c->next;
    return c ? c->task : NULL;
}

SYSCALL(getpgid)
{
    struct task *t = self_or_child(s->a[0]);
    return t ? (long)t->pgid : -ESRCH;
}

/* The first process's group is the shell's business; a fork's becomes that of the VM it will be. */
SYSCALL(setpgid)
{
    struct task *t = self_or_child(s->a[0]);
    if (!t)
        return -ESRCH;
    uint32_t pgid = (uint32_t)s->a[1] ? (uint32_t)s->a[1] : t->pid;
    if (t == &first_task)
        return pgid == t->pgid ? 0 : -EPERM;
    struct child *c = child_record(t);
    t->pgid = pgid;
    if (c)
        c->pgid = pgid;
    return 0;
}

SYSCALL(getsid)
{
    struct task *t = self_or_child(s->a[0]);
    return t ? (long)t->sid : -ESRCH;
}

SYSCALL(setsid)
{
    if (current->leader->pgid == current->pid)
        return -EPERM;
    struct child *c = child_record(current);
    current->leader->sid = current->leader->pgid = current->pid;
    if (c)
        c->pgid = current->leader->pgid;
    return current->leader->sid;
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

/* ---- the rest ---- */

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

SYSCALL(sched_yield)
{
    sched_yield();
    return 0;
}

SYSCALL(set_tid_address)
{
    current->clear_child_tid = s->a[0];
    return current->tid;
}
