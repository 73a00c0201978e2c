/*
 * stream.h - the host's end of a port that carries messages (ctl, 9p): a unix stream socket.
 *
 * Sending never blocks: what the socket does not take at once is queued. The socket is ours alone but its
 * open file description may not be, so MSG_DONTWAIT is used and O_NONBLOCK never set.
 */
#ifndef SHIM_STREAM_H
#define SHIM_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct stream {
    int fd;
    uint8_t *queue; /* bytes head..tail wait to be sent */
    size_t head, tail, size;
};

/* Sends or queues all of it. Returns 0 or -errno: -EPIPE when the peer has gone, -ENOMEM. */
int stream_send(struct stream *stream, const void *bytes, size_t len);

/* Sends what is queued as far as the socket takes it. Returns 0 or -errno. */
int stream_flush(struct stream *stream);

static inline bool stream_has_backlog(const struct stream *stream)
{
    return stream->head != stream->tail;
}

/* Bytes got, 0 at the end, -EAGAIN when there are none now, -errno. */
ssize_t stream_recv(struct stream *stream, void *buf, size_t len);

#endif
