/* hvc.c - a virtio-console by its legacy PCI interface: two queues, one buffer each, polled. */
#include "kernel.h"

#define QUEUE_MAX 256

struct descriptor {
    uint64_t addr;
    uint32_t len;
    uint16_t flags, next;
};

struct queue {
    uint16_t size, seen;
    struct descriptor *desc;
    volatile uint16_t *avail, *used; /* flags, index, ... */
};

static uint8_t memory[2][16384] __attribute__((aligned(4096)));
static struct queue in, out;
static uint16_t io;
static char in_buffer[256], out_buffer[4096];
static uint32_t in_at, in_len;

static uint32_t pci_read(uint32_t device, uint32_t offset)
{
    outl(0xcf8, 0x80000000 | device << 11 | offset);
    return inl(0xcfc);
}

/* I/O ports and bus mastering on. */
static bool find_device(void)
{
    for (uint32_t device = 0; device < 32; device++) {
        if (pci_read(device, 0) != 0x10031af4)
            continue;
        io = (uint16_t)(pci_read(device, 0x10) & ~3u);
        outl(0xcf8, 0x80000000 | device << 11 | 4);
        outw(0xcfc, 5);
        return true;
    }
    return false;
}

static void queue_init(struct queue *queue, uint16_t number)
{
    uint8_t *at = memory[number];

    outw(io + 14, number);
    queue->size = inw(io + 12);
    queue->desc = (struct descriptor *)at;
    queue->avail = (volatile uint16_t *)(at + queue->size * sizeof(struct descriptor));
    queue->used = (volatile uint16_t *)(at + ((queue->size * 16 + 6 + queue->size * 2 + 4095) & ~4095));
    outl(io + 8, (uint32_t)at >> 12);
}

static void queue_buffer(struct queue *queue, uint16_t number, const void *buffer, uint32_t len,
                         uint16_t flags)
{
    queue->desc[0] = (struct descriptor){(uint32_t)buffer, len, flags, 0};
    queue->avail[2 + queue->avail[1] % queue->size] = 0;
    __asm__ volatile("" : : : "memory");
    queue->avail[1]++;
    outw(io + 16, number);
}

static uint32_t queue_wait(struct queue *queue)
{
    const volatile uint32_t *elements = (const volatile uint32_t *)(queue->used + 2);

    while (queue->used[1] == queue->seen)
        ;
    __asm__ volatile("" : : : "memory");
    return elements[queue->seen++ % queue->size * 2 + 1];
}

bool hvc_init(void)
{
    if (!find_device())
        return false;
    outb(io + 18, 0);
    outb(io + 18, 3); /* acknowledge, driver; no features */
    outl(io + 4, 0);
    queue_init(&in, 0);
    queue_init(&out, 1);
    outb(io + 18, 7);
    return true;
}

void hvc_write(const char *bytes, uint32_t n)
{
    while (n) {
        uint32_t part = n < sizeof out_buffer ? n : sizeof out_buffer;

        for (uint32_t i = 0; i < part; i++)
            out_buffer[i] = *bytes++;
        queue_buffer(&out, 1, out_buffer, part, 0);
        queue_wait(&out);
        n -= part;
    }
}

char hvc_read(void)
{
    if (in_at == in_len) {
        queue_buffer(&in, 0, in_buffer, sizeof in_buffer, 2);
        in_len = queue_wait(&in);
        in_at = 0;
    }
    return in_buffer[in_at++];
}
