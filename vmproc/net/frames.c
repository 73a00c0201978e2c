/* frames.c - frames over a stream. */
#include "frames.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#define LENGTH 4

bool frames_receive(struct frames *frames)
{
    ssize_t n;
    memmove(frames->in, frames->in + frames->in_at, frames->in_len - frames->in_at);
    frames->in_len -= frames->in_at;
    frames->in_at = 0;
    n = recv(frames->fd, frames->in + frames->in_len, sizeof frames->in - frames->in_len, MSG_DONTWAIT);
    if (n > 0)
        frames->in_len += (size_t)n;
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static void skip_some(struct frames *frames)
{
    size_t have = frames->in_len - frames->in_at, n = frames->skip < have ? frames->skip : have;
    frames->in_at += n;
    frames->skip -= n;
}

bool frames_next(struct frames *frames, const uint8_t **bytes, size_t *len)
{
    for (;;) {
        skip_some(frames);
        const uint8_t *at = frames->in + frames->in_at;
        size_t have = frames->in_len - frames->in_at;
        if (have < LENGTH)
            return false;
        *len = (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
        if (*len > FRAME_MAX) {
            frames->in_at += LENGTH;
            frames->skip = *len;
            continue;
        }
        if (have - LENGTH < *len)
            return false;
        *bytes = at + LENGTH;
        frames->in_at += LENGTH + *len;
        return true;
    }
}

void frames_put(struct frames *frames, const uint8_t *bytes, size_t len)
{
    const uint8_t head[LENGTH] = {(uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8),
                                  (uint8_t)len};
    if (frames->out_at && frames->out_len + LENGTH + len > sizeof frames->out) {
        memmove(frames->out, frames->out + frames->out_at, frames->out_len - frames->out_at);
        frames->out_len -= frames->out_at;
        frames->out_at = 0;
    }
    if (frames->fd < 0 || frames->out_len + LENGTH + len > sizeof frames->out)
        return;
    memcpy(frames->out + frames->out_len, head, LENGTH);
    memcpy(frames->out + frames->out_len + LENGTH, bytes, len);
    frames->out_len += LENGTH + len;
}

void frames_send(struct frames *frames)
{
    while (frames->out_at < frames->out_len) {
        ssize_t n = send(frames->fd, frames->out + frames->out_at, frames->out_len - frames->out_at,
                         MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n <= 0)
            return; /* no room; that it is over is noticed where it is read */
        frames->out_at += (size_t)n;
    }
    frames->out_at = frames->out_len = 0;
}

bool frames_wait_for_room(const struct frames *frames)
{
    return frames->out_at < frames->out_len;
}

bool frames_are_full(const struct frames *frames)
{
    return frames->out_len - frames->out_at > sizeof frames->out / 2;
}
