/* confine.c - Landlock rules from the tree of grants. */
#include "confine.h"
#include "shim.h"
#include "vmproc/rundir.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

#define ABI_REFER    2 /* without it files could not be moved between directories */
#define ABI_TRUNCATE 3
#define ABI_NETWORK  4

/* Of headers that are newer than Debian's. */
#define ACCESS_BIND_TCP    (1ULL << 0)
#define ACCESS_CONNECT_TCP (1ULL << 1)
#define RULE_NET_PORT      2
#define PORTS_MAX          256 /* of one grant: of more, all */

struct ruleset {
    uint64_t files, network;
};

struct net_port {
    uint64_t rights, port;
};

#define READ_FILE  LANDLOCK_ACCESS_FS_READ_FILE
#define READ       (READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE_FILE (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE)
/* Not EXECUTE: children are shims, which the tree knows nothing of. */
#define CHANGE                                                                                               \
    (WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |                           \
     LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |              \
     LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |           \
     LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER)

struct walls {
    int fd;
    uint64_t handled, handled_network;
};

/* What cannot be allowed is refused: there is nobody to tell, and the program sees EACCES. */
static void allow(const struct walls *w, int fd, uint64_t rights)
{
    struct landlock_path_beneath_attr rule = {.parent_fd = fd};
    struct stat st;
    if (fd < 0 || fstat(fd, &st) || S_ISLNK(st.st_mode))
        return;
    if (!S_ISDIR(st.st_mode))
        rights &= READ_FILE | WRITE_FILE;
    rule.allowed_access = rights & w->handled;
    if (rule.allowed_access)
        syscall(SYS_landlock_add_rule, w->fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

static void allow_path(const struct walls *w, const char *path, uint64_t rights)
{
    int fd = open(path, O_PATH | O_CLOEXEC);
    allow(w, fd, rights);
    if (fd >= 0)
        close(fd);
}

static void allow_granted(const struct walls *w, const struct node *node)
{
    uint64_t rights = node->readonly ? READ : READ | CHANGE;
    if (node->granted && node->fd >= 0)
        allow(w, node->fd, rights);
    if (node->granted && node->entry && node->parent != node)
        allow(w, node->parent->fd, rights);
    if (node->granted && node->is_dir && !node->readonly)
        return;
    for (const struct node *child = node->first; child; child = child->next)
        allow_granted(w, child);
}

/* A file that the user has named for us to write to, and its directory, as it may have to be made. */
static void allow_log(const struct walls *w, const char *variable)
{
    const char *path = getenv(variable), *slash = path ? strrchr(path, '/') : NULL;
    char dir[PATH_MAX];
    if (!path || !path[0] || (slash && (size_t)(slash - path) + 2 > sizeof dir))
        return;
    strcpy(dir, ".");
    if (slash) {
        memcpy(dir, path, (size_t)(slash - path) + 1);
        dir[slash - path + 1] = '\0';
    }
    allow_path(w, dir, WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG);
}

/* What this shim and its children use themselves. */
static void allow_own(const struct walls *w)
{
    static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random",
                                          "/dev/urandom"};
    char rundir[RUNDIR_PATH_MAX];
    int fd = rundir_open(rundir);
    allow(w, fd, LANDLOCK_ACCESS_FS_READ_DIR);
    if (fd >= 0)
        close(fd);
    /* A child's /proc/self; Landlock itself keeps us from looking into processes that are not as confined. */
    allow_path(w, "/proc", READ);
    allow_path(w, "/proc/self/exe", READ_FILE); /* to execute it */
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        allow_path(w, devices[i], READ | WRITE_FILE);
    for (const char *const *path = grants_system_files; *path; path++)
        allow_path(w, *path, READ);
    allow_log(w, "FLEETSH_VMTRACE_FILE");
    allow_log(w, "FLEETSH_GUEST_LOG");
}

/* ---- TCP: Landlock knows ports alone ---- */

static bool has_many_ports(const struct network_grant *grant)
{
    return grant->port_high - grant->port_low >= PORTS_MAX;
}

static uint64_t right_of(const struct network_grant *grant)
{
    return grant->listen ? ACCESS_BIND_TCP : ACCESS_CONNECT_TCP;
}

/* What can be limited: not a right of which some grant has too many ports. */
static uint64_t handled_network(const struct network *network)
{
    uint64_t handled = network->open ? 0 : ACCESS_BIND_TCP | ACCESS_CONNECT_TCP;
    for (unsigned i = 0; i < network->count; i++)
        if (has_many_ports(&network->grant[i]))
            handled &= ~right_of(&network->grant[i]);
    return handled;
}

static void allow_port(const struct walls *w, uint64_t rights, unsigned port)
{
    struct net_port rule = {.rights = rights & w->handled_network, .port = port};
    if (rule.rights)
        syscall(SYS_landlock_add_rule, w->fd, RULE_NET_PORT, &rule, 0);
}

static void allow_network(const struct walls *w, const struct network *network)
{
    if (network->count) /* a client may let the kernel choose its own port */
        allow_port(w, ACCESS_BIND_TCP, 0);
    for (unsigned i = 0; i < network->count; i++)
        for (unsigned port = network->grant[i].port_low;
             !has_many_ports(&network->grant[i]) && port <= network->grant[i].port_high; port++)
            allow_port(w, right_of(&network->grant[i]), port);
}

void confine_files(const struct tree *tree, const struct inherit *inherit, const struct network *network)
{
    struct ruleset attr = {.files = READ | CHANGE, .network = handled_network(network)};
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    struct walls w;
    if (abi < ABI_REFER || (tree->root.granted && !tree->root.readonly))
        return;
    if (abi < ABI_TRUNCATE)
        attr.files &= ~LANDLOCK_ACCESS_FS_TRUNCATE;
    w.handled = attr.files;
    w.handled_network = abi < ABI_NETWORK ? 0 : attr.network;
    w.fd = (int)syscall(SYS_landlock_create_ruleset, &attr,
                        abi < ABI_NETWORK ? sizeof attr.files : sizeof attr, 0);
    if (w.fd < 0)
        return;
    fcntl(w.fd, F_SETFD, FD_CLOEXEC);
    allow_granted(&w, &tree->root);
    for (unsigned i = 0; i < inherit->count; i++)
        if (S_ISDIR(inherit->fd[i].info.mode))
            allow(&w, inherit->fd[i].file.fd, READ | CHANGE);
    allow_own(&w);
    allow_network(&w, network);
    syscall(SYS_landlock_restrict_self, w.fd, 0);
    close(w.fd);
}
