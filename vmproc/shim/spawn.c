/* spawn.c - takes a spawn message apart, finds the program, starts a shim for it. */
#include "spawn.h"
#include "limit.h"
#include "parcel.h"
#include "vmproc/client/child.h"
#include "vmproc/events.h"
#include "vmproc/parts.h"
#include "vmproc/toolbox.h"
#include "vmproc/vmproc.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PENDING_MAX      64 /* as many forks as a guest has */
#define MAX_INTERPRETERS 4
#define SCRIPT_LINE      256 /* of a #! line count, as for the kernel */

/* ---- pieces ---- */

static struct pending_spawn **find(struct shim *shim, uint32_t id)
{
    struct pending_spawn **at = &shim->children.pending;
    while (*at && (*at)->id != id)
        at = &(*at)->next;
    return at;
}

void spawn_forget(struct shim *shim, uint32_t id)
{
    struct pending_spawn **at = find(shim, id), *p = *at;
    if (!p)
        return;
    *at = p->next;
    free(p->bytes);
    free(p);
}

static struct pending_spawn *new_pending(struct shim *shim, uint32_t id)
{
    unsigned count = 0;
    struct pending_spawn *p;
    for (p = shim->children.pending; p; p = p->next)
        count++;
    p = count < PENDING_MAX ? calloc(1, sizeof *p) : NULL;
    if (!p)
        return NULL;
    p->id = id;
    p->next = shim->children.pending;
    shim->children.pending = p;
    return p;
}

int spawn_piece(struct shim *shim, uint32_t id, const uint8_t *bytes, uint32_t len)
{
    struct pending_spawn *p = *find(shim, id);
    if (!p && !(p = new_pending(shim, id)))
        return -EPROTO;
    if (p->len + len > CTL_MAX_BODY)
        return -EPROTO;
    if (p->len + len > p->room) {
        size_t room = (p->len + len) * 2;
        uint8_t *grown = realloc(p->bytes, room);
        if (!grown)
            return -EPROTO;
        p->bytes = grown;
        p->room = room;
    }
    if (len)
        memcpy(p->bytes + p->len, bytes, len);
    p->len += len;
    return 0;
}

/* ---- taking it apart ---- */

struct spawn {
    struct ctl_spawn head;
    const struct ctl_spawn_fd *fds;
    char *path, *cwd;
    char **argv, **envp; /* NULL-terminated; argv has room for interpreters in front */
    char found[PATH_MAX];
    char lines[MAX_INTERPRETERS][SCRIPT_LINE];
    char scripts[MAX_INTERPRETERS][PATH_MAX];
};

#define FRONT (2 * MAX_INTERPRETERS)

static char *next_string(char **at, const char *end)
{
    char *s = *at;
    size_t n = strnlen(s, (size_t)(end - s));
    if (s + n == end)
        return NULL;
    *at = s + n + 1;
    return s;
}

static char **take_list(char **at, const char *end, uint32_t count, unsigned front)
{
    char **list;
    if (count > (size_t)(end - *at)) /* each has a byte at least */
        return NULL;
    list = calloc((size_t)count + front + 1, sizeof *list);
    for (uint32_t i = 0; list && i < count; i++)
        if (!(list[front + i] = next_string(at, end))) {
            free(list);
            return NULL;
        }
    return list;
}

static int parse(struct spawn *s, const struct pending_spawn *p)
{
    char *at = (char *)p->bytes + sizeof s->head, *end = (char *)p->bytes + p->len;
    if (p->len < sizeof s->head)
        return -EINVAL;
    memcpy(&s->head, p->bytes, sizeof s->head);
    if (s->head.nfds > INHERIT_MAX ||
        sizeof s->head + s->head.nfds * sizeof *s->fds + s->head.strings_len != p->len || s->head.nargv == 0)
        return -EINVAL;
    s->fds = (const void *)at;
    at += s->head.nfds * sizeof *s->fds;
    s->path = next_string(&at, end);
    s->cwd = s->path ? next_string(&at, end) : NULL;
    if (!s->cwd || s->cwd[0] != '/' || !s->path[0])
        return -EINVAL;
    s->argv = take_list(&at, end, s->head.nargv, FRONT);
    if (s->argv)
        s->envp = take_list(&at, end, s->head.nenv, 0);
    if (!s->envp || at != end)
        return -EINVAL;
    s->argv += FRONT;
    return 0;
}

