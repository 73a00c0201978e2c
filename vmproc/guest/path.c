/* path.c - walking, with symbolic links. */
#include "path.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "kmem.h"
#include "lib.h"
#include "p9.h"
#include "p9file.h"
#include "shmdir.h"
#include "special.h"

#define MAX_LINKS 40u
#define TEXT_SIZE 4096u

/* A walk under way. */
struct walker {
    uint32_t fid; /* where we are */
    bool owned;   /* it is ours to clunk */
    char *text;   /* what is still to be walked; NULs where components were cut off */
    char *at;
    char *scratch, *target;
    unsigned links;
    struct path *path;
};

/* ---- where we are, as text ---- */

static void where_set(struct path *p, const char *text)
{
    if (p->where)
        format(p->where, TEXT_SIZE, "%s", text);
}

static void where_add(struct path *p, const char *name)
{
    char *w = p->where;
    if (!w)
        return;
    size_t n = strlen(w);
    if (strcmp(name, "..") == 0) {
        char *slash = strrchr(w, '/');
        if (slash)
            slash[slash == w] = '\0';
    } else {
        format(w + n, TEXT_SIZE - n, n && w[n - 1] == '/' ? "%s" : "/%s", name);
    }
}

/* ---- starting points ---- */

static int cwd_fid(uint32_t *fid)
{
    if (!current->leader->cwd_fid) {
        struct path p = {0};
        int error = path_walk(AT_FDCWD, current->leader->cwd, PATH_FOLLOW, &p);
        if (error)
            return error;
        if (p.special)
            return -ENOTDIR;
        current->leader->cwd_fid = p.fid;
    }
    *fid = current->leader->cwd_fid;
    return 0;
}

static int start(int dirfd, const char *name, struct path *p, uint32_t *fid)
{
    if (name[0] == '/') {
        where_set(p, "/");
        *fid = P9_ROOT;
        return p9_session();
    }
    if (dirfd == AT_FDCWD) {
        where_set(p, current->leader->cwd);
        return cwd_fid(fid);
    }
    struct file *f = fd_file((uint32_t)dirfd);
    if (!f)
        return -EBADF;
    *fid = f->ops->walk_fid ? f->ops->walk_fid(f) : 0;
    if (p->where && f->ops->describe)
        f->ops->describe(f, p->where, TEXT_SIZE);
    return *fid ? 0 : -ENOTDIR;
}

/* ---- one step ---- */

static char *skip_slashes(char *s)
{
    while (s[0] == '/' || (s[0] == '.' && (s[1] == '/' || s[1] == '\0')))
        s++;
    return s;
}

/* Cuts up to P9_WALK_MAX components off. */
static unsigned take_components(struct walker *w, const char *names[])
{
    unsigned n = 0;
    for (w->at = skip_slashes(w->at); *w->at && n < P9_WALK_MAX; w->at = skip_slashes(w->at)) {
        names[n++] = w->at;
        while (*w->at && *w->at != '/')
            w->at++;
        if (*w->at)
            *w->at++ = '\0';
    }
    return n;
}

static void move_to(struct walker *w, uint32_t fid)
{
    if (w->owned)
        p9_clunk(w->fid);
    w->fid = fid;
    w->owned = true;
}

/* A walk that stopped short at names[nqids] does not say why; a walk of that name alone does. */
static int why_not(const struct p9_walk *walked)
{
    if (walked->nqids && !(walked->type & P9_QTDIR))
        return -ENOTDIR;
    struct p9_walk to = *walked;
    to.n = walked->nqids;
    int error = p9_walk(&to);
    if (error || to.nqids < to.n)
        return error ? error : -ENOENT;
    struct p9_walk one = {.fid = to.new_fid, .n = 1, .names = {walked->names[walked->nqids]}};
    error = p9_walk(&one);
    if (!error && one.nqids == 1)
        p9_clunk(one.new_fid);
    p9_clunk(to.new_fid);
    return error ? error : -ENOENT;
}

static bool append(char *to, size_t *len, const char *s)
{
    size_t n = strlen(s);
    if (*len + n + 2 > TEXT_SIZE)
        return false;
    if (*len && to[*len - 1] != '/')
        to[(*len)++] = '/';
    memcpy(to + *len, s, n + 1);
    *len += n;
    return true;
}

/*
 * Links in the root directory, as /lib and /bin are on most systems: a program that loads libraries goes
 * through one of them for each, and it takes four round trips to find that out. No program that we run can
 * change them.
 */
static struct root_link {
    char name[16], target[32];
} root_links[8];

