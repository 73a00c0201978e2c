/*
 * frames.h - the connection to QEMU (its -netdev stream): for each frame its length, four bytes, highest first, and the
 * frame.
 */
#ifndef NET_FRAMES_H
#define NET_FRAMES_H

#include "frame.h"

#define FRAMES_IN  65536u
#define FRAMES_OUT (1u << 18) /* what QEMU has not taken yet */

struct frames {
    int fd; /* -1: not yet */
    uint8_t in[FRAMES_IN];
    size_t in_at, in_len;
    size_t skip; /* bytes of a frame that is too long */
    uint8_t out[FRAMES_OUT];
    size_t out_at, out_len;
};

/* Takes in what has come. false: the connection is over. */
bool frames_receive(struct frames *frames);

/* The next whole frame, which stays where it is until frames_receive(); false: there is none. */
bool frames_next(struct frames *frames, const uint8_t **bytes, size_t *len);

/* Puts a frame into the queue. One that has no room is lost, as on any wire. */
void frames_put(struct frames *frames, const uint8_t *bytes, size_t len);

/* Sends what is in the queue, as far as it goes. */
void frames_send(struct frames *frames);

bool frames_wait_for_room(const struct frames *frames);
/* So much waits that nothing more should be made. */
bool frames_are_full(const struct frames *frames);

#endif
