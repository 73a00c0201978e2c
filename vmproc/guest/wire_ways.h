/*
 * wire_ways.h - the two ways a wire can go, as wire.c sees them: frames through the ports, or a ring in
 * memory that both guests share, with the ports as bells.
 */
#ifndef GUEST_WIRE_WAYS_H
#define GUEST_WIRE_WAYS_H

#include "wire.h"

struct wire_reader {
    bool (*open)(uint64_t key); /* at EXEC. False: this machine cannot */
    long (*read)(struct iobuf *to, bool wait);
    unsigned (*poll)(void);
    void (*close)(void); /* nobody reads on; may be called again */
};

struct wire_writer {
    bool (*open)(uint64_t key);
    long (*write)(struct iobuf *from, bool wait);
    unsigned (*poll)(void);
    void (*close)(void);  /* that was all; may be called again */
    void (*finish)(void); /* as close; returns when the machine may go */
};

extern const struct wire_reader wire_frames_reader, wire_ring_reader;
extern const struct wire_writer wire_frames_writer, wire_ring_writer;

#endif
