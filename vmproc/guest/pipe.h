/* pipe.h - pipe(2), inside the guest; and on the host, as soon as a child in another VM is to have an end. */
#ifndef GUEST_PIPE_H
#define GUEST_PIPE_H

#include "file.h"

int pipe_new(uint32_t flags, struct file **reader, struct file **writer);

/* A pipe of the host: its read end, then its write end. The read end's number or -errno. */
int64_t pipe_of_host(struct file *ends[2]);

#endif
