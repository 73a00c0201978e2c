/*
 * hostfd.h - the descriptors that EXEC gives the program: /dev/null, bytes pulled or pushed over 9P, the
 * ports out and err, wires. And what becomes one, because a child in another VM is to share it. Descriptors
 * with the same open file description share one struct file.
 */
#ifndef GUEST_HOSTFD_H
#define GUEST_HOSTFD_H

#include "file.h"
#include "netsock.h"

/* Fills current's descriptor table. 0, -EINVAL for a table that makes no sense, -ENOMEM. */
int hostfd_install_all(const struct ctl_fd *fds, uint32_t n);

/* A file for a descriptor that the host has just made (CALL_PIPE, CALL_ADOPT); NULL: no memory. */
struct file *hostfd_new(const struct ctl_fd *fd);
/* Gets its fid, so that what follows need not wait for that. 0 or -errno. */
int hostfd_attach(struct file *f);
/* f, of any kind, and host change what they are; flags and references stay where they are. */
void hostfd_swap(struct file *f, struct file *host);

/* Of an inherited descriptor; NULL: it is none. */
const struct ctl_fd *hostfd_info(const struct file *f);
/* Of one: its state as a socket, and its fid (0 or -errno). */
struct netsock *hostfd_sock(struct file *f);
int hostfd_fid(struct file *f, uint32_t *fid);
/* The fid of any file that is an inherited regular one, open for reading; 0: it is none. */
uint32_t hostfd_plain_fid(struct file *f);
/* What is written to it goes by a port: by hostfd_stream(), as write(2). */
bool hostfd_streams(const struct file *f);
long hostfd_stream(struct file *f, struct iobuf *from, bool wait);

/* Its fid, if it is a regular file at a position of this guest's alone; 0: it is none. */
uint32_t hostfd_own_fid(struct file *f);

bool hostfd_is_wire(const struct file *f);

/* A new reference to the first inherited terminal, for /dev/tty; NULL when there is none. */
struct file *hostfd_terminal(void);

#endif
