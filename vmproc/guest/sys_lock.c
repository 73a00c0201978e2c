/* sys_lock.c - flock(2). fcntl(2)'s locks are in recordlock.c. */
#include "file.h"
#include "syscall.h"
#include "vmproc/p9.h"
#include "writeback.h"

enum { LOCK_SHARED = 1, LOCK_EXCLUSIVE = 2, LOCK_NOWAIT = 4, LOCK_UNLOCK = 8 };

SYSCALL(flock)
{
    static const uint8_t types[] = {
        [LOCK_SHARED] = P9_LOCK_READ, [LOCK_EXCLUSIVE] = P9_LOCK_WRITE, [LOCK_UNLOCK] = P9_LOCK_NONE};
    struct file *f = fd_file((uint32_t)s->a[0]);
    int kind = (int)s->a[1] & ~LOCK_NOWAIT;
    if (!f)
        return -EBADF;
    if (kind != LOCK_SHARED && kind != LOCK_EXCLUSIVE && kind != LOCK_UNLOCK)
        return -EINVAL;
    struct file_lock lock = {.type = types[kind], .kind = LOCK_OF_FILE};
    writeback_all(); /* before others may have it */
    /* What this machine alone has, nobody else has opened. */
    long r = f->ops->lock ? f->ops->lock(f, &lock, !(s->a[1] & LOCK_NOWAIT)) : 0;
    if (r == 0 && kind != LOCK_UNLOCK)
        writeback_reload_all();
    return restartable(r);
}
