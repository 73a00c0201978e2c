/*
 * p9_wire.h - 9P2000.L messages as bytes: a reader that cannot run past the end and a writer that cannot
 * overflow.
 *
 * size[4] type[1] tag[2] body; little endian; strings are len[2] and bytes without NUL.
 */
#ifndef SHIM_P9_WIRE_H
#define SHIM_P9_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmproc/p9.h"

struct p9_qid {
    uint8_t type;
    uint32_t version;
    uint64_t path;
};

/* ---- reading: after an overrun every further value is 0 and bad stays set ---- */

struct p9_in {
    const uint8_t *at, *end;
    bool bad;
};

uint8_t p9_get8(struct p9_in *in);
uint16_t p9_get16(struct p9_in *in);
uint32_t p9_get32(struct p9_in *in);
uint64_t p9_get64(struct p9_in *in);

/* The next len bytes, in the message itself; NULL and bad when there are fewer. */
const uint8_t *p9_get_bytes(struct p9_in *in, size_t len);

/*
 * A string copied to text[size] with a NUL. Returns 0, -EINVAL when it has a NUL inside, -ENAMETOOLONG.
 * Always reads past the string, so that the values after it are right.
 */
int p9_get_string(struct p9_in *in, char *text, size_t size);

/* One name of a path: as p9_get_string, and -EINVAL for a '/', -ENOENT for the empty one. */
int p9_get_name(struct p9_in *in, char name[P9_NAME_MAX + 1]);

/* ---- writing ---- */

struct p9_out {
    uint8_t *start, *at, *end;
};

void p9_put8(struct p9_out *out, uint8_t value);
void p9_put16(struct p9_out *out, uint16_t value);
void p9_put32(struct p9_out *out, uint32_t value);
void p9_put64(struct p9_out *out, uint64_t value);
void p9_put_string(struct p9_out *out, const char *text, size_t len);
void p9_put_qid(struct p9_out *out, const struct p9_qid *qid);

static inline size_t p9_room(const struct p9_out *out)
{
    return (size_t)(out->end - out->at);
}

/* Starts a message in buf (at least P9_HEAD bytes); p9_end() fills in its size and returns that. */
struct p9_out p9_begin(uint8_t *buf, size_t size, uint8_t type, uint16_t tag);
uint32_t p9_end(struct p9_out *out);

#endif
