/* virtio.c - registers and rings. */
#include "virtio.h"

#include "cpu.h"
#include "lib.h"
#include "log.h"
#include "machine.h"
#include "pmem.h"

#define MAGIC             0x74726976u
#define FEATURE_EVENT_IDX (1ul << 29)
#define FEATURE_VERSION_1 (1ul << 32)

enum reg {
    REG_MAGIC = 0x00,
    REG_VERSION = 0x04,
    REG_DEVICE = 0x08,
    REG_FEATURES = 0x10,
    REG_FEATURES_SEL = 0x14,
    REG_DRIVER_FEATURES = 0x20,
    REG_DRIVER_FEATURES_SEL = 0x24,
    REG_QUEUE_SEL = 0x30,
    REG_QUEUE_MAX = 0x34,
    REG_QUEUE_SIZE = 0x38,
    REG_QUEUE_READY = 0x44,
    REG_NOTIFY = 0x50,
    REG_INTERRUPT_ACK = 0x64,
    REG_STATUS = 0x70,
    REG_QUEUE_DESC = 0x80,
    REG_QUEUE_AVAIL = 0x90,
    REG_QUEUE_USED = 0xa0,
    REG_CONFIG = 0x100,
};

enum status { ST_ACKNOWLEDGE = 1, ST_DRIVER = 2, ST_DRIVER_OK = 4, ST_FEATURES_OK = 8 };

struct virtq_desc {
    uint64_t addr;
    uint32_t len;
    uint16_t flags, next;
};
#define DESC_DEVICE_WRITES 2

struct virtq_avail {
    uint16_t flags, idx, ring[VIRTQ_MAX], used_event;
};

struct virtq_used {
    uint16_t flags, idx;
    struct {
        uint32_t id, len;
    } ring[VIRTQ_MAX];
    uint16_t avail_event;
};

/* One page holds a queue of VIRTQ_MAX entries; the specification wants 16, 2 and 4 byte alignment. */
#define AVAIL_OFFSET (sizeof(struct virtq_desc) * VIRTQ_MAX)
#define USED_OFFSET  (AVAIL_OFFSET + 512)
_Static_assert(sizeof(struct virtq_avail) <= 512 && USED_OFFSET + sizeof(struct virtq_used) <= PAGE_SIZE,
               "a queue fits a page");

static uint32_t get(struct virtio_device *dev, enum reg reg)
{
    return dev->regs[reg / 4];
}

static void put(struct virtio_device *dev, enum reg reg, uint32_t value)
{
    dev->regs[reg / 4] = value;
}

bool virtio_find(struct virtio_device *dev, uint32_t id)
{
    for (unsigned i = 0; (dev->regs = machine_virtio(i)) != NULL; i++)
        if (get(dev, REG_MAGIC) == MAGIC && get(dev, REG_VERSION) == 2 && get(dev, REG_DEVICE) == id)
            return true;
    return false;
}

uint64_t virtio_negotiate(struct virtio_device *dev, uint64_t features)
{
    put(dev, REG_STATUS, 0);
    put(dev, REG_STATUS, ST_ACKNOWLEDGE | ST_DRIVER);
    put(dev, REG_FEATURES_SEL, 0);
    uint64_t offered = get(dev, REG_FEATURES);
    put(dev, REG_FEATURES_SEL, 1);
    offered |= (uint64_t)get(dev, REG_FEATURES) << 32;
    offered &= features | FEATURE_VERSION_1 | FEATURE_EVENT_IDX;
    put(dev, REG_DRIVER_FEATURES_SEL, 0);
    put(dev, REG_DRIVER_FEATURES, (uint32_t)offered);
    put(dev, REG_DRIVER_FEATURES_SEL, 1);
    put(dev, REG_DRIVER_FEATURES, (uint32_t)(offered >> 32));
    put(dev, REG_STATUS, ST_ACKNOWLEDGE | ST_DRIVER | ST_FEATURES_OK);
    dev->event_idx = offered & FEATURE_EVENT_IDX;
    return get(dev, REG_STATUS) & ST_FEATURES_OK ? offered : 0;
}

void virtio_ready(struct virtio_device *dev)
{
    put(dev, REG_STATUS, ST_ACKNOWLEDGE | ST_DRIVER | ST_FEATURES_OK | ST_DRIVER_OK);
}

uint32_t virtio_config(struct virtio_device *dev, unsigned offset)
{
    return dev->regs[(REG_CONFIG + offset) / 4];
}

void virtio_ack_interrupt(struct virtio_device *dev)
{
    put(dev, REG_INTERRUPT_ACK, 3);
}

static void put_address(struct virtio_device *dev, enum reg reg, const volatile void *va)
{
    uint64_t pa = va_to_pa((const void *)va);
    put(dev, reg, (uint32_t)pa);
    dev->regs[reg / 4 + 1] = (uint32_t)(pa >> 32);
}

