/*
 * p9_requests.h - the functions that answer requests; the table that calls them is in p9.c.
 *
 * Each reads its arguments from call->in, writes its answer's body to call->out and returns 0; or returns
 * -errno for Rlerror; or P9_LATER. It has to test call->in.bad before it acts.
 */
#ifndef SHIM_P9_REQUESTS_H
#define SHIM_P9_REQUESTS_H

#include "p9.h"

/* p9_walk.c */
int p9_attach(struct p9_call *call);
int p9_walk(struct p9_call *call);
int p9_clunk(struct p9_call *call);

/* p9_reach.c */
int p9_reach(struct p9_call *call);

/* p9_open.c */
int p9_lopen(struct p9_call *call);
int p9_lcreate(struct p9_call *call);

/* p9_io.c */
int p9_read(struct p9_call *call);
int p9_bread(struct p9_call *call);
int p9_write(struct p9_call *call);
int p9_fsync(struct p9_call *call);

/* p9_dir.c */
int p9_readdir(struct p9_call *call);
int p9_readlink(struct p9_call *call);

/* p9_attr.c */
int p9_getattr(struct p9_call *call);
int p9_setattr(struct p9_call *call);
int p9_statfs(struct p9_call *call);
int p9_no_xattr(struct p9_call *call);

/* p9_name.c */
int p9_symlink(struct p9_call *call);
int p9_mknod(struct p9_call *call);
int p9_link(struct p9_call *call);
int p9_mkdir(struct p9_call *call);
int p9_rename(struct p9_call *call);
int p9_renameat(struct p9_call *call);
int p9_unlinkat(struct p9_call *call);
int p9_remove(struct p9_call *call);

/* p9_lock.c */
int p9_lock(struct p9_call *call);
int p9_getlock(struct p9_call *call);

/* p9_async.c */
int p9_flush(struct p9_call *call);

#endif
