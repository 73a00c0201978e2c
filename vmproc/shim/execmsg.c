/* execmsg.c - CTL_EXEC: everything that the program starts with. */
#include "shim.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

bool exec_is_resident(const struct shim *shim)
{
    const struct vmp_grant *g = &shim->grant;
    struct stat st;
    if (!g->resident_ino || stat(shim->path, &st))
        return false;
    return st.st_dev == g->resident_dev && st.st_ino == g->resident_ino &&
           (uint64_t)st.st_size == g->resident_size &&
           (uint64_t)st.st_mtim.tv_sec * 1000000000u + (uint64_t)st.st_mtim.tv_nsec == g->resident_mtime_ns;
}

static uint32_t flags_of(const struct shim *shim)
{
    uint32_t flags = exec_is_resident(shim) ? EXEC_RESIDENT : 0;
    if (shim->args.wire_in)
        flags |= EXEC_WIRE_IN | (shim->grant.flags & VMP_RING_IN ? EXEC_RING_IN : 0);
    if (shim->args.wire_out)
        flags |= EXEC_WIRE_OUT | (shim->grant.flags & VMP_RING_OUT ? EXEC_RING_OUT : 0);
    if (network_has_hosts(&shim->network) && !shim->network.open)
        flags |= EXEC_RESOLVER;
    if (shim->strace.fd >= 0)
        flags |= EXEC_TRACE;
    return flags;
}

static uint64_t realtime_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* A policy's, which hold for the program alone. */
static void lower(struct ctl_rlimit *limit, uint64_t to)
{
    if (to && limit->max > to)
        limit->max = to;
    if (limit->cur > limit->max)
        limit->cur = limit->max;
}

static int fill(const struct shim *shim, struct ctl_exec *e)
{
    mode_t mask = umask(0); /* from now on the guest applies it: it alone knows what the program sets it to */
    *e = (struct ctl_exec){
        .abi = GUEST_ABI_VERSION,
        .flags = flags_of(shim),
        .realtime_ns = realtime_ns(),
        .tsc_hz = shim->grant.tsc_hz,
        .wire_in_key = shim->args.wire_in ? shim->grant.wire_in_key : 0,
        .wire_out_key = shim->args.wire_out ? shim->grant.wire_out_key : 0,
        .pid = (uint32_t)getpid(),
        .ppid = (uint32_t)getppid(),
        .pgid = (uint32_t)getpgrp(),
        .sid = (uint32_t)getsid(0),
        .uid = getuid(),
        .gid = getgid(),
        .umask = mask,
        .sig_ignored_lo = (uint32_t)shim->signals.ignored,
        .sig_ignored_hi = (uint32_t)(shim->signals.ignored >> 32),
        .sig_blocked_lo = (uint32_t)shim->signals.blocked,
        .sig_blocked_hi = (uint32_t)(shim->signals.blocked >> 32),
        .nfds = shim->inherit.count,
        .window = (uint32_t)shim->out.window,
        .memory_bytes = shim->policy.memory_bytes < shim->grant.memory_bytes ? shim->policy.memory_bytes : 0,
    };
    if (getrandom(e->entropy, sizeof e->entropy, 0) != sizeof e->entropy)
        return -EIO;
    memcpy(e->rlimit, shim->limits.of_program, sizeof e->rlimit);
    lower(&e->rlimit[RLIMIT_CPU], shim->policy.cpu_seconds);
    lower(&e->rlimit[RLIMIT_FSIZE], shim->policy.file_bytes);
    return 0;
}

/* The strings, in the order of the message: program, cwd, hostname, argv..., env... */
struct strings {
    char cwd[PATH_MAX];
    char host[HOST_NAME_MAX + 1];
    char program[PATH_MAX];
    const char *fixed[3];
};

static void collect(const struct shim *shim, struct strings *s)
{
    if (tree_cwd(s->cwd))
        strcpy(s->cwd, "/"); /* as tree_init() has it */
    if (gethostname(s->host, sizeof s->host))
        strcpy(s->host, "localhost");
    s->host[HOST_NAME_MAX] = '\0';
    s->fixed[0] = shim->path;
    /* The guest opens all but the resident one, and so knows where they lie: /proc/self/exe is never relative. */
    if (shim->path[0] != '/' && exec_is_resident(shim) && realpath(shim->path, s->program))
        s->fixed[0] = s->program;
    s->fixed[1] = s->cwd;
    s->fixed[2] = s->host;
}

static char *put(char *at, const char *text)
{
    return stpcpy(at, text) + 1;
}

static char *put_all(char *at, char *const list[])
{
    for (; *list; list++)
        at = put(at, *list);
    return at;
}

static size_t measure(char *const list[], uint32_t *count)
{
    size_t len = 0;
    for (*count = 0; list[*count]; ++*count)
        len += strlen(list[*count]) + 1;
    return len;
}

/* The whole message after ctl_exec and its head are filled in. */
static void lay_out(const struct shim *shim, const struct ctl_exec *e, const struct strings *s, char *message)
{
    struct ctl_head head = {.type = CTL_EXEC};
    char *at = message + sizeof head, *end;
    memcpy(at, e, sizeof *e);
    at += sizeof *e;
    for (unsigned i = 0; i < e->nfds; i++, at += sizeof(struct ctl_fd))
        memcpy(at, &shim->inherit.fd[i].info, sizeof(struct ctl_fd));
    end = at + e->strings_len;
    for (int i = 0; i < 3; i++)
        at = put(at, s->fixed[i]);
    at = put_all(at, shim->argv);
    at = put_all(at, shim->envp);
    assert(at == end);
    head.len = (uint32_t)(end - message - (ptrdiff_t)sizeof head);
    memcpy(message, &head, sizeof head);
}

int exec_send(struct shim *shim)
{
    struct strings s;
    struct ctl_exec e;
    size_t strings, total;
    char *message;
    int err = fill(shim, &e);
    if (err)
        return err;
    collect(shim, &s);
    strings = measure(shim->argv, &e.nargv) + measure(shim->envp, &e.nenv);
    for (int i = 0; i < 3; i++)
        strings += strlen(s.fixed[i]) + 1;
    total = sizeof e + e.nfds * sizeof(struct ctl_fd) + strings;
    if (total > CTL_MAX_BODY)
        return -E2BIG;
    e.strings_len = (uint32_t)strings;
    message = malloc(sizeof(struct ctl_head) + total);
    if (!message)
        return -ENOMEM;
    lay_out(shim, &e, &s, message);
    err = stream_send(&shim->ctl, message, sizeof(struct ctl_head) + total);
    free(message);
    return err;
}
