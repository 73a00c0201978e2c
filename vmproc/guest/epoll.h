/*
 * epoll.h - epoll(7): a set of files that is waited for as a whole. A file leaves the set when its descriptor
 * is closed. Edges are told as levels: who asks for EPOLLET may be told of the same twice.
 */
#ifndef GUEST_EPOLL_H
#define GUEST_EPOLL_H

#include "file.h"

struct epoll_event_user {
    uint32_t events;
    uint64_t data;
}
#ifdef __x86_64__
__attribute__((packed)) /* there alone */
#endif
;

int epoll_new(struct file **file);
bool is_epoll(const struct file *f);

/* EPOLL_CTL_*; event is the kernel's copy. 0 or -errno. */
int epoll_change(struct file *epoll, uint64_t op, uint32_t fd, const struct epoll_event_user *event);

/* Up to max events at user address to; their number, 0 after the deadline, -EINTR, -EFAULT, -ENOMEM. */
long epoll_wait_for(struct file *epoll, uint64_t to, unsigned max, uint64_t deadline);

#endif
