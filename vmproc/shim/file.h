/*
 * file.h - a host descriptor and how its operations may wait.
 *
 * O_NONBLOCK is never set: the open file description belongs to others, too.
 */
#ifndef SHIM_FILE_H
#define SHIM_FILE_H

#include "tty_filter.h"

#include <stdbool.h>
#include <sys/stat.h>

enum file_class {
    FILE_PLAIN,  /* regular file, directory, block device: the disk answers */
    FILE_NOWAIT, /* pipe or socket: RWF_NOWAIT, then poll */
    FILE_THREAD, /* terminal or other device, or where RWF_NOWAIT is unknown: a thread waits in the call */
};

struct file {
    int fd;        /* -1: closed */
    unsigned refs; /* fids and operations that use it; not counted for inherited ones */
    enum file_class class;
    struct tty_filter *filter; /* a terminal's; owned; NULL: bytes are written as they are */
};

enum file_class file_class_of(mode_t mode);

/* A file of its own for fd, whose writing is filtered if it is a terminal unless raw_terminal, with one
 * reference; NULL without memory (fd is closed then). */
struct file *file_new(int fd, mode_t mode, bool raw_terminal);
void file_unref(struct file *file); /* closes with the last reference */

#endif