static void release(struct spawn *s, unsigned front_used)
{
    if (s->argv)
        free(s->argv - (FRONT - front_used));
    free(s->envp);
}

/* ---- the program ---- */

/*
 * The standard's shell is, for a user who has the toolbox in PATH, the toolbox's: it is resident. It takes
 * the toolbox's commands for its own, so whoever has taken the toolbox out of PATH gets the system's.
 */
static void find_shell(char path[PATH_MAX])
{
    char toolbox[PATH_MAX], sh[PATH_MAX + 4];
    if (strcmp(path, "/bin/sh") != 0 && strcmp(path, "/usr/bin/sh") != 0)
        return;
    if (part_find(PART_TOOLBOX, toolbox) || snprintf(sh, sizeof sh, "%s/sh", toolbox) >= PATH_MAX)
        return;
    if (grants_is_in_search_path(sh) && access(sh, X_OK) == 0)
        strcpy(path, sh);
}

/* The first program of that name in the PATH of the one that asks that is no applet; else path stays as it is: -ENOENT. */
static int find_in_path(const struct spawn *s, const char *name, char path[PATH_MAX])
{
    const char *list = "";
    for (char **env = s->envp; *env; env++)
        if (strncmp(*env, "PATH=", 5) == 0)
            list = *env + 5;
    while (*list) {
        char candidate[PATH_MAX];
        size_t len = strcspn(list, ":");
        int n = snprintf(candidate, sizeof candidate, "%.*s/%s", (int)len, list, name);
        if (list[0] == '/' && n < PATH_MAX && access(candidate, X_OK) == 0 &&
            !part_is_toolbox_program(candidate)) {
            strcpy(path, candidate);
            return 0;
        }
        list += len + (list[len] == ':');
    }
    return -ENOENT;
}

static int make_absolute(struct spawn *s, const char *path)
{
    int len = path[0] == '/' ? snprintf(s->found, sizeof s->found, "%s", path)
                             : snprintf(s->found, sizeof s->found, "%s/%s", s->cwd, path);
    return len < PATH_MAX ? 0 : -ENAMETOOLONG;
}

/* The new shim decides again; this is for execve(2)'s error. */
static int check_given(struct shim *shim, const char *path, const struct limit *limit)
{
    char real[PATH_MAX];
    struct stat st;
    if (grants_is_public_program(path))
        return 0;
    if (!realpath(path, real))
        return -errno;
    if (limit_allows(limit, real) == LIMIT_NOTHING) {
        explain_program(shim, path);
        return -EACCES;
    }
    if (stat(real, &st))
        return -errno;
    return S_ISREG(st.st_mode) && access(real, X_OK) == 0 ? 0 : -EACCES;
}

