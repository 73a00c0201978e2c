/* file.c - host descriptors. */
#include "file.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

enum file_class file_class_of(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG:
    case S_IFDIR:
    case S_IFBLK:
        return FILE_PLAIN;
    case S_IFIFO:
    case S_IFSOCK:
        return FILE_NOWAIT;
    default:
        return FILE_THREAD;
    }
}

struct file *file_new(int fd, mode_t mode, bool raw_terminal)
{
    struct file *file = malloc(sizeof *file);
    struct tty_filter *filter = NULL;
    if (!file || (S_ISCHR(mode) && !raw_terminal && tty_filter_for(fd, &filter))) {
        close(fd);
        free(file);
        return NULL;
    }
    *file = (struct file){.fd = fd, .refs = 1, .class = file_class_of(mode), .filter = filter};
    return file;
}

void file_unref(struct file *file)
{
    assert(file->refs > 0);
    if (--file->refs)
        return;
    close(file->fd);
    free(file->filter);
    free(file);
}
