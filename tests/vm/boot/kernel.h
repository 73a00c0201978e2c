/* kernel.h - the parts of the test kernel. */
#ifndef TESTS_BOOT_KERNEL_H
#define TESTS_BOOT_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

/* What a protocol hands over, the same for all (info.c). */
struct boot {
    const char *cmdline;
    const char *module;
    uint32_t module_len;
    uint32_t memory_mib; /* 0: not told */
};

/* kernel.c: does what the command line says. Does not return. */
void run(const struct boot *boot);

/* hvc.c: the first virtio-console on the PCI bus, legacy interface. */
bool hvc_init(void);
void hvc_write(const char *bytes, uint32_t n);
char hvc_read(void);

static inline void outb(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void outw(uint16_t port, uint16_t value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline void outl(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t inb(uint16_t port)
{
    uint8_t value;

    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint16_t inw(uint16_t port)
{
    uint16_t value;

    __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint32_t inl(uint16_t port)
{
    uint32_t value;

    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

#endif