/* The words of the #! line in s->found, and that path, go in front of argv[1...]. */
static int put_interpreter(struct spawn *s, unsigned depth, unsigned *front)
{
    char *line = s->lines[depth], *word, *argument;
    int fd = open(s->found, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t len = fd < 0 ? -1 : read(fd, line, SCRIPT_LINE - 1);
    if (fd >= 0)
        close(fd);
    if (len < 2)
        return -ENOEXEC;
    line[len] = '\0';
    line[strcspn(line, "\n")] = '\0';
    for (char *end = line + strlen(line); end > line && strchr(" \t\r", end[-1]);)
        *--end = '\0';
    word = line + 2 + strspn(line + 2, " \t");
    argument = word + strcspn(word, " \t");
    if (*argument) {
        *argument++ = '\0';
        argument += strspn(argument, " \t");
    }
    s->argv[0] = strcpy(s->scripts[depth], s->found);
    if (*argument) {
        *--s->argv = argument;
        ++*front;
    }
    *--s->argv = word;
    ++*front;
    return *word ? make_absolute(s, word) : -ENOEXEC;
}

static int find_program(struct shim *shim, struct spawn *s, const struct limit *limit, unsigned *front)
{
    int err = make_absolute(s, s->path);
    if (!err && !strchr(s->argv[0], '/') && !toolbox_fits(s->argv) && part_is_toolbox_program(s->found) &&
        find_in_path(s, s->argv[0], s->found) != 0 && toolbox_leaves_out(s->argv[0]))
        err = -ENOENT;
    for (unsigned depth = 0; !err; depth++) {
        const char *reason;
        int kind;
        find_shell(s->found);
        err = check_given(shim, s->found, limit);
        if (err)
            return err;
        kind = vmproc_kind(s->found, &reason);
        if (kind < 0)
            return kind;
        if (kind == VMPROC_PROGRAM || kind == VMPROC_FOREIGN)
            return 0;
        if (kind != VMPROC_SCRIPT || depth == MAX_INTERPRETERS)
            return kind == VMPROC_SCRIPT ? -ELOOP : -ENOEXEC;
        err = put_interpreter(s, depth, front);
    }
    return err;
}

/* ---- the start ---- */

#define OWN_FDS 6 /* lifeline, usage page, events, parcel, strace, policy */

static const char *const device_names[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random",
                                           "/dev/urandom"};

/* A descriptor of ours for one of the child's; *opened: it was made for that. -1: the child has none. */
static int source_of(const struct shim *shim, uint32_t from, bool *opened)
{
    struct inherited *f;
    *opened = from & SPAWN_DEVICE;
    if (*opened) {
        uint32_t row = from & ~SPAWN_DEVICE;
        return row < sizeof device_names / sizeof *device_names ? open(device_names[row], O_RDWR | O_CLOEXEC)
                                                                : -1;
    }
    f = inherit_find(&shim->inherit, from);
    return f ? f->file.fd : -1;
}

struct start {
    struct child_plan plan;
    struct child_fd fds[INHERIT_MAX + OWN_FDS];
    bool opened[INHERIT_MAX];
    char options[SHIM_ARGS_MAX];
    char **argv;
    int parcel;
};

static void add_own(struct start *start, int fd, int *number, int *next)
{
    *number = -1;
    if (fd < 0)
        return;
    *number = (*next)++;
    start->fds[start->plan.nfds++] = (struct child_fd){fd, *number};
}

static void fill_descriptors(struct start *start, const struct shim *shim, const struct spawn *s)
{
    struct shim_args args = shim->args;
    int next = 10;
    for (uint32_t i = 0; i < s->head.nfds; i++) {
        bool opened;
        int fd = source_of(shim, s->fds[i].from, &opened), to = (int)s->fds[i].fd;
        if (fd < 0 || s->fds[i].fd >= (1u << 20))
            continue;
        start->opened[start->plan.nfds] = opened;
        start->fds[start->plan.nfds++] = (struct child_fd){fd, to};
        next = to >= next ? to + 1 : next;
    }
    args.lease_fd = -1;
    args.wire_in = args.wire_out = args.last = false;
    args.own_files = 0; /* it shares them with us */
    args.program_fd = -1;
    args.daemon_pid = vmproc_daemon_pid(shim->vmprocd_fd);
    add_own(start, shim->args.lifeline_fd, &args.lifeline_fd, &next);
    add_own(start, shim->args.usage_fd, &args.usage_fd, &next);
    add_own(start, shim->args.events_fd, &args.events_fd, &next);
    add_own(start, start->parcel, &args.parcel_fd, &next);
    add_own(start, shim->args.strace_fd, &args.strace_fd, &next);
    add_own(start, shim->args.policy_fd, &args.policy_fd, &next);
    shim_args_format(&args, start->options);
}

static void fill_plan(struct start *start, const struct spawn *s)
{
    const struct ctl_spawn *h = &s->head;
    char own[PATH_MAX];
    unsigned n = 0;
    while (s->argv[n])
        n++;
    start->argv[0] = "vmproc-run";
    start->argv[1] = start->options;
    start->argv[2] = (char *)s->found;
    memcpy(start->argv + 3, s->argv, (n + 1) * sizeof *s->argv);
    start->plan.program = "/proc/self/exe";
    start->plan.argv = start->argv;
    start->plan.envp = environ;
    start->plan.fds = start->fds;
    /* Our own by no name: it may have none any more, or none that can be followed. */
    start->plan.cwd = tree_cwd(own) == 0 && strcmp(s->cwd, own) == 0 ? "." : s->cwd;
    start->plan.umask = h->umask & 0777;
    start->plan.session = h->flags & SPAWN_SESSION;
    start->plan.pgid = h->flags & SPAWN_PGROUP ? (pid_t)h->pgid : -1;
    start->plan.ignored = (uint64_t)h->sig_ignored_hi << 32 | h->sig_ignored_lo;
    start->plan.blocked = (uint64_t)h->sig_blocked_hi << 32 | h->sig_blocked_lo;
    for (int i = 0; i < RLIM_NLIMITS; i++)
        start->plan.limits[i] = (struct rlimit){h->rlimit[i].cur, h->rlimit[i].max};
}

static pid_t start_shim(struct shim *shim, const struct spawn *s, const struct limit *limit)
{
    struct start *start = calloc(1, sizeof *start);
    unsigned n = 0;
    uint64_t now = event_now_ns();
    pid_t pid = -ENOMEM;
    while (s->argv[n])
        n++;
    if (!start)
        return pid;
    start->parcel = parcel_pack(limit, s->envp);
    start->argv = calloc(n + 4, sizeof *start->argv);
    if (start->argv && start->parcel >= 0 && children_reserve(&shim->children) == 0) {
        fill_descriptors(start, shim, s);
        fill_plan(start, s);
        pid = s->head.flags & SPAWN_REPLACE ? child_replace(&start->plan) : child_start(&start->plan);
    }
    for (unsigned i = 0; i < start->plan.nfds && i < INHERIT_MAX; i++)
        if (start->opened[i])
            close(start->fds[i].from);
    if (start->parcel >= 0)
        close(start->parcel);
    free(start->argv);
    free(start);
    if (pid > 0) {
        event_begin(shim->args.events_fd, pid, EVENT_SHELL, "start by another VM", now);
        children_add(&shim->children, pid);
    }
    return pid;
}

static int own_limit(const struct shim *shim, struct limit *limit)
{
    return shim->p9.has_tree ? tree_to_limit(&shim->p9.tree, limit) : 0;
}

static void free_limit(struct limit *limit)
{
    for (unsigned i = 0; i < limit->count; i++)
        free((char *)limit->entry[i].path);
    limit_free(limit);
}

static int64_t perform(struct shim *shim, struct pending_spawn *p)
{
    struct spawn *s = calloc(1, sizeof *s);
    struct limit limit = {0};
    unsigned front = 0;
    int64_t r = s ? parse(s, p) : -ENOMEM;
    if (!r)
        r = own_limit(shim, &limit);
    if (!r)
        r = find_program(shim, s, &limit, &front);
    if (!r)
        r = start_shim(shim, s, &limit);
    free_limit(&limit);
    if (s)
        release(s, front);
    free(s);
    return r;
}

int64_t spawn_perform(struct shim *shim, uint32_t id, uint64_t len)
{
    struct pending_spawn *p = *find(shim, id);
    int64_t r = p && p->len == len ? perform(shim, p) : -EINVAL;
    spawn_forget(shim, id);
    return r;
}
