/* info.c - what each protocol hands over. */
#include "kernel.h"

void start(uint32_t magic, const uint32_t *info);

#define MB1_LOADED 0x2badb002u
#define MB2_LOADED 0x36d76289u
#define PVH_MAGIC  0x336ec578u
#define LINUX_HDRS 0x53726448u

static void take_module(struct boot *boot, uint32_t first, uint32_t end)
{
    boot->module = (const char *)first;
    boot->module_len = end - first;
}

static void take_multiboot(struct boot *boot, const uint32_t *info)
{
    if (info[0] & 1)
        boot->memory_mib = info[2] / 1024 + 1;
    if (info[0] & 4)
        boot->cmdline = (const char *)info[4];
    if ((info[0] & 8) && info[5])
        take_module(boot, ((const uint32_t *)info[6])[0], ((const uint32_t *)info[6])[1]);
}

/* Tags: type, size, and what that type says; each begins at a multiple of 8. */
static void take_multiboot2(struct boot *boot, const uint32_t *info)
{
    for (const uint32_t *tag = info + 2; tag[0]; tag += (tag[1] + 7) / 8 * 2) {
        if (tag[0] == 1)
            boot->cmdline = (const char *)(tag + 2);
        if (tag[0] == 3)
            take_module(boot, tag[2], tag[3]);
        if (tag[0] == 4)
            boot->memory_mib = tag[3] / 1024 + 1;
    }
}

static void take_pvh(struct boot *boot, const uint32_t *info)
{
    const uint64_t *module = (const uint64_t *)info[4];

    if (info[6])
        boot->cmdline = (const char *)info[6];
    if (info[3])
        take_module(boot, (uint32_t)module[0], (uint32_t)(module[0] + module[1]));
}

/* Linux's boot protocol: fields of the setup header. */
static void take_linux(struct boot *boot, const uint32_t *setup)
{
    if (setup[0x228 / 4])
        boot->cmdline = (const char *)setup[0x228 / 4];
    if (setup[0x21c / 4])
        take_module(boot, setup[0x218 / 4], setup[0x218 / 4] + setup[0x21c / 4]);
}

void start(uint32_t magic, const uint32_t *info)
{
    struct boot boot = {.cmdline = ""};

    if (magic == LINUX_HDRS)
        take_linux(&boot, info);
    else if (info[0] == PVH_MAGIC) /* first: QEMU's firmware for microvm says MB1_LOADED there, too */
        take_pvh(&boot, info);
    else if (magic == MB1_LOADED)
        take_multiboot(&boot, info);
    else if (magic == MB2_LOADED)
        take_multiboot2(&boot, info);
    run(&boot);
}
