/* inherit.c - scans and classifies the descriptors that the program inherits. */
#include "inherit.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#define FIRST_ADDED (1u << 28) /* above what any process may have open */

static bool is_own(int fd, const int own[], unsigned nown)
{
    for (unsigned i = 0; i < nown; i++)
        if (own[i] == fd)
            return true;
    return false;
}

static bool same_description(const struct inherited *a, const struct inherited *b)
{
    long order;
    if (a->info.dev != b->info.dev || a->info.ino != b->info.ino || a->info.open_flags != b->info.open_flags)
        return false;
    order = syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILE, a->file.fd, b->file.fd);
    if (order >= 0)
        return order == 0;
    /* Not permitted here: two descriptors of one file at one offset are taken for duplicates. */
    return lseek(a->file.fd, 0, SEEK_CUR) == lseek(b->file.fd, 0, SEEK_CUR);
}

static bool is_null_device(const struct inherited *f)
{
    return S_ISCHR(f->info.mode) && f->info.rdev == makedev(1, 3);
}

/* domain << 16 | type */
static uint32_t kind_of_socket(int fd)
{
    int domain, type;
    socklen_t len = sizeof domain;
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) ||
        getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len))
        return 0;
    return (uint32_t)domain << 16 | (uint32_t)type;
}

/* Then O_NONBLOCK is no program's wish: socket_listen() sets it. */
static bool is_listening(int fd)
{
    int listening = 0;
    socklen_t len = sizeof listening;
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) == 0 && listening;
}

static int describe(struct inherited *f, int fd)
{
    struct stat st;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fstat(fd, &st))
        return -errno;
    *f = (struct inherited){
        .info = {.fd = (uint32_t)fd,
                 .same_as = (uint32_t)fd,
                 .open_flags = (uint32_t)flags,
                 .mode = st.st_mode,
                 .socket = S_ISSOCK(st.st_mode) ? kind_of_socket(fd) : 0,
                 .dev = st.st_dev,
                 .ino = st.st_ino,
                 .rdev = st.st_rdev,
                 .size = (uint64_t)st.st_size},
        .file = {.fd = fd, .class = file_class_of(st.st_mode)},
    };
    if (S_ISCHR(st.st_mode) && isatty(fd)) {
        f->info.flags |= CTL_FD_TTY;
        if (tty_filter_for(fd, &f->file.filter))
            return -ENOMEM;
    }
    if (f->info.socket && is_listening(fd))
        f->info.open_flags &= ~(uint32_t)O_NONBLOCK;
    if (lseek(fd, 0, SEEK_CUR) >= 0)
        f->info.flags |= CTL_FD_SEEK;
    return 0;
}

static int add(struct inherit *inherit, int fd, unsigned *room)
{
    if (inherit->count == INHERIT_MAX)
        return -EMFILE;
    if (inherit->count == *room) {
        unsigned more = *room ? *room * 2 : 8;
        struct inherited *grown = realloc(inherit->fd, more * sizeof *grown);
        if (!grown)
            return -ENOMEM;
        inherit->fd = grown;
        *room = more;
    }
    if (describe(&inherit->fd[inherit->count], fd) == 0)
        inherit->count++;
    return 0;
}

static int by_number(const void *a, const void *b)
{
    const struct inherited *x = a, *y = b;
    return (x->info.fd > y->info.fd) - (x->info.fd < y->info.fd);
}

static void find_duplicates(struct inherit *inherit)
{
    for (unsigned i = 1; i < inherit->count; i++) {
        for (unsigned k = 0; k < i; k++) {
            if (inherit->fd[k].info.same_as == inherit->fd[k].info.fd &&
                same_description(&inherit->fd[k], &inherit->fd[i])) {
                inherit->fd[i].info.same_as = inherit->fd[k].info.fd;
                break;
            }
        }
    }
}