void path_forget(void)
{
    memset(root_links, 0, sizeof root_links);
}

static void remember(const char *name, const char *target)
{
    struct root_link *l = root_links;
    while (l < root_links + ARRAY_LEN(root_links) && l->name[0])
        l++;
    if (l == root_links + ARRAY_LEN(root_links) || strlen(name) >= sizeof l->name ||
        strlen(target) >= sizeof l->target)
        return;
    format(l->name, sizeof l->name, "%s", name);
    format(l->target, sizeof l->target, "%s", target);
}

/* At the root: is the next part of the way such a link, and not the last? Then its target takes its place. */
static bool follow_remembered(struct walker *w)
{
    char *at = skip_slashes(w->at), *end = at;
    while (*end && *end != '/')
        end++;
    for (struct root_link *l = root_links; *end && l < root_links + ARRAY_LEN(root_links) && l->name[0];
         l++) {
        size_t n = strlen(l->name), len = 0;
        if (n != (size_t)(end - at) || memcmp(l->name, at, n) != 0)
            continue;
        if (w->links == MAX_LINKS || !append(w->scratch, &len, l->target) || !append(w->scratch, &len, end))
            return false; /* the long way says why */
        char *old = w->text;
        w->at = w->text = w->scratch;
        w->scratch = old;
        w->links++;
        return true;
    }
    return false;
}

/* Component nqids-1 of the walk is a symbolic link: its target takes its place in the text. */
static int follow(struct walker *w, struct p9_walk *walked)
{
    if (++w->links > MAX_LINKS)
        return -ELOOP;
    unsigned link = walked->nqids - 1;
    struct p9_walk to = *walked;
    to.n = walked->nqids;
    int error = walked->nqids == walked->n ? 0 : p9_walk(&to);
    if (error || to.nqids < to.n)
        return error ? error : -ENOENT;
    long n = p9_readlink(to.new_fid, w->target, TEXT_SIZE - 1);
    p9_clunk(to.new_fid);
    if (n <= 0)
        return n ? (int)n : -ENOENT;
    w->target[n] = '\0';
    if (w->fid == P9_ROOT && link == 0)
        remember(walked->names[0], w->target);
    bool absolute = w->target[0] == '/', ok = true;
    size_t len = 0;
    for (unsigned i = 0; i < link && !absolute; i++)
        ok &= append(w->scratch, &len, walked->names[i]);
    ok &= append(w->scratch, &len, w->target);
    for (unsigned i = link + 1; i < walked->n; i++)
        ok &= append(w->scratch, &len, walked->names[i]);
    if (*w->at)
        ok &= append(w->scratch, &len, w->at);
    if (!ok)
        return -ENAMETOOLONG;
    char *old = w->text;
    w->at = w->text = w->scratch;
    w->scratch = old;
    if (absolute) {
        move_to(w, P9_ROOT);
        w->owned = false;
        where_set(w->path, "/");
    }
    return 0;
}

/* The walk, and behind its last part what is to be done with the fid. It is in vain when the walk ends
 * elsewhere. */
static int take_step(struct walker *w, struct p9_walk *step, bool last)
{
    struct path *p = w->path;
    if (p->answer)
        p9_drop(p->answer);
    p->answer = NULL;
    int error = p9_walk_send(step);
    if (error)
        return error;
    if (last && p->then)
        p->answer = p->then(step->new_fid, p);
    return p9_walk_finish(step);
}

/* Walks w->text to its end. w->fid is the result, ours. */
static int walk_text(struct walker *w, unsigned flags)
{
    for (;;) {
        if (w->fid == P9_ROOT && special_find(w->at, w->path))
            return 0;
        if (w->fid == P9_ROOT && follow_remembered(w))
            continue;
        size_t len = strlen(w->at);
        bool must_be_dir = len && w->at[len - 1] == '/';
        struct p9_walk step = {.fid = w->fid};
        step.n = take_components(w, step.names);
        bool last = *w->at == '\0';
        int error = take_step(w, &step, last);
        if (error)
            return error;
        bool link = step.nqids && step.type & P9_QTSYMLINK;
        if (step.nqids < step.n && !link)
            return why_not(&step);
        if (link && !(step.nqids == step.n && last && !(flags & PATH_FOLLOW) && !must_be_dir)) {
            error = follow(w, &step);
            if (error)
                return error;
            continue;
        }
        move_to(w, step.new_fid);
        for (unsigned i = 0; i < step.n; i++)
            where_add(w->path, step.names[i]);
        w->path->qid_type = step.type;
        if (last)
            return must_be_dir && !(step.type & P9_QTDIR) ? -ENOTDIR : 0;
    }
}

