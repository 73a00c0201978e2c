/*
 * socketpair.h - two stream sockets that are joined: a pipe each way. They are this machine's: a child in
 * another VM does not get them.
 */
#ifndef GUEST_SOCKETPAIR_H
#define GUEST_SOCKETPAIR_H

#include "file.h"

/* flags: O_NONBLOCK. 0 or -ENOMEM. */
int socketpair_new(uint32_t flags, struct file *ends[2]);
bool is_socketpair(const struct file *f);

/* shutdown(2): closes what this end reads, or writes. */
void socketpair_shut(struct file *f, bool reading, bool writing);

#endif