static void reserve_standard(const struct inherit *inherit)
{
    for (uint32_t fd = 0; fd <= 2; fd++)
        if (!inherit_find(inherit, fd))
            open("/", O_PATH | O_CLOEXEC); /* the lowest number that is free */
}

int inherit_scan(struct inherit *inherit, const int own[], unsigned nown)
{
    DIR *dir = opendir("/proc/self/fd");
    struct dirent *entry;
    unsigned room = 0;
    int err = 0;
    *inherit = (struct inherit){0};
    if (!dir)
        return -errno;
    while (!err && (entry = readdir(dir))) {
        int fd = atoi(entry->d_name);
        if (entry->d_name[0] != '.' && fd != dirfd(dir) && !is_own(fd, own, nown))
            err = add(inherit, fd, &room);
    }
    closedir(dir);
    if (err)
        return err;
    if (inherit->count)
        qsort(inherit->fd, inherit->count, sizeof *inherit->fd, by_number);
    find_duplicates(inherit);
    reserve_standard(inherit);
    return 0;
}

struct inherited *inherit_find(const struct inherit *inherit, uint32_t fd)
{
    for (unsigned i = 0; i < inherit->count; i++)
        if (inherit->fd[i].info.fd == fd)
            return &inherit->fd[i];
    for (struct inherited *f = inherit->added; f; f = f->next)
        if (f->info.fd == fd)
            return f;
    return NULL;
}

void inherit_trust(struct inherit *inherit)
{
    for (unsigned i = 0; i < inherit->count; i++) {
        free(inherit->fd[i].file.filter);
        inherit->fd[i].file.filter = NULL;
    }
}

static bool reads(const struct inherited *f)
{
    return !(f->info.open_flags & O_PATH) && (f->info.open_flags & O_ACCMODE) != O_WRONLY;
}

static bool writes(const struct inherited *f)
{
    return !(f->info.open_flags & O_PATH) && (f->info.open_flags & O_ACCMODE) != O_RDONLY;
}

static bool is_streamed(const struct inherited *f)
{
    return f && f->file.fd >= 0 && writes(f) && f->info.write_via == VIA_FID &&
           ((f->info.flags & CTL_FD_TTY) || S_ISFIFO(f->info.mode) || S_ISSOCK(f->info.mode));
}

static void set_write_via(struct inherit *inherit, const struct inherited *which, enum ctl_via via)
{
    for (unsigned i = 0; i < inherit->count; i++) {
        struct inherited *f = &inherit->fd[i];
        if (f->info.same_as == which->info.same_as && writes(f))
            f->info.write_via = (uint8_t)via;
    }
}

/* Numbers 0 to 2 stay taken: nothing of the shim's may become what messages are written to. */
static void let_go(struct inherited *f)
{
    if (f->file.fd <= 2) {
        int placeholder = open("/", O_PATH | O_CLOEXEC);
        dup3(placeholder, f->file.fd, O_CLOEXEC);
        close(placeholder);
    } else {
        close(f->file.fd);
    }
    f->file.fd = -1;
}

/* All descriptors of the pipe's end go, or its other end would never see that we have left. */
static void replace_by_wire(struct inherit *inherit, uint32_t number, bool input)
{
    const struct inherited *wired = inherit_find(inherit, number);
    if (!wired)
        return;
    for (unsigned i = 0; i < inherit->count; i++) {
        struct inherited *f = &inherit->fd[i];
        if (f->info.same_as != wired->info.same_as)
            continue;
        if (input)
            f->info.read_via = VIA_WIRE;
        else
            f->info.write_via = VIA_WIRE;
        let_go(f);
    }
}

static struct inherited *stream_next(struct inherit *inherit, enum ctl_via via)
{
    static const uint32_t usual_first[] = {1, 2};
    struct inherited *f = NULL;
    for (unsigned i = 0; i < 2 && !f; i++) {
        struct inherited *usual = inherit_find(inherit, usual_first[i]);
        if (is_streamed(usual))
            f = usual;
    }
    for (unsigned i = 0; i < inherit->count && !f; i++)
        if (is_streamed(&inherit->fd[i]))
            f = &inherit->fd[i];
    if (!f)
        return NULL;
    set_write_via(inherit, f, via);
    return f;
}

