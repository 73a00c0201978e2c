/* specialdir.c - the directories that the guest answers itself, opened to be listed. */
#include <linux/errno.h>
#include <linux/stat.h>

#include "dirent.h"
#include "lib.h"
#include "special.h"
#include "usercopy.h"

/* file->id is the enum special_dir, file->pos counts entries. */
static long specialdir_getdents(struct file *f, uint64_t to, size_t size)
{
    char name[SPECIAL_NAME_MAX];
    uint8_t type;
    size_t stored = 0;
    while (special_entry((enum special_dir)f->id, f->pos, name, &type)) {
        struct dirent d = {.ino = 128 + f->pos, .off = (int64_t)f->pos + 1, .type = type};
        long n = dirent_store(to + stored, size - stored, &d, name, strlen(name));
        if (n <= 0)
            return stored ? (long)stored : n ? n : -EINVAL;
        stored += (size_t)n;
        f->pos++;
    }
    return (long)stored;
}

static long specialdir_seek(struct file *f, int64_t offset, int whence)
{
    return file_seek_local(f, offset, whence, 0);
}

static long specialdir_read(struct file *f, struct iobuf *to, uint64_t *pos)
{
    return -EISDIR;
}

static int specialdir_stat(struct file *f, struct kstat *st)
{
    special_dir_stat((enum special_dir)f->id, st);
    return 0;
}

static int specialdir_describe(struct file *f, char *buf, size_t size)
{
    return format(buf, size, "%s", special_dir_name((enum special_dir)f->id));
}

static const struct file_ops specialdir_ops = {
    .read = specialdir_read,
    .seek = specialdir_seek,
    .stat = specialdir_stat,
    .getdents = specialdir_getdents,
    .describe = specialdir_describe,
};

int specialdir_open(enum special_dir which, uint32_t flags, struct file **file)
{
    struct file *f = file_new(&specialdir_ops, flags);
    if (!f)
        return -ENOMEM;
    f->id = which;
    *file = f;
    return 0;
}

const char *specialdir_path(const struct file *f)
{
    return f->ops == &specialdir_ops ? special_dir_name((enum special_dir)f->id) : NULL;
}
