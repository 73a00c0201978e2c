/*
 * avahi_poll.h - avahi-client's main-loop interface (AvahiPoll) on a libuv loop.
 *
 * D-Bus watches one descriptor twice, for reading and for writing, which libuv does not allow; so each watch
 * polls a duplicate of its own.
 */
#ifndef VMPROC_DAEMON_AVAHI_POLL_H
#define VMPROC_DAEMON_AVAHI_POLL_H

#include <avahi-common/watch.h>
#include <uv.h>

/* Fills poll, whose watches and timeouts live on the loop; poll must outlive the avahi client. */
void avahi_poll_init(AvahiPoll *poll, uv_loop_t *loop);

#endif
