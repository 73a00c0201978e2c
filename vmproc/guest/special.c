/* special.c - which names are special, and opening them. The texts below /proc are in procfile.c. */
#include "special.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "device.h"
#include "hostfd.h"
#include "lib.h"
#include "procfile.h"
#include "shmdir.h"

enum kind {
    K_DEVICE,
    K_TTY,
    K_FD,
    K_LINK_EXE,
    K_LINK_CWD,
    K_LINK_ROOT,
    K_LINK_SELF,
    K_TEXT,
    K_DIRECTORY,
    K_SHM,
    K_NONE
};

struct special {
    const char *name;
    enum kind kind;
    int arg; /* enum device, descriptor, enum procfile, enum special_dir; -1 for K_FD: from the name */
};

static const struct special in_dev[] = {
    {"null", K_DEVICE, DEVICE_NULL},
    {"zero", K_DEVICE, DEVICE_ZERO},
    {"full", K_DEVICE, DEVICE_FULL},
    {"random", K_DEVICE, DEVICE_RANDOM},
    {"urandom", K_DEVICE, DEVICE_URANDOM},
    {"tty", K_TTY, 0},
    {"fd/", K_FD, -1},
    {"stdin", K_FD, 0},
    {"stdout", K_FD, 1},
    {"stderr", K_FD, 2},
};

static const struct special in_proc_self[] = {
    {"exe", K_LINK_EXE, 0},
    {"cwd", K_LINK_CWD, 0},
    {"root", K_LINK_ROOT, 0},
    {"fd/", K_FD, -1},
    {"cmdline", K_TEXT, PROC_CMDLINE},
    {"environ", K_TEXT, PROC_ENVIRON},
    {"comm", K_TEXT, PROC_COMM},
    {"stat", K_TEXT, PROC_STAT},
    {"statm", K_TEXT, PROC_STATM},
    {"status", K_TEXT, PROC_STATUS},
    {"maps", K_TEXT, PROC_MAPS},
    {"mounts", K_TEXT, PROC_MOUNTS},
};

static const struct special in_proc[] = {
    {"meminfo", K_TEXT, PROC_MEMINFO}, {"uptime", K_TEXT, PROC_UPTIME},     {"loadavg", K_TEXT, PROC_LOADAVG},
    {"cpuinfo", K_TEXT, PROC_CPUINFO}, {"stat", K_TEXT, PROC_MACHINE_STAT}, {"version", K_TEXT, PROC_VERSION},
    {"mounts", K_TEXT, PROC_MOUNTS},
};

static const struct special directories[] = {
    [DIR_PROC] = {"/proc", K_DIRECTORY, DIR_PROC},
    [DIR_SELF] = {"/proc/self", K_DIRECTORY, DIR_SELF},
    [DIR_FD] = {"/proc/self/fd", K_DIRECTORY, DIR_FD},
    [DIR_SHM] = {"/dev/shm", K_DIRECTORY, DIR_SHM},
};
static const struct special shm = {"", K_SHM, 0};
static const struct special nothing = {"", K_NONE, 0};

/* The name /proc/self itself, no slash behind it: a link to PID. What lies below it is found by either name. */
static const struct special self_link = {"/proc/self", K_LINK_SELF, DIR_SELF};

static bool is_link(const struct special *s)
{
    return s->kind == K_LINK_EXE || s->kind == K_LINK_CWD || s->kind == K_LINK_ROOT || s->kind == K_LINK_SELF;
}

/*
 * busybox looks for rights of set-user-ID applets whenever it starts. There are none here, and asking the
 * host for a file that no program is granted would cost every command its first round trip.
 */
static const char busybox_config[] = "/etc/busybox.conf";

static const struct special resolv_conf = {"/etc/resolv.conf", K_TEXT, RESOLV_CONF};
static bool has_resolver;

void special_has_resolver(bool on)
{
    has_resolver = on;
}

static const char *after(const char *s, const char *prefix)
{
    return has_prefix(s, prefix) ? s + strlen(prefix) : NULL;
}

static bool find_in(const struct special *table, unsigned n, const char *name, struct path *p)
{
    for (unsigned i = 0; i < n; i++) {
        const struct special *s = &table[i];
        const char *end;
        if (s->arg >= 0) {
            if (strcmp(name, s->name) != 0)
                continue;
            p->special_arg = (uint32_t)s->arg;
        } else {
            const char *digits = after(name, s->name);
            long fd = digits ? parse_number(digits, &end) : -1;
            if (fd < 0 || fd > INT32_MAX || *end)
                continue;
            p->special_arg = (uint32_t)fd;
        }
        p->special = s;
        return true;
    }
    return false;
}

