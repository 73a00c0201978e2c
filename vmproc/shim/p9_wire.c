/* p9_wire.c - 9P2000.L encoding. */
#include "p9_wire.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

const uint8_t *p9_get_bytes(struct p9_in *in, size_t len)
{
    const uint8_t *at = in->at;
    if (in->bad || (size_t)(in->end - at) < len) {
        in->bad = true;
        return NULL;
    }
    in->at += len;
    return at;
}

static uint64_t get(struct p9_in *in, unsigned bytes)
{
    const uint8_t *at = p9_get_bytes(in, bytes);
    uint64_t value = 0;
    for (unsigned i = 0; at && i < bytes; i++)
        value |= (uint64_t)at[i] << (8 * i);
    return value;
}

uint8_t p9_get8(struct p9_in *in)
{
    return (uint8_t)get(in, 1);
}

uint16_t p9_get16(struct p9_in *in)
{
    return (uint16_t)get(in, 2);
}

uint32_t p9_get32(struct p9_in *in)
{
    return (uint32_t)get(in, 4);
}

uint64_t p9_get64(struct p9_in *in)
{
    return get(in, 8);
}

int p9_get_string(struct p9_in *in, char *text, size_t size)
{
    size_t len = p9_get16(in);
    const uint8_t *at = p9_get_bytes(in, len);
    text[0] = '\0';
    if (!at)
        return -EPROTO;
    if (memchr(at, 0, len))
        return -EINVAL;
    if (len >= size)
        return -ENAMETOOLONG;
    memcpy(text, at, len);
    text[len] = '\0';
    return 0;
}

int p9_get_name(struct p9_in *in, char name[P9_NAME_MAX + 1])
{
    int err = p9_get_string(in, name, P9_NAME_MAX + 1);
    if (err)
        return err;
    if (strchr(name, '/'))
        return -EINVAL;
    return name[0] ? 0 : -ENOENT;
}

static void put(struct p9_out *out, uint64_t value, unsigned bytes)
{
    assert(p9_room(out) >= bytes);
    for (unsigned i = 0; i < bytes; i++)
        *out->at++ = (uint8_t)(value >> (8 * i));
}

void p9_put8(struct p9_out *out, uint8_t value)
{
    put(out, value, 1);
}

void p9_put16(struct p9_out *out, uint16_t value)
{
    put(out, value, 2);
}

void p9_put32(struct p9_out *out, uint32_t value)
{
    put(out, value, 4);
}

void p9_put64(struct p9_out *out, uint64_t value)
{
    put(out, value, 8);
}

void p9_put_string(struct p9_out *out, const char *text, size_t len)
{
    assert(len <= UINT16_MAX && p9_room(out) >= 2 + len);
    p9_put16(out, (uint16_t)len);
    memcpy(out->at, text, len);
    out->at += len;
}

void p9_put_qid(struct p9_out *out, const struct p9_qid *qid)
{
    p9_put8(out, qid->type);
    p9_put32(out, qid->version);
    p9_put64(out, qid->path);
}

struct p9_out p9_begin(uint8_t *buf, size_t size, uint8_t type, uint16_t tag)
{
    struct p9_out out = {buf, buf, buf + size};
    p9_put32(&out, 0);
    p9_put8(&out, type);
    p9_put16(&out, tag);
    return out;
}

uint32_t p9_end(struct p9_out *out)
{
    uint32_t size = (uint32_t)(out->at - out->start);
    struct p9_out head = {out->start, out->start, out->start + 4};
    p9_put32(&head, size);
    return size;
}
