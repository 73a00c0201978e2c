/* path.c - walking, with symbolic links. */
#include "path.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "kmem.h"
#include "lib.h"
#include "news.h"
#include "p9.h"
#include "p9file.h"
#include "sched.h"
#include "shmdir.h"
#include "special.h"
#include "statagain.h"
#include "statahead.h"

#define MAX_LINKS 40u
#define TEXT_SIZE P9_TARGET

/* A walk under way. */
struct walker {
    uint32_t fid; /* where we are */
    bool owned;   /* it is ours to clunk */
    bool stays;   /* it began at a fid that no other task of ours gives back meanwhile */
    char *text;   /* what is still to be walked; NULs where components were cut off */
    char *at;
    char *scratch, *target;
    unsigned links;
    bool last, must_be_dir; /* of the step that was cut off last */
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

/* Does what is left of a path say that it ends in a directory? */
static bool ends_in_directory(const char *text)
{
    size_t n = strlen(text);
    return n && (text[n - 1] == '/' || (n > 1 && text[n - 1] == '.' && text[n - 2] == '/'));
}

static void move_to(struct walker *w, uint32_t fid)
{
    if (w->owned)
        p9_clunk(w->fid);
    w->fid = fid;
    w->owned = true;
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

/* Component walked-1 of the step is a symbolic link: its target takes its place in the text. */
static int follow(struct walker *w, const struct p9_reach *step)
{
    if (++w->links > MAX_LINKS)
        return -ELOOP;
    unsigned link = step->walked - 1;
    if (w->fid == P9_ROOT && link == 0)
        remember(step->names[0], w->target);
    bool absolute = w->target[0] == '/', ok = true;
    size_t len = 0;
    for (unsigned i = 0; i < link && !absolute; i++)
        ok &= append(w->scratch, &len, step->names[i]);
    ok &= append(w->scratch, &len, w->target);
    for (unsigned i = link + 1; i < step->n; i++)
        ok &= append(w->scratch, &len, step->names[i]);
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

/* Cuts the next step off: names, and at the end what is to be done there. */
static void next_step(struct walker *w, struct p9_reach *step, unsigned flags)
{
    const struct path *p = w->path;
    w->must_be_dir = ends_in_directory(w->at);
    *step = (struct p9_reach){.fid = w->fid, .want_fid = true, .target = w->target, .st = p->st};
    step->n = take_components(w, step->names);
    w->last = *w->at == '\0';
    bool follows = !w->last || w->must_be_dir || flags & (PATH_FOLLOW | PATH_TARGET);
    step->how = follows ? P9_REACH_FOLLOW : 0;
    if (!w->last)
        return;
    step->how |= p->how;
    step->flags = p->open_flags;
    step->mode = p->mode;
    step->want_fid = !(flags & PATH_NO_FID);
}

/* Where we are is where the walk ends: that is the working directory's fid, which chdir(2) of another task would give
 * back, or one that stays as long as the call. */
static bool may_lend(const struct walker *w, const struct p9_reach *step, unsigned flags)
{
    return flags & PATH_LEND && w->last && !step->n && (w->stays || !sched_is_shared());
}

/* Walks w->text to its end. w->fid is the result. */
static int walk_text(struct walker *w, unsigned flags)
{
    struct path *p = w->path;
    for (;;) {
        struct p9_reach step;
        if (w->fid == P9_ROOT && special_find(w->at, p))
            return 0;
        if (w->fid == P9_ROOT && follow_remembered(w))
            continue;
        next_step(w, &step, flags);
        if (may_lend(w, &step, flags)) {
            p->lent = !w->owned;
            p->qid_type = P9_QTDIR;
            return 0;
        }
        int error = 0;
        uint64_t news = news_count();
        bool asks = flags & PATH_NO_FID && step.how & P9_REACH_ATTR && !w->must_be_dir;
        if (!asks)
            error = p9_reach(&step);
        else if (!statahead_knows(&step, &error))
            error = statahead_reach(&step);
        p->asked += news_count() != news;
        if (error)
            return error;
        if (step.link && flags & PATH_TARGET && w->last && !w->must_be_dir && step.walked == step.n) {
            p->target_len = (long)MIN(strlen(w->target), p->size);
            memcpy(p->target, w->target, (size_t)p->target_len);
            return 0;
        }
        if (step.link) {
            error = follow(w, &step);
            if (error)
                return error;
            continue;
        }
        if (step.want_fid)
            move_to(w, step.new_fid);
        for (unsigned i = 0; i < step.n; i++)
            where_add(p, step.names[i]);
        p->qid_type = step.type;
        p->opened = step.opened;
        if (w->last)
            return w->must_be_dir && !(step.type & P9_QTDIR) ? -ENOTDIR : 0;
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
    struct walker w = {.path = p, .stays = name[0] == '/' || dirfd != AT_FDCWD};
    p->special = NULL;
    p->opened = p->lent = false;
    p->asked = 0;
    p->target_len = -1;
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
    bool no_fid = flags & PATH_NO_FID;
    if ((error || p->special || no_fid) && w.owned)
        p9_clunk(w.fid);
    p->fid = no_fid ? P9_NOFID : w.fid;
    if (error != -EACCES && error != -ENOENT)
        return error;
    /* In a /dev/shm that is not given there is what this machine has. */
    if (may_be_ours)
        return -ENOENT;
    return special_find_shm(name, p) ? 0 : error;
}

void path_done(struct path *p)
{
    if (!p->special && !p->lent && p->fid != P9_NOFID)
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
    int error = path_walk(dirfd, parent, PATH_FOLLOW | PATH_LEND, p);
    kfree(parent);
    if (!error && p->special)
        error = -EACCES;
    return error;
}

/* ---- what is done with a path ---- */

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

/* Can something be created at name? Not where it says that there is a directory. */
static bool can_be_made(const char *name)
{
    const char *slash = strrchr(name, '/'), *last = slash ? slash + 1 : name;
    return *last && strcmp(last, ".") != 0 && strcmp(last, "..") != 0;
}

/* What is to be done where the name leads. */
static void ask_for_open(struct path *p, const char *name, uint32_t flags, uint32_t mode)
{
    p->how = P9_REACH_ATTR | (flags & O_PATH ? 0 : P9_REACH_OPEN);
    p->open_flags = p9file_open_flags(flags);
    if (ends_in_directory(name))
        p->open_flags |= p9file_open_flags(O_DIRECTORY);
    if (!(flags & O_CREAT) || flags & O_PATH)
        return;
    if (can_be_made(name)) {
        p->how |= P9_REACH_CREATE;
        p->open_flags |= flags & O_EXCL;
        p->mode = mode & 07777 & ~current->leader->umask;
    } else {
        p->how = 0;
    }
}

static int open_walked(struct path *p, uint32_t flags, struct file **file)
{
    int error = check_kind(p->qid_type, flags);
    if (!error && p->how & P9_REACH_OPEN && !p->opened) {
        error = p9_lopen(p->fid, p->open_flags);
        p->st = NULL; /* of before */
    }
    if (error) {
        path_done(p);
        return error;
    }
    return p9file_new(p, flags, file);
}

static int open_at(int dirfd, const char *name, uint32_t flags, uint32_t mode, struct path *p,
                   struct file **file)
{
    bool creates = flags & O_CREAT, exclusive = creates && flags & O_EXCL;
    ask_for_open(p, name, flags, mode);
    if (exclusive && shm_find(name))
        return -EEXIST;
    int error = path_walk(dirfd, name, flags & O_NOFOLLOW || exclusive ? 0 : PATH_FOLLOW, p);
    if ((error == -EACCES || error == -ENOENT) && creates && shm_component(name))
        return shm_create(name, flags, mode & 07777 & ~current->leader->umask, file);
    if (error == -ENOENT && creates && !p->how)
        return -EISDIR;
    if (error)
        return error;
    if (p->special) {
        news_came(); /* what it is made of */
        return exclusive ? -EEXIST : special_open(p, flags, file);
    }
    if (exclusive && !p->how) {
        path_done(p);
        return -EEXIST;
    }
    return open_walked(p, flags, file);
}

int path_open(int dirfd, const char *name, uint32_t flags, uint32_t mode, struct file **file)
{
    struct kstat st = {0};
    struct path p = {.where = kmalloc(TEXT_SIZE), .st = &st, .since = clock_monotonic()};
    if (!p.where)
        return -ENOMEM;
    int error = open_at(dirfd, name, flags, mode, &p, file);
    kfree(p.where);
    return error;
}

int path_stat(int dirfd, const char *name, unsigned flags, struct kstat *st)
{
    struct path p = {.how = P9_REACH_ATTR, .st = st};
    uint64_t since = clock_monotonic(), news = news_count();
    if (statagain_knows(name, flags, st))
        return 0;
    memset(st, 0, sizeof *st);
    int error = path_walk(dirfd, name, flags | PATH_NO_FID, &p);
    if (!error && !p.special && p.asked && news_count() == news + p.asked)
        statagain_keep(name, flags, st, since);
    if (error || !p.special)
        return error;
    news_came(); /* its times */
    return special_stat(&p, flags, st);
}

long path_readlink(int dirfd, const char *name, char *buf, size_t size)
{
    struct path p = {.target = buf, .size = size};
    int error = path_walk(dirfd, name, PATH_NO_FID | PATH_TARGET, &p);
    if (error)
        return error;
    if (p.special)
        return special_readlink(&p, buf, size);
    return p.target_len >= 0 ? p.target_len : -EINVAL;
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
