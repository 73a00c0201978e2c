/* sys_memfd.c - memfd_create(2). */
#include <linux/fcntl.h>
#include <linux/memfd.h>

#include "kmem.h"
#include "lib.h"
#include "memfile.h"
#include "syscall.h"
#include "usercopy.h"

#define NAME_MAX_BYTES 249u

SYSCALL(memfd_create)
{
    uint64_t flags = s->a[1];
    char name[NAME_MAX_BYTES + 1];
    struct file *f;
    if (flags & ~(uint64_t)(MFD_CLOEXEC | MFD_ALLOW_SEALING))
        return -EINVAL;
    long error = copy_string_from_user(name, s->a[0], sizeof name);
    if (error < 0)
        return error == -ENAMETOOLONG ? -EINVAL : error;
    struct memfile *m = memfile_new(name, 0777);
    if (!m)
        return -ENOMEM;
    m->seals = flags & MFD_ALLOW_SEALING ? 0 : F_SEAL_SEAL;
    error = memfile_open(m, O_RDWR, &f);
    memfile_unref(m);
    return error ? error : fd_install(f, flags & MFD_CLOEXEC, 0);
}