/* A directory that the host does not know: what is below it has a name, and no fid to start from. */
static const char *special_base(int dirfd)
{
    struct file *f = dirfd == AT_FDCWD ? NULL : fd_file((uint32_t)dirfd);
    if (dirfd == AT_FDCWD)
        return current->leader->cwd_special ? current->leader->cwd : NULL;
    return f ? specialdir_path(f) : NULL;
}

static int walk_from_special(const char *base, const char *name, unsigned flags, struct path *p)
{
    char *text = kmalloc(TEXT_SIZE);
    struct path clean = {.where = text};
    int error = 0;
    if (!text)
        return -ENOMEM;
    where_set(&clean, base);
    while (*(name = skip_slashes((char *)name))) {
        char part[256];
        size_t n = 0;
        while (name[n] && name[n] != '/')
            n++;
        if (n >= sizeof part || strlen(text) + n + 2 > TEXT_SIZE) {
            error = -ENAMETOOLONG;
            break;
        }
        memcpy(part, name, n);
        part[n] = '\0';
        where_add(&clean, part);
        name += n;
    }
    if (!error)
        error = path_walk(AT_FDCWD, text, flags, p);
    kfree(text);
    return error;
}

int path_walk(int dirfd, const char *name, unsigned flags, struct path *p)
{
    struct walker w = {.path = p};
    p->special = NULL;
    p->answer = NULL;
    if (!*name)
        return -ENOENT;
    if (strlen(name) >= TEXT_SIZE)
        return -ENAMETOOLONG;
    if (name[0] == '/' && special_find(name, p))
        return 0;
    bool may_be_ours = shm_component(name) != NULL;
    const char *base = name[0] == '/' ? NULL : special_base(dirfd);
    if (base)
        return walk_from_special(base, name, flags, p);
    int error = start(dirfd, name, p, &w.fid);
    if (error)
        return error;
    char *pages[3] = {kmalloc(TEXT_SIZE), kmalloc(TEXT_SIZE), kmalloc(TEXT_SIZE)};
    error = pages[0] && pages[1] && pages[2] ? 0 : -ENOMEM;
    if (!error) {
        w.at = w.text = pages[0];
        w.scratch = pages[1];
        w.target = pages[2];
        memcpy(w.text, name, strlen(name) + 1);
        error = walk_text(&w, flags);
    }
    for (unsigned i = 0; i < 3; i++)
        kfree(pages[i]);
    if (p->answer && (error || p->special)) {
        p9_drop(p->answer);
        p->answer = NULL;
    }
    if ((error || p->special) && w.owned)
        p9_clunk(w.fid);
    p->fid = w.fid;
    if (error != -EACCES && error != -ENOENT)
        return error;
    /* In a /dev/shm that is not given there is what this machine has. */
    if (may_be_ours)
        return -ENOENT;
    return special_find_shm(name, p) ? 0 : error;
}

void path_done(struct path *p)
{
    if (!p->special)
        p9_clunk(p->fid);
}

