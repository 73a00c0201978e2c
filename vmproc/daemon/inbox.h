/*
 * inbox.h - the one way from other threads into the loop's thread: functions posted from anywhere run on the
 * loop, in the order of posting.
 */
#ifndef VMPROC_DAEMON_INBOX_H
#define VMPROC_DAEMON_INBOX_H

#include <uv.h>

struct post;

struct inbox {
    uv_async_t async;
    uv_mutex_t lock;
    struct post *head, **tail; /* under lock */
};

int inbox_init(struct inbox *inbox, uv_loop_t *loop); /* 0 or a libuv error */

/* From any thread; data belongs to run(). */
void inbox_post(struct inbox *inbox, void (*run)(void *data), void *data);

#endif
