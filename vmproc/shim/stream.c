/* stream.c - message ports: queued sending, receiving that does not wait. */
#include "stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static ssize_t send_now(int fd, const uint8_t *bytes, size_t len)
{
    size_t done = 0;
    while (done < len) {
        ssize_t n = send(fd, bytes + done, len - done, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n >= 0)
            done += (size_t)n;
        else if (errno == EAGAIN)
            break;
        else if (errno != EINTR)
            return -errno;
    }
    return (ssize_t)done;
}

static int enqueue(struct stream *stream, const uint8_t *bytes, size_t len)
{
    if (stream->head == stream->tail)
        stream->head = stream->tail = 0;
    if (stream->size - stream->tail < len) {
        size_t queued = stream->tail - stream->head, size = stream->size ? stream->size : 4096;
        if (queued)
            memmove(stream->queue, stream->queue + stream->head, queued);
        stream->head = 0;
        stream->tail = queued;
        while (size - queued < len)
            size *= 2;
        if (size != stream->size) {
            uint8_t *grown = realloc(stream->queue, size);
            if (!grown)
                return -ENOMEM;
            stream->queue = grown;
            stream->size = size;
        }
    }
    memcpy(stream->queue + stream->tail, bytes, len);
    stream->tail += len;
    return 0;
}

int stream_send(struct stream *stream, const void *bytes, size_t len)
{
    ssize_t sent = 0;
    if (!stream_has_backlog(stream)) {
        sent = send_now(stream->fd, bytes, len);
        if (sent < 0)
            return (int)sent;
    }
    if ((size_t)sent == len)
        return 0;
    return enqueue(stream, (const uint8_t *)bytes + sent, len - (size_t)sent);
}

int stream_flush(struct stream *stream)
{
    ssize_t sent = send_now(stream->fd, stream->queue + stream->head, stream->tail - stream->head);
    if (sent < 0)
        return (int)sent;
    stream->head += (size_t)sent;
    return 0;
}

ssize_t stream_recv(struct stream *stream, void *buf, size_t len)
{
    ssize_t n;
    do
        n = recv(stream->fd, buf, len, MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return errno == ECONNRESET ? 0 : -errno;
    return n;
}
