/*
 * names.c - the guest's questions for names (RFC 1035) go to the shim, which answers those for names that were given.
 *
 * Many questions use one socket to the shim; the answers are told apart by their id.
 */
#include "link.h"

#include <string.h>
#include <sys/socket.h>

#define PORT        53
#define MESSAGE_MAX 512
#define HEADER      12
#define RECORD      16 /* of an address: the name's place, type, class, time, length, four bytes */

static uint16_t get16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

void names_ask(struct link *link, const struct frame *frame)
{
    const uint8_t *question = frame->bytes + frame->payload;
    size_t len = frame->end - frame->payload;
    if (len < HEADER || len > MESSAGE_MAX)
        return;
    link->asker[link->nasked++ % LINK_ASKERS] = (struct asker){get16(question), frame->from_port};
    send(NET_LINK_NAMES, question, len, MSG_DONTWAIT | MSG_NOSIGNAL); /* one that is lost is asked again */
}

/* What is 127.0.0.1 to the shim, is the link's host to the guest. The records of an answer stand at its end. */
static void translate(uint8_t *message, size_t len)
{
    static const uint8_t head[] = {0xc0, HEADER, 0, 1, 0, 1}, loopback[] = {127, 0, 0, 1};
    static const uint8_t host[] = {NET_LINK_HOST >> 24, NET_LINK_HOST >> 16 & 0xff, NET_LINK_HOST >> 8 & 0xff,
                                   NET_LINK_HOST & 0xff};
    size_t count = get16(message + 6);
    for (size_t i = 1; i <= count && i * RECORD + HEADER < len; i++) {
        uint8_t *record = message + len - i * RECORD;
        if (memcmp(record, head, sizeof head) == 0 && memcmp(record + 12, loopback, sizeof loopback) == 0)
            memcpy(record + 12, host, sizeof host);
    }
}

bool names_answer(struct link *link)
{
    uint8_t message[MESSAGE_MAX], out[FRAME_MAX];
    ssize_t n = recv(NET_LINK_NAMES, message, sizeof message, MSG_DONTWAIT);
    if (n < HEADER)
        return n != 0;
    translate(message, (size_t)n);
    filter_forget_refusals(&link->filter);
    for (unsigned i = 0; i < LINK_ASKERS; i++) {
        struct asker *asker = &link->asker[i];
        if (!asker->port || asker->id != get16(message))
            continue;
        frames_put(&link->frames, out,
                   frame_datagram(NET_LINK_DNS, PORT, asker->port, message, (size_t)n, out));
        asker->port = 0;
        break;
    }
    return true;
}
