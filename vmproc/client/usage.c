/* usage.c - a page that a shell, its subshells and all their shims share: the CPU time of VMs, who found none. */
#include "vmproc/client/own_fd.h"
#include "vmproc/vmproc.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define PAGE 4096 /* all of it, so that no access lies behind the file's end */

struct shared {
    struct vmproc_cpu total;
    int failed; /* the last pipeline of which a stage has said that there is no VM */
};

static struct shared *map(int fd)
{
    void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return page == MAP_FAILED ? NULL : page;
}

int vmproc_usage_open(struct vmproc_usage *usage)
{
    struct rlimit limit;
    int err;
    if (usage->total)
        return 0;
    /* `ulimit -f 0` is for the script's files: ours would raise SIGXFSZ. */
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < PAGE)
        return -EFBIG;
    usage->fd = memfd_create("fleetsh-usage", MFD_CLOEXEC);
    if (usage->fd < 0)
        return -errno;
    err = own_fd(&usage->fd);
    if (err)
        return err;
    struct shared *shared = ftruncate(usage->fd, PAGE) == 0 ? map(usage->fd) : NULL;
    if (shared) {
        usage->total = &shared->total;
        return 0;
    }
    err = -errno;
    close(usage->fd);
    usage->fd = -1;
    return err;
}

struct vmproc_cpu vmproc_usage_read(const struct vmproc_usage *usage)
{
    struct vmproc_cpu now = {0};
    if (usage->total) {
        now.user_ns = __atomic_load_n(&usage->total->user_ns, __ATOMIC_RELAXED) - usage->before.user_ns;
        now.system_ns = __atomic_load_n(&usage->total->system_ns, __ATOMIC_RELAXED) - usage->before.system_ns;
    }
    return now;
}

void vmproc_usage_in_subshell(struct vmproc_usage *usage)
{
    struct vmproc_cpu now = vmproc_usage_read(usage);
    usage->before.user_ns += now.user_ns;
    usage->before.system_ns += now.system_ns;
}

void vmproc_usage_add(int fd, const struct vmproc_cpu *used)
{
    struct shared *shared = fd >= 0 ? map(fd) : NULL;
    if (!shared)
        return;
    __atomic_fetch_add(&shared->total.user_ns, used->user_ns, __ATOMIC_RELAXED);
    __atomic_fetch_add(&shared->total.system_ns, used->system_ns, __ATOMIC_RELAXED);
}

bool vmproc_usage_first_to_fail(int fd, int pipeline)
{
    struct shared *shared = fd >= 0 && pipeline != 0 ? map(fd) : NULL;
    return !shared || __atomic_exchange_n(&shared->failed, pipeline, __ATOMIC_RELAXED) != pipeline;
}