/* What is left of the path of the process's own directory; NULL: it is not below that. */
static const char *below_self(const char *rest)
{
    const char *self = after(rest, "self"), *end = NULL;
    if (!self) {
        long pid = parse_number(rest, &end);
        self = pid >= 0 && (uint32_t)pid == current->pid ? end : NULL;
    }
    return self && (*self == '/' || !*self) ? self : NULL;
}

/* Slashes at the end do not matter to a directory. */
static bool is(const char *name, const char *wanted)
{
    const char *rest = after(name, wanted);
    while (rest && *rest == '/')
        rest++;
    return rest && !*rest;
}

static const struct special *find_in_proc(const char *rest, struct path *p)
{
    const char *self = below_self(rest);
    if (!*rest)
        return &directories[DIR_PROC];
    if (strcmp(rest, "self") == 0)
        return &self_link;
    if (self && is(self, ""))
        return &directories[DIR_SELF];
    if (self && is(self, "/fd"))
        return &directories[DIR_FD];
    if (self ? find_in(in_proc_self, ARRAY_LEN(in_proc_self), self + 1, p)
             : find_in(in_proc, ARRAY_LEN(in_proc), rest, p))
        return p->special;
    return &nothing;
}

bool special_find(const char *name, struct path *p)
{
    while (name[0] == '/' && name[1] == '/')
        name++;
    const char *rest = after(name, "/proc");
    if (rest && (!*rest || *rest == '/')) {
        while (*rest == '/')
            rest++;
        p->special = find_in_proc(rest, p);
        return true;
    }
    if (is(name, "/dev/fd")) {
        p->special = &directories[DIR_FD];
        return true;
    }
    const struct memfile *memfile = shm_find(name);
    if (memfile) {
        p->special = &shm;
        p->special_arg = memfile->ino;
        return true;
    }
    rest = after(name, "/dev/");
    if (rest)
        return find_in(in_dev, ARRAY_LEN(in_dev), rest, p);
    if (has_resolver && strcmp(name, resolv_conf.name) == 0) {
        p->special = &resolv_conf;
        return true;
    }
    if (strcmp(name, busybox_config) != 0)
        return false;
    p->special = &nothing;
    return true;
}

bool special_find_shm(const char *name, struct path *p)
{
    if (!is(name, "/dev/shm"))
        return false;
    p->special = &directories[DIR_SHM];
    return true;
}

/* ---- directories ---- */

const char *special_dir_name(enum special_dir dir)
{
    return directories[dir].name;
}

const char *special_is_dir(const struct path *p)
{
    const struct special *s = p->special;
    return s->kind == K_DIRECTORY || s->kind == K_LINK_SELF ? directories[s->arg].name : NULL;
}

void special_dir_stat(enum special_dir dir, struct kstat *st)
{
    *st = (struct kstat){.dev = 2,
                         .ino = 64 + dir,
                         .mode = S_IFDIR | (dir == DIR_SHM ? 01777 : 0555),
                         .nlink = 2,
                         .uid = current->uid,
                         .gid = current->gid};
}

enum { DT_DIR = 4, DT_REG = 8, DT_LNK = 10 }; /* of getdents64(2) */

static bool fd_entry(uint64_t i, char *name, uint8_t *type)
{
    for (uint32_t fd = 0; fd < fd_limit(); fd++) {
        if (!fd_file(fd) || i--)
            continue;
        format(name, SPECIAL_NAME_MAX, "%u", fd);
        *type = DT_LNK;
        return true;
    }
    return false;
}

static bool table_entry(const struct special *table, unsigned n, uint64_t i, char *name, uint8_t *type)
{
    if (i >= n)
        return false;
    format(name, SPECIAL_NAME_MAX, "%s", table[i].name);
    *type = table[i].kind == K_TEXT ? DT_REG : table[i].kind == K_FD ? DT_DIR : DT_LNK;
    if (table[i].kind == K_FD)
        name[strlen(name) - 1] = '\0'; /* its slash */
    return true;
}

bool special_entry(enum special_dir dir, uint64_t i, char name[SPECIAL_NAME_MAX], uint8_t *type)
{
    *type = DT_DIR;
    if (i < 2) {
        format(name, SPECIAL_NAME_MAX, i ? ".." : ".");
        return true;
    }
    i -= 2;
    if (dir == DIR_FD)
        return fd_entry(i, name, type);
    if (dir == DIR_SHM) {
        *type = DT_REG;
        return shm_entry(i, name);
    }
    if (dir == DIR_SELF)
        return table_entry(in_proc_self, ARRAY_LEN(in_proc_self), i, name, type);
    if (i >= 2)
        return table_entry(in_proc, ARRAY_LEN(in_proc), i - 2, name, type);
    if (i) {
        format(name, SPECIAL_NAME_MAX, "%u", current->pid);
    } else {
        format(name, SPECIAL_NAME_MAX, "self");
        *type = DT_LNK;
    }
    return true;
}

