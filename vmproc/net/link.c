/* link.c - what comes from either side of a link, and where it goes. */
#include "link.h"

#include <errno.h>
#include <slirp/libslirp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FD_CONTROL, FD_NAMES, FD_FRAMES, FD_OTHERS };

int link_init(struct link *link)
{
    link->frames.fd = -1;
    return sockets_init(link);
}

/* ---- from the guest ---- */

static void hold(struct link *link, const struct frame *frame)
{
    for (unsigned i = 0; i < LINK_HELD; i++) {
        struct held *held = &link->held[i];
        if (held->len)
            continue;
        memcpy(held->bytes, frame->bytes, frame->len);
        held->len = frame->len;
        return;
    }
}

static struct network_address mapped(uint32_t address)
{
    return (struct network_address){{[10] = 0xff,
                                     [11] = 0xff,
                                     [12] = (uint8_t)(address >> 24),
                                     [13] = (uint8_t)(address >> 16),
                                     [14] = (uint8_t)(address >> 8),
                                     [15] = (uint8_t)address}};
}

static void ask(struct link *link, const struct frame *frame)
{
    uint32_t to = filter_destination(frame);
    const struct net_message message = {.type = NET_ASK, .port = frame->to_port, .address = mapped(to)};
    if (net_link_send(NET_LINK_CONTROL, &message, -1)) /* so many wait: the guest will try again */
        filter_take_verdict(&link->filter, to, frame->to_port, false);
    else
        hold(link, frame);
}

static void take_frame(struct link *link, const uint8_t *bytes, size_t len)
{
    uint8_t out[FRAME_MAX];
    struct frame frame;
    if (!frame_read(&frame, bytes, len))
        return;
    switch (filter_from_guest(&link->filter, &frame)) {
    case FILTER_DROP:
        return;
    case FILTER_PASS:
        slirp_input(link->slirp, bytes, (int)len);
        return;
    case FILTER_REFUSE:
        frames_put(&link->frames, out, frame_unreachable(&frame, out));
        return;
    case FILTER_NAMES:
        names_ask(link, &frame);
        return;
    case FILTER_ASK:
        ask(link, &frame);
        return;
    case FILTER_WAIT:
        hold(link, &frame);
        return;
    }
}

/* Those that still have no verdict are held again. */
static void try_held(struct link *link)
{
    for (unsigned i = 0; i < LINK_HELD; i++) {
        struct held held = link->held[i];
        link->held[i].len = 0;
        if (held.len)
            take_frame(link, held.bytes, held.len);
    }
}

/* ---- from the shim ---- */

static void take_verdict(struct link *link, const struct net_message *message)
{
    const uint8_t *at = message->address.bytes + NETWORK_ADDRESS - 4;
    uint32_t address = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    filter_take_verdict(&link->filter, address, message->port, message->yes);
    try_held(link);
}

/* false: it has gone. */
static bool take_message(struct link *link)
{
    struct net_message message;
    int passed, err = net_link_receive(NET_LINK_CONTROL, &message, &passed, MSG_DONTWAIT);
    if (err)
        return err == -EAGAIN || err == -EINTR;
    if (message.type == NET_FRAMES && passed >= 0) {
        link->frames.fd = passed;
        return true;
    }
    if (passed >= 0)
        close(passed);
    if (message.type != NET_VERDICT)
        return false;
    take_verdict(link, &message);
    return true;
}

/* ---- the loop ---- */

/* When QEMU ends, what that means is the shim's to say: it ends this process. */
static void take_frames(struct link *link)
{
    bool more = frames_receive(&link->frames);
    const uint8_t *bytes;
    size_t len;
    while (frames_next(&link->frames, &bytes, &len))
        take_frame(link, bytes, len);
    if (more)
        return;
    close(link->frames.fd);
    link->frames.fd = -1;
}

static bool turn(struct link *link)
{
    bool sockets = link->filter.heard && !frames_are_full(&link->frames);
    struct pollfd *fds = link->fds;
    short room = frames_wait_for_room(&link->frames) ? POLLOUT : 0;
    int limit = -1, n;
    fds[FD_CONTROL] = (struct pollfd){NET_LINK_CONTROL, POLLIN, 0};
    fds[FD_NAMES] = (struct pollfd){NET_LINK_NAMES, POLLIN, 0};
    fds[FD_FRAMES] = (struct pollfd){link->frames.fd, (short)(POLLIN | room), 0};
    link->nfds = FD_OTHERS;
    if (sockets)
        limit = sockets_poll_set(link);
    n = poll(fds, link->nfds, limit);
    if (n < 0 && errno != EINTR)
        return false;
    if (sockets)
        sockets_polled(link, n < 0);
    if (n > 0 && fds[FD_FRAMES].revents)
        take_frames(link);
    if (n > 0 && fds[FD_NAMES].revents && !names_answer(link))
        return false;
    if (n > 0 && fds[FD_CONTROL].revents && !take_message(link))
        return false;
    frames_send(&link->frames);
    return true;
}

int link_run(struct link *link)
{
    while (turn(link))
        ;
    return 0;
}
