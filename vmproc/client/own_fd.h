/* own_fd.h - descriptors below 10 are the script's: what is ours lies above. */
#ifndef VMPROC_CLIENT_OWN_FD_H
#define VMPROC_CLIENT_OWN_FD_H

/* Replaces *fd by a close-on-exec descriptor above. 0, or -errno, with *fd closed and -1. */
int own_fd(int *fd);

#endif