/* ---- what is done with them ---- */

int special_open(struct path *p, uint32_t flags, struct file **file)
{
    const struct special *s = p->special;
    struct file *f;
    if (is_link(s) && flags & O_NOFOLLOW && !(flags & O_PATH))
        return flags & O_DIRECTORY ? -ENOTDIR : -ELOOP;
    if (flags & O_DIRECTORY && s->kind != K_NONE && s->kind != K_DIRECTORY && !is_link(s))
        return -ENOTDIR; /* where a link leads is looked at there */
    switch (s->kind) {
    case K_DEVICE:
        return device_open((enum device)s->arg, flags, file);
    case K_TTY:
        *file = hostfd_terminal();
        return *file ? 0 : -ENXIO;
    case K_FD:
        f = fd_file(p->special_arg);
        if (!f)
            return -ENOENT;
        *file = file_ref(f);
        return 0;
    case K_SHM:
        return memfile_open(shm_by_ino(p->special_arg), flags, file);
    case K_LINK_EXE:
        return path_open(AT_FDCWD, current->leader->exe, flags, 0, file);
    case K_LINK_CWD:
        return path_open(AT_FDCWD, current->leader->cwd, flags, 0, file);
    case K_LINK_ROOT:
        return path_open(AT_FDCWD, "/", flags, 0, file);
    case K_TEXT:
        return (flags & 3) != 0 ? -EACCES : procfile_open((enum procfile)s->arg, flags, file);
    case K_LINK_SELF:
    case K_DIRECTORY:
        return (flags & 3) != 0 ? -EISDIR : specialdir_open((enum special_dir)s->arg, flags, file);
    case K_NONE:
        break;
    }
    return -ENOENT;
}

int special_stat(struct path *p, unsigned flags, struct kstat *st)
{
    enum kind kind = p->special->kind;
    if (is_link(p->special) && !(flags & PATH_FOLLOW)) {
        *st = (struct kstat){.dev = 2, .ino = 64 + kind, .mode = S_IFLNK | 0777, .nlink = 1};
        return 0;
    }
    if (kind == K_DIRECTORY || kind == K_LINK_SELF) {
        special_dir_stat((enum special_dir)p->special->arg, st);
        return 0;
    }
    if (kind == K_SHM) {
        memfile_stat(shm_by_ino(p->special_arg), st);
        return 0;
    }
    struct file *f;
    int error = special_open(p, O_RDONLY, &f);
    if (!error) {
        error = file_stat(f, st);
        file_unref(f);
    }
    return error;
}

int special_setattr(const struct path *p, const struct kattr *attr)
{
    struct file *f = p->special->kind == K_FD ? fd_file(p->special_arg) : NULL;
    if (p->special->kind == K_FD)
        return f ? file_setattr(f, attr) : -ENOENT;
    if (p->special->kind == K_SHM)
        return memfile_setattr(shm_by_ino(p->special_arg), attr);
    return p->special->kind == K_NONE ? -ENOENT : 0;
}

int special_statfs(const struct path *p, struct statfs *st)
{
    bool memory = p->special->kind == K_SHM || p->special == &directories[DIR_SHM];
    if (memory)
        memfile_statfs(st);
    return memory ? 0 : -ENOSYS;
}

struct memfile *special_memfile(const struct path *p)
{
    return p->special->kind == K_SHM ? shm_by_ino(p->special_arg) : NULL;
}

long special_readlink(struct path *p, char *buf, size_t size)
{
    char *text = p->special->kind == K_LINK_EXE   ? current->leader->exe
                 : p->special->kind == K_LINK_CWD ? current->leader->cwd
                                                  : "/";
    char described[256];
    switch (p->special->kind) {
    case K_LINK_EXE:
    case K_LINK_CWD:
    case K_LINK_ROOT:
        break;
    case K_LINK_SELF:
        format(described, sizeof described, "%u", current->pid);
        text = described;
        break;
    case K_FD: {
        struct file *f = fd_file(p->special_arg);
        if (!f)
            return -ENOENT;
        format(described, sizeof described, "anon_inode:[file]");
        if (f->ops->describe)
            f->ops->describe(f, described, sizeof described);
        text = described;
        break;
    }
    case K_NONE:
        return -ENOENT;
    default:
        return -EINVAL;
    }
    size_t n = MIN(strlen(text), size);
    memcpy(buf, text, n);
    return (long)n;
}
