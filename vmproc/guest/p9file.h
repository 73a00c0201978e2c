/* p9file.h - files and directories opened by path. */
#ifndef GUEST_P9FILE_H
#define GUEST_P9FILE_H

#include "path.h"

/* Takes over p's fid, opened; -ENOMEM gives it back. p->st: what it is, asked for at p->since or later; or NULL. */
int p9file_new(struct path *p, uint32_t flags, struct file **file);

/* Of a regular file that was opened by path and is at a position of this guest's alone; 0: it is none. */
uint32_t p9file_fid(const struct file *f);

/* Whether it is such a file, whose attributes come by a reply. */
bool p9file_is(const struct file *f);

/* The flags of open(2) that Tlopen and Tlcreate are told. */
uint32_t p9file_open_flags(uint32_t flags);

#endif
