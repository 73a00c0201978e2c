/* boot_feed.c - from standard input to a console, a buffer at a time. */
#include "boot_feed.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define END_OF_TRANSMISSION 4

void boot_feed_start(struct boot_feed *feed, struct ops *ops, int console, uint32_t how)
{
    /* Less than the smallest that the kernel allows, with which one full buffer fills it: writable means taken. */
    const int least = 1;
    struct stat st;
    int fd = how == BOOT_INPUT_NONE ? -1 : fcntl(0, F_DUPFD_CLOEXEC, 3);
    feed->ops = ops;
    feed->console = console;
    feed->tell_end = how == BOOT_INPUT_EOT;
    if (fd < 0)
        return; /* closed: as at its end, but nobody waits for a byte that tells it */
    setsockopt(console, SOL_SOCKET, SO_SNDBUF, &least, sizeof least);
    if (fstat(fd, &st) || S_ISDIR(st.st_mode)) {
        close(fd);
        return;
    }
    feed->terminal = isatty(fd);
    feed->source = file_new(fd, st.st_mode, true);
}

static void end(struct boot_feed *feed)
{
    file_unref(feed->source);
    feed->source = NULL;
    if (!feed->tell_end)
        return;
    feed->buffer[0] = END_OF_TRANSMISSION;
    feed->at = 0;
    feed->len = 1;
}

static void take(struct boot_feed *feed)
{
    if (feed->op.result > 0) {
        feed->at = 0;
        feed->len = (size_t)feed->op.result;
    } else if (feed->op.result != -EINTR && feed->op.result != -EAGAIN) {
        end(feed);
    }
}

static void read_finished(struct op *op)
{
    struct boot_feed *feed = op->owner;
    feed->reading = false;
    take(feed);
}

static bool in_foreground(const struct boot_feed *feed)
{
    return !feed->terminal || tcgetpgrp(feed->source->fd) == getpgrp();
}

static void start_reading(struct boot_feed *feed)
{
    feed->op = (struct op){.kind = OP_READ,
                           .file = feed->source,
                           .buf = feed->buffer,
                           .len = sizeof feed->buffer,
                           .finish = read_finished,
                           .owner = feed};
    feed->reading = true;
    if (op_start(feed->ops, &feed->op))
        read_finished(&feed->op);
}

static void send_some(struct boot_feed *feed)
{
    ssize_t n =
        send(feed->console, feed->buffer + feed->at, feed->len - feed->at, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n > 0) {
        feed->at += (size_t)n;
        feed->bytes += (uint64_t)n;
    } else if (n < 0 && errno != EAGAIN && errno != EINTR) {
        feed->at = feed->len; /* nobody takes it any more */
        if (feed->source)
            file_unref(feed->source);
        feed->source = NULL;
    }
}

/* What was sent last has been taken by QEMU. */
static bool is_taken(const struct boot_feed *feed)
{
    struct pollfd p = {.fd = feed->console, .events = POLLOUT};
    return poll(&p, 1, 0) == 1 && (p.revents & POLLOUT);
}

/* A read that is done at once leaves something to send. */
void boot_feed_advance(struct boot_feed *feed)
{
    if (feed->at == feed->len && feed->source && !feed->reading && is_taken(feed) && in_foreground(feed))
        start_reading(feed);
    if (feed->at < feed->len)
        send_some(feed);
}

/* Also to read on: room tells that what was sent last has been taken. */
bool boot_feed_wants_room(const struct boot_feed *feed)
{
    return feed->at < feed->len || (feed->source && !feed->reading && in_foreground(feed));
}

bool boot_feed_waits_for_foreground(const struct boot_feed *feed)
{
    return feed->source && !feed->reading && feed->at == feed->len && !in_foreground(feed);
}

void boot_feed_pause(struct boot_feed *feed)
{
    if (feed->reading)
        op_cancel(feed->ops, &feed->op);
}
