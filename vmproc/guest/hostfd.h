/*
 * hostfd.h - the descriptors that EXEC gives the program: /dev/null, bytes pulled or pushed over 9P, the
 * ports out and err, wires. Descriptors with the same open file description share one struct file.
 */
#ifndef GUEST_HOSTFD_H
#define GUEST_HOSTFD_H

#include "file.h"

/* Fills current's descriptor table. 0, -EINVAL for a table that makes no sense, -ENOMEM. */
int hostfd_install_all(const struct ctl_fd *fds, uint32_t n);

/* A new reference to the first inherited terminal, for /dev/tty; NULL when there is none. */
struct file *hostfd_terminal(void);

#endif
