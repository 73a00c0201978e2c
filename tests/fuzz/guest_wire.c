/*
 * guest_wire.c - both ends of a wire of frames, fed by a neighbour that keeps to nothing. The first byte says which end; each
 * further piece is a length and bytes, or a frame of that type and length.
 */
#include "tests/fuzz/guest.h"

#include "vmproc/guest/wire_frames.c"

#define KEY 0x0102030405060708u

void port_commit(struct port *p, uint32_t n)
{
}

void ctl_note_output(void)
{
}

bool virtq_want(struct virtq *q, uint16_t n)
{
    return false;
}

static struct port *end;

static void feed_frame(void)
{
    static const char zeros[WIRE_MAX_DATA];
    uint8_t type = next_byte(), size = next_byte();
    struct wire_head h = {type % 6, type & 0x80 ? size * 40u : size};
    uint64_t key = KEY;
    arrive(end, &h, sizeof h);
    if (h.type == WIRE_OPEN && h.len == sizeof key)
        arrive(end, &key, sizeof key);
    else
        arrive(end, zeros, MIN(h.len, sizeof zeros));
}

static void feed(void)
{
    uint8_t how = next_byte();
    if (how & 1)
        feed_frame();
    else
        feed_raw(end);
}

static void read_all(void)
{
    char data[700];
    end = prev;
    wire_frames_reader.open(KEY);
    for (;;) {
        struct iobuf to = {data, 1 + next_byte() * 2u, false};
        long n = wire_frames_reader.read(&to, true);
        if (n > (long)to.len)
            abort();
        if (n <= 0 && n != -EINTR)
            break;
        wire_frames_reader.poll();
    }
    wire_frames_reader.close();
}

static void write_all(void)
{
    char data[700] = {0};
    end = next;
    wire_frames_writer.open(KEY);
    while (machine.left) {
        struct iobuf from = {data, next_byte() * 2u, false};
        feed();
        if (wire_frames_writer.write(&from, true) > (long)from.len)
            abort();
        wire_frames_writer.poll();
    }
    wire_frames_writer.finish();
}

static void program(void)
{
    if (next_byte() & 1)
        write_all();
    else
        read_all();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    memset(&in, 0, sizeof in);
    memset(&out, 0, sizeof out);
    run_machine(program, bytes, n);
    return 0;
}