static void share_port_of_output(struct inherit *inherit)
{
    const struct inherited *out = inherit_find(inherit, 1), *err = inherit_find(inherit, 2);
    if (out && is_streamed(err) && out->info.write_via == VIA_OUT && out->info.dev == err->info.dev &&
        out->info.ino == err->info.ino)
        set_write_via(inherit, err, VIA_OUT);
}

struct inherited *inherit_add(struct inherit *inherit, int fd)
{
    struct inherited *f = malloc(sizeof *f);
    if (!f || describe(f, fd)) {
        free(f);
        close(fd);
        return NULL;
    }
    f->info.fd = f->info.same_as = FIRST_ADDED + inherit->next_number++;
    f->info.read_via = reads(f) ? VIA_FID : VIA_NONE;
    f->info.write_via = writes(f) ? VIA_FID : VIA_NONE;
    f->next = inherit->added;
    f->home = inherit;
    inherit->added = f;
    return f;
}

void inherit_use(struct inherited *f)
{
    f->users++;
}

/* One that was added, is closed and used by nobody: a server's connections come and go without end. */
static void free_closed(struct inherited *f)
{
    struct inherited **at = f->home ? &f->home->added : NULL;
    if (!at || !f->closed || f->users)
        return;
    while (*at != f)
        at = &(*at)->next;
    *at = f->next;
    free(f->file.filter);
    free(f->socket);
    free(f);
}

void inherit_unuse(struct inherited *f)
{
    assert(f->users > 0);
    f->users--;
    free_closed(f);
}

void inherit_own(struct inherit *inherit, unsigned fds)
{
    for (unsigned i = 0; i < inherit->count; i++) {
        struct ctl_fd *info = &inherit->fd[i].info;
        if (info->fd < 32 && fds >> info->fd & 1 && info->same_as == info->fd && S_ISREG(info->mode) &&
            (info->open_flags & O_ACCMODE) == O_RDONLY && lseek((int)info->fd, 0, SEEK_CUR) == 0)
            info->flags |= CTL_FD_OWN;
    }
}

void inherit_assign(struct inherit *inherit, bool wire_in, bool wire_out)
{
    for (unsigned i = 0; i < inherit->count; i++) {
        struct inherited *f = &inherit->fd[i];
        enum ctl_via via = is_null_device(f) ? VIA_NULL : VIA_FID;
        f->info.read_via = reads(f) ? (uint8_t)via : VIA_NONE;
        f->info.write_via = writes(f) ? (uint8_t)via : VIA_NONE;
        if (f->info.flags & CTL_FD_TTY)
            inherit->tty = true;
    }
    if (wire_in)
        replace_by_wire(inherit, 0, true);
    if (wire_out)
        replace_by_wire(inherit, 1, false);
    inherit->out = stream_next(inherit, VIA_OUT);
    share_port_of_output(inherit);
    inherit->err = stream_next(inherit, VIA_ERR);
}

bool inherit_same(const struct inherited *a, const struct inherited *b)
{
    return a && a->info.same_as == b->info.same_as;
}

void inherit_close(struct inherit *inherit, struct inherited *which)
{
    for (unsigned i = 0; i < inherit->count; i++)
        if (inherit_same(&inherit->fd[i], which) && inherit->fd[i].file.fd >= 0)
            let_go(&inherit->fd[i]);
    if (which->file.fd >= 0) /* one that was added */
        let_go(which);
    if (inherit_same(inherit->out, which))
        inherit->out = NULL;
    if (inherit_same(inherit->err, which))
        inherit->err = NULL;
    which->closed = true;
    free_closed(which);
}
