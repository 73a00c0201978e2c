/* main.c - finds the pack and the kernel's header. */
#include "loader.h"
#include "vmproc/multiboot_pack.h"

#define MB1_MAGIC  0x1badb002u
#define MB2_MAGIC  0xe85250d6u
#define MB1_WITHIN 8192u
#define MB2_WITHIN 32768u
#define ARENA      (64u << 10)
#define COM1       0x3f8
#define PANIC_PORT 0x505

struct start_module {
    uint64_t start, size, cmdline, reserved;
};

uint32_t loader_place(const struct start_info *start);
_Noreturn void loader_run(const struct start_info *start);

extern uint8_t loader_start[] __attribute__((visibility("hidden")));
extern uint8_t loader_end[] __attribute__((visibility("hidden")));

/* ---- what there is instead of a library ---- */

static void outb(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

_Noreturn void loader_fail(const char *why)
{
    for (; *why; why++)
        outb(COM1, (uint8_t)*why);
    outb(COM1, '\n');
    outb(PANIC_PORT, 1);
    for (;;)
        __asm__ volatile("cli; hlt");
}

void *memcpy(void *to, const void *from, size_t n)
{
    void *at = to;
    __asm__ volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(n) : : "memory");
    return to;
}

void *memset(void *to, int value, size_t n)
{
    void *at = to;
    __asm__ volatile("rep stosb" : "+D"(at), "+c"(n) : "a"(value) : "memory");
    return to;
}

uint32_t loader_strlen(const char *text)
{
    uint32_t n = 0;
    while (text[n])
        n++;
    return n;
}

void *loader_alloc(struct loader *l, uint32_t len)
{
    uint8_t *at = l->arena;
    len = (len + 7) & ~7u;
    if (len > (uint32_t)(l->arena_end - at))
        loader_fail("multiboot loader: the command line or the memory map is too long");
    l->arena += len;
    return memset(at, 0, len);
}

/* ---- the pack ---- */

static const struct multiboot_pack *find_pack(const struct start_info *start)
{
    const struct start_module *module = (const void *)(uint32_t)start->modlist;
    const struct multiboot_pack *pack;
    if (start->nr_modules == 0)
        loader_fail("multiboot loader: no module");
    pack = (const void *)(uint32_t)module->start;
    if (module->size < sizeof *pack || pack->magic != MULTIBOOT_PACK_MAGIC ||
        pack->kernel_at > module->size || pack->kernel_len > module->size - pack->kernel_at ||
        pack->module_at > module->size || pack->module_len > module->size - pack->module_at)
        loader_fail("multiboot loader: the module is no pack");
    return pack;
}

static uint32_t length(void)
{
    return (uint32_t)(loader_end - loader_start);
}

/* Arena, then the loader, then the pack. */
uint32_t loader_place(const struct start_info *start)
{
    uint32_t top = (uint32_t)find_pack(start);
    if (top < (uint32_t)loader_end + length() + ARENA + 8192)
        loader_fail("multiboot loader: not enough memory");
    return (top - length()) & ~4095u;
}

/* ---- the kernel ---- */

static uint32_t word(const struct loader *l, uint32_t at)
{
    return *(const uint32_t *)(l->kernel + at);
}

/* A kernel with both is booted by the newer one. */
_Noreturn void loader_run(const struct start_info *start)
{
    const struct multiboot_pack *pack = find_pack(start);
    const uint8_t *bytes = (const uint8_t *)pack;
    struct loader l = {
        .start = start,
        .ranges = (const void *)(uint32_t)start->memmap,
        .kernel = bytes + pack->kernel_at,
        .kernel_len = pack->kernel_len,
        .module = bytes + pack->module_at,
        .module_len = pack->module_len,
        .low = 0x100000,
    };
    l.arena_end = (uint8_t *)(((uint32_t)pack - length()) & ~4095u);
    l.arena = l.arena_end - ARENA;
    l.high = (uint32_t)l.arena;
    for (uint32_t at = 0; at + 16 <= l.kernel_len && at < MB2_WITHIN; at += 8)
        if (word(&l, at) == MB2_MAGIC &&
            word(&l, at) + word(&l, at + 4) + word(&l, at + 8) + word(&l, at + 12) == 0)
            loader_multiboot2(&l, at);
    for (uint32_t at = 0; at + 12 <= l.kernel_len && at < MB1_WITHIN; at += 4)
        if (word(&l, at) == MB1_MAGIC && word(&l, at) + word(&l, at + 4) + word(&l, at + 8) == 0)
            loader_multiboot1(&l, at);
    loader_fail("multiboot loader: the kernel has no multiboot header");
}
