/* fdtable.c - which descriptor is which file. */
#include <linux/errno.h>
#include <linux/resource.h>

#include "file.h"
#include "kmem.h"
#include "lib.h"
#include "recordlock.h"
#include "task.h"

#define FD_FIRST_SIZE 64u
#define FD_MAX        4096u /* whatever RLIMIT_NOFILE says */

struct fd_slot {
    struct file *file;
    bool cloexec;
};

struct fd_table {
    unsigned refs; /* threads that use it */
    struct fd_slot *slots;
    uint32_t size;
};

static struct fd_table *new_table(uint32_t size)
{
    struct fd_table *t = kmalloc(sizeof *t);
    if (!t)
        return NULL;
    t->refs = 1;
    t->size = size;
    t->slots = buffer_alloc(t->size * sizeof *t->slots);
    if (!t->slots) {
        kfree(t);
        return NULL;
    }
    return t;
}

struct fd_table *fd_table_new(void)
{
    return new_table(FD_FIRST_SIZE);
}

struct fd_table *fd_table_copy(const struct fd_table *from)
{
    struct fd_table *t = new_table(from->size);
    for (uint32_t fd = 0; t && fd < t->size; fd++) {
        t->slots[fd] = from->slots[fd];
        if (t->slots[fd].file)
            file_ref(t->slots[fd].file);
    }
    return t;
}

struct fd_table *fd_table_ref(struct fd_table *t)
{
    t->refs++;
    return t;
}

void fd_table_free(struct fd_table *t)
{
    if (!t || --t->refs)
        return;
    for (uint32_t fd = 0; fd < t->size; fd++)
        file_unref(t->slots[fd].file);
    buffer_free(t->slots, t->size * sizeof *t->slots);
    kfree(t);
}

void fd_close_on_exec(struct fd_table *t)
{
    for (uint32_t fd = 0; fd < t->size; fd++)
        if (t->slots[fd].file && t->slots[fd].cloexec)
            fd_close(fd);
}

static struct file *hold(struct file *f)
{
    struct file **slot = &current->held[current->next_held++ % FDS_HELD], *before = *slot;
    *slot = file_ref(f);
    file_unref(before);
    return f;
}

void fd_drop_held(struct task *t)
{
    for (unsigned i = 0; i < FDS_HELD; i++) {
        struct file *f = t->held[i];
        t->held[i] = NULL;
        file_unref(f);
    }
}

struct file *fd_file(uint32_t fd)
{
    struct fd_table *t = current->files;
    struct file *f = fd < t->size ? t->slots[fd].file : NULL;
    return f && current->leader->threads > 1 ? hold(f) : f;
}

static uint32_t allowed(void)
{
    return (uint32_t)MIN(current->leader->rlimit[RLIMIT_NOFILE].cur, FD_MAX);
}

static int grow(struct fd_table *t, uint32_t fd)
{
    uint32_t size = t->size;
    while (size <= fd)
        size *= 2;
    if (size == t->size)
        return 0;
    struct fd_slot *slots = buffer_alloc(size * sizeof *slots);
    if (!slots)
        return -ENOMEM;
    memcpy(slots, t->slots, t->size * sizeof *slots);
    buffer_free(t->slots, t->size * sizeof *slots);
    t->slots = slots;
    t->size = size;
    return 0;
}

int fd_install(struct file *f, bool cloexec, uint32_t min)
{
    uint32_t fd = min;
    struct fd_table *t = current->files;
    while (fd < t->size && t->slots[fd].file)
        fd++;
    int error = fd < allowed() ? grow(t, fd) : -EMFILE;
    if (error) {
        file_unref(f);
        return error;
    }
    t->slots[fd] = (struct fd_slot){f, cloexec};
    return (int)fd;
}

int fd_install_at(struct file *f, bool cloexec, uint32_t fd)
{
    struct fd_table *t = current->files;
    int error = fd < FD_MAX ? grow(t, fd) : -EBADF;
    if (error) {
        file_unref(f);
        return error;
    }
    struct file *old = t->slots[fd].file;
    t->slots[fd] = (struct fd_slot){f, cloexec};
    if (old)
        record_locks_closed(old);
    file_unref(old);
    return (int)fd;
}

int fd_close(uint32_t fd)
{
    struct file *f = fd_file(fd);
    if (!f)
        return -EBADF;
    current->files->slots[fd].file = NULL;
    record_locks_closed(f);
    file_unref(f);
    return 0;
}

bool fd_cloexec(uint32_t fd)
{
    return current->files->slots[fd].cloexec;
}

void fd_set_cloexec(uint32_t fd, bool on)
{
    current->files->slots[fd].cloexec = on;
}

uint32_t fd_limit(void)
{
    return current->files->size;
}
