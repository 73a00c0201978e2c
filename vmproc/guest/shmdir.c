/* shmdir.c - see shmdir.h. */
#include "shmdir.h"

#include <linux/errno.h>

#include "kmem.h"
#include "lib.h"

struct shm_name {
    struct shm_name *next;
    struct memfile *file; /* a reference */
    char name[256];
};

static struct shm_name *names;

const char *shm_component(const char *path)
{
    static const char dir[] = "/dev/shm/";
    if (!has_prefix(path, dir))
        return NULL;
    const char *name = path + strlen(dir);
    bool plain = *name && strlen(name) < 256 && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
    return plain && !strchr(name, '/') ? name : NULL;
}

static struct shm_name **find(const char *path)
{
    const char *name = shm_component(path);
    struct shm_name **at = &names;
    while (*at && (!name || strcmp((*at)->name, name) != 0))
        at = &(*at)->next;
    return at;
}

struct memfile *shm_find(const char *path)
{
    struct shm_name *n = *find(path);
    return n ? n->file : NULL;
}

struct memfile *shm_by_ino(uint32_t ino)
{
    struct shm_name *n = names;
    while (n && n->file->ino != ino)
        n = n->next;
    return n ? n->file : NULL;
}

bool shm_entry(uint64_t i, char name[256])
{
    const struct shm_name *n = names;
    while (n && i--)
        n = n->next;
    if (n)
        format(name, 256, "%s", n->name);
    return n != NULL;
}

int shm_link(struct memfile *m, const char *path)
{
    if (*find(path))
        return -EEXIST;
    struct shm_name *n = kmalloc(sizeof *n);
    if (!n)
        return -ENOMEM;
    format(n->name, sizeof n->name, "%s", shm_component(path));
    n->file = memfile_ref(m);
    n->next = names;
    names = n;
    m->names++;
    return 0;
}

void shm_unlink(const char *path)
{
    struct shm_name **at = find(path), *n = *at;
    *at = n->next;
    n->file->names--;
    memfile_unref(n->file);
    kfree(n);
}

int shm_create(const char *path, uint32_t flags, uint32_t mode, struct file **file)
{
    struct memfile *m = memfile_new("", mode);
    int error = m ? shm_link(m, path) : -ENOMEM;
    if (!error)
        error = memfile_open(m, flags, file);
    if (m)
        memfile_unref(m);
    return error;
}