int path_parent(int dirfd, const char *name, struct path *p, char *last)
{
    size_t end = strlen(name);
    if (end == 0)
        return -ENOENT;
    if (end >= TEXT_SIZE)
        return -ENAMETOOLONG;
    while (end && name[end - 1] == '/')
        end--;
    size_t begin = end;
    while (begin && name[begin - 1] != '/')
        begin--;
    size_t n = end - begin;
    if (n == 0)
        return -EEXIST; /* the root */
    if (n > 255)
        return -ENAMETOOLONG;
    memcpy(last, name + begin, n);
    last[n] = '\0';
    if (strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
        return -EINVAL;
    char *parent = kmalloc(TEXT_SIZE);
    if (!parent)
        return -ENOMEM;
    memcpy(parent, begin ? name : ".", begin ? begin : 1);
    int error = path_walk(dirfd, parent, PATH_FOLLOW, p);
    kfree(parent);
    if (!error && p->special)
        error = -EACCES;
    return error;
}

/* ---- what is done with a path ---- */

static int create(int dirfd, const char *name, uint32_t flags, uint32_t mode, struct path *p,
                  struct file **file)
{
    char last[256];
    p->then = NULL;
    if (shm_find(name))
        return -EEXIST;
    int error = path_parent(dirfd, name, p, last);
    if ((error == -EACCES || error == -ENOENT) && shm_component(name))
        return shm_create(name, flags, mode & 07777 & ~current->leader->umask, file);
    if (error)
        return error == -EINVAL || error == -EEXIST ? -EISDIR : error;
    error = p9_lcreate(p->fid, last, p9file_open_flags(flags) | (flags & (O_CREAT | O_EXCL)),
                       mode & 07777 & ~current->leader->umask);
    if (error)
        path_done(p);
    if (error == -EACCES && shm_component(name))
        return shm_create(name, flags, mode & 07777 & ~current->leader->umask, file);
    if (error)
        return error;
    where_add(p, last);
    p->qid_type = 0;
    return p9file_new(p, flags, file);
}

static struct p9_msg *then_open(uint32_t fid, const struct path *p)
{
    return p9_lopen_send(fid, p9file_open_flags(p->then_flags));
}

static struct p9_msg *then_getattr(uint32_t fid, const struct path *p)
{
    return p9_getattr_send(fid);
}

/* Why an open that the server may have granted is none. */
static int check_kind(uint8_t qid_type, uint32_t flags)
{
    bool directory = qid_type & P9_QTDIR;
    if (qid_type & P9_QTSYMLINK && !(flags & O_PATH))
        return -ELOOP;
    if (flags & O_DIRECTORY && !directory)
        return -ENOTDIR;
    bool writing = (flags & 3) != 0 || flags & O_CREAT;
    return directory && writing && !(flags & O_PATH) ? -EISDIR : 0;
}

static int open_existing(int dirfd, const char *name, uint32_t flags, struct path *p, struct file **file)
{
    p->then = flags & O_PATH ? NULL : then_open;
    p->then_flags = flags;
    int error = path_walk(dirfd, name, flags & O_NOFOLLOW ? 0 : PATH_FOLLOW, p);
    if (error)
        return error;
    if (p->special)
        return special_open(p, flags, file);
    int refused = check_kind(p->qid_type, flags);
    error = p->answer ? p9_lopen_finish(p->answer, !refused) : 0;
    if (refused)
        error = refused;
    if (error) {
        path_done(p);
        return error;
    }
    return p9file_new(p, flags, file);
}

int path_open(int dirfd, const char *name, uint32_t flags, uint32_t mode, struct file **file)
{
    struct path p = {.where = kmalloc(TEXT_SIZE)};
    if (!p.where)
        return -ENOMEM;
    int error = -ENOENT;
    bool exclusive = flags & O_CREAT && flags & O_EXCL;
    /* Somebody else may remove or create the name between our two steps: then again, but not for ever. */
    for (int attempt = 0; attempt < 8; attempt++) {
        error = exclusive ? -ENOENT : open_existing(dirfd, name, flags, &p, file);
        if (error == -ENOENT && flags & O_CREAT)
            error = create(dirfd, name, flags, mode, &p, file);
        if (error != -EEXIST || exclusive)
            break;
    }
    kfree(p.where);
    return error;
}

int path_stat(int dirfd, const char *name, unsigned flags, struct kstat *st)
{
    struct path p = {.then = then_getattr};
    int error = path_walk(dirfd, name, flags, &p);
    if (error)
        return error;
    memset(st, 0, sizeof *st);
    if (p.special)
        return special_stat(&p, flags, st);
    error = p9_getattr_finish(p.answer, st);
    path_done(&p);
    return error;
}

long path_readlink(int dirfd, const char *name, char *buf, size_t size)
{
    struct path p = {0};
    int error = path_walk(dirfd, name, 0, &p);
    if (error)
        return error;
    if (p.special)
        return special_readlink(&p, buf, size);
    long n = p.qid_type & P9_QTSYMLINK ? p9_readlink(p.fid, buf, size) : -EINVAL;
    path_done(&p);
    return n;
}

int path_chdir(int dirfd, const char *name)
{
    struct path p = {.where = kmalloc(TEXT_SIZE)};
    if (!p.where)
        return -ENOMEM;
    int error = path_walk(dirfd, name, PATH_FOLLOW, &p);
    const char *special = !error && p.special ? special_is_dir(&p) : NULL;
    if (!error && !special && (p.special || !(p.qid_type & P9_QTDIR))) {
        path_done(&p);
        error = -ENOTDIR;
    }
    if (!error) {
        if (current->leader->cwd_fid)
            p9_clunk(current->leader->cwd_fid);
        current->leader->cwd_fid = special ? 0 : p.fid;
        current->leader->cwd_special = special != NULL;
        if (special)
            where_set(&p, special);
        memcpy(current->leader->cwd, p.where, strlen(p.where) + 1);
    }
    kfree(p.where);
    return error;
}
