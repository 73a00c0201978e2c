/* pipe.h - pipe(2), inside the guest. */
#ifndef GUEST_PIPE_H
#define GUEST_PIPE_H

#include "file.h"

int pipe_new(uint32_t flags, struct file **reader, struct file **writer);

#endif