static bool make_rings(struct virtq *q, struct virtio_device *dev, uint16_t index, uint32_t max)
{
    char *page = max ? page_alloc() : NULL;
    if (!page)
        return false;
    uint16_t size = 1;
    while (size * 2u <= MIN(max, VIRTQ_MAX)) /* a power of two: the counters wrap at 2^16 */
        size *= 2;
    *q = (struct virtq){
        .dev = dev,
        .index = index,
        .size = size,
        .desc = (void *)page,
        .avail = (void *)(page + AVAIL_OFFSET),
        .used = (void *)(page + USED_OFFSET),
    };
    return true;
}

static void tell_rings(struct virtq *q)
{
    struct virtio_device *dev = q->dev;
    put(dev, REG_QUEUE_SIZE, q->size);
    put_address(dev, REG_QUEUE_DESC, q->desc);
    put_address(dev, REG_QUEUE_AVAIL, q->avail);
    put_address(dev, REG_QUEUE_USED, q->used);
    put(dev, REG_QUEUE_READY, 1);
}

bool virtq_init(struct virtq *q, struct virtio_device *dev, uint16_t index)
{
    put(dev, REG_QUEUE_SEL, index);
    if (!make_rings(q, dev, index, get(dev, REG_QUEUE_MAX)))
        return false;
    tell_rings(q);
    return true;
}

void virtq_renew_unused(struct virtio_device *dev, uint16_t index)
{
    struct virtq q;
    put(dev, REG_QUEUE_SEL, index);
    if (get(dev, REG_QUEUE_READY) || !make_rings(&q, dev, index, get(dev, REG_QUEUE_MAX)))
        return;
    for (unsigned i = 0; i < 2; i++) {
        tell_rings(&q);
        put(dev, REG_QUEUE_READY, 0);
    }
    page_free(q.desc);
}

/* With a queue of fewer entries than VIRTQ_MAX the two event fields lie right after the shorter rings. */
static volatile uint16_t *used_event(struct virtq *q)
{
    return &q->avail->ring[q->size];
}

static volatile uint16_t *avail_event(struct virtq *q)
{
    return (volatile uint16_t *)&q->used->ring[q->size];
}

void virtq_add(struct virtq *q, uint64_t pa, uint32_t len, bool device_writes)
{
    uint16_t slot = q->added % q->size;
    q->desc[slot] = (struct virtq_desc){pa, len, device_writes ? DESC_DEVICE_WRITES : 0, 0};
    q->avail->ring[slot] = slot;
    barrier();
    q->avail->idx = ++q->added;
}

void virtq_kick(struct virtq *q)
{
    if (q->kicked == q->added)
        return;
    full_barrier(); /* our index must be out before we read whether the device sleeps */
    uint16_t news = (uint16_t)(q->added - q->kicked);
    bool wanted =
        q->dev->event_idx ? (uint16_t)(q->added - *avail_event(q) - 1) < news : !(q->used->flags & 1);
    q->kicked = q->added;
    if (wanted)
        put(q->dev, REG_NOTIFY, q->index);
}

/* A descriptor's length becomes what the device wrote: it is the driver's again. */
static void see_used(struct virtq *q)
{
    for (; q->seen != q->used->idx; q->seen++) {
        barrier();
        uint32_t slot = q->used->ring[q->seen % q->size].id, written = q->used->ring[q->seen % q->size].len;
        if (slot >= q->size || q->done[slot / 64] >> slot % 64 & 1)
            panic("device used buffer %u of queue %u that it does not have", slot, (unsigned)q->index);
        q->done[slot / 64] |= 1ul << slot % 64;
        q->desc[slot].len = MIN(written, q->desc[slot].len);
    }
}

bool virtq_reap(struct virtq *q, uint32_t *len)
{
    see_used(q);
    uint16_t slot = q->reaped % q->size;
    uint64_t bit = 1ul << slot % 64;
    if (!(q->done[slot / 64] & bit))
        return false;
    q->done[slot / 64] &= ~bit;
    *len = q->desc[slot].len;
    q->reaped++;
    return true;
}

bool virtq_want(struct virtq *q, uint16_t n)
{
    if (q->dev->event_idx)
        *used_event(q) = (uint16_t)(q->seen + n - 1);
    full_barrier();
    return (uint16_t)(q->used->idx - q->seen) >= n;
}

/* ---- the device's half of a detached queue ---- */

bool virtq_init_detached(struct virtq *q)
{
    static uint32_t regs[REG_CONFIG / 4]; /* notifications go nowhere */
    static struct virtio_device nobody = {regs, true};
    return make_rings(q, &nobody, 0, VIRTQ_MAX);
}

void virtq_free_detached(struct virtq *q)
{
    page_free(q->desc);
}

void *virtq_device_take(struct virtq *q, uint32_t *len)
{
    if (q->used->idx == q->avail->idx)
        return NULL;
    const struct virtq_desc *d = &q->desc[q->avail->ring[q->used->idx % q->size]];
    *len = d->len;
    return pa_to_va(d->addr);
}

void virtq_device_used(struct virtq *q, uint32_t written)
{
    uint16_t slot = q->used->idx % q->size;
    q->used->ring[slot].id = q->avail->ring[slot];
    q->used->ring[slot].len = written;
    q->used->idx++;
}
