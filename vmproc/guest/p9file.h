/* p9file.h - files and directories opened by path. */
#ifndef GUEST_P9FILE_H
#define GUEST_P9FILE_H

#include "path.h"

/* Takes over p's fid, opened; -ENOMEM gives it back. */
int p9file_new(struct path *p, uint32_t flags, struct file **file);

/* The flags of open(2) that Tlopen and Tlcreate are told. */
uint32_t p9file_open_flags(uint32_t flags);

#endif
