/* info1.c - Multiboot Specification 0.6.96: the header (3.1), the machine's state (3.2), the information (3.3). */
#include "loader.h"

#define LOADED        0x2badb002u
#define HAS_ADDRESSES (1u << 16)
#define UNKNOWN_WISHES                                                                                       \
    0xfff8u /* bits 3 to 15 must be understood: bit 0 aligns, 1 wants memory, 2 a video mode */

enum {
    INFO_MEMORY = 1u << 0,
    INFO_CMDLINE = 1u << 2,
    INFO_MODULES = 1u << 3,
    INFO_MAP = 1u << 6,
    INFO_NAME = 1u << 9
};

struct header {
    uint32_t magic, flags, checksum;
    uint32_t header_addr, load_addr, load_end_addr, bss_end_addr, entry_addr;
};

struct info {
    uint32_t flags, mem_lower, mem_upper, boot_device, cmdline, mods_count, mods_addr, syms[4];
    uint32_t mmap_length, mmap_addr, drives_length, drives_addr, config_table, loader_name;
};

struct module {
    uint32_t start, end, cmdline, reserved;
};

struct map_entry {
    uint32_t size; /* of what follows */
    uint64_t addr, len;
    uint32_t type;
} __attribute__((packed));

static uint32_t load(struct loader *l, uint32_t at)
{
    const struct header *h = (const void *)(l->kernel + at);
    uint32_t offset, n, total;
    if (h->flags & UNKNOWN_WISHES)
        loader_fail("multiboot loader: the kernel's header asks for what is not known");
    if (!(h->flags & HAS_ADDRESSES))
        return loader_load_elf(l);
    if (at + sizeof *h > l->kernel_len || h->header_addr < h->load_addr || h->header_addr - h->load_addr > at)
        loader_fail("multiboot loader: the addresses in the kernel's header make no sense");
    offset = at - (h->header_addr - h->load_addr);
    n = h->load_end_addr ? h->load_end_addr - h->load_addr : l->kernel_len - offset;
    total = h->bss_end_addr > h->load_addr + n ? h->bss_end_addr - h->load_addr : n;
    loader_load(l, h->load_addr, offset, n, total);
    return h->entry_addr;
}

static void tell_memory(struct loader *l, struct info *info)
{
    uint32_t count = l->start->memmap_entries;
    struct map_entry *map = loader_alloc(l, count * sizeof *map);
    info->flags |= INFO_MEMORY | INFO_MAP;
    info->mem_lower = 640;
    info->mmap_addr = (uint32_t)map;
    info->mmap_length = count * sizeof *map;
    for (uint32_t i = 0; i < count; i++) {
        const struct range *r = &l->ranges[i];
        map[i] = (struct map_entry){sizeof *map - 4, r->addr, r->size, r->type};
        if (r->type == 1 && r->addr <= 0x100000 && r->addr + r->size > 0x100000)
            info->mem_upper = (uint32_t)((r->addr + r->size - 0x100000) >> 10);
    }
}

static void tell_module(struct loader *l, struct info *info)
{
    struct module *module = loader_alloc(l, sizeof *module);
    module->start = (uint32_t)l->module;
    module->end = module->start + l->module_len;
    module->cmdline = (uint32_t)loader_alloc(l, 1);
    info->flags |= INFO_MODULES;
    info->mods_count = l->module_len != 0;
    info->mods_addr = (uint32_t)module;
}

static uint32_t keep_text(struct loader *l, const char *text)
{
    uint32_t n = loader_strlen(text) + 1;
    return (uint32_t)memcpy(loader_alloc(l, n), text, n);
}

_Noreturn void loader_multiboot1(struct loader *l, uint32_t header)
{
    struct info *info = loader_alloc(l, sizeof *info);
    const char *cmdline = l->start->cmdline ? (const char *)(uint32_t)l->start->cmdline : "";
    info->flags = INFO_CMDLINE | INFO_NAME;
    info->cmdline = keep_text(l, cmdline);
    info->loader_name = keep_text(l, "fleetsh");
    tell_memory(l, info);
    tell_module(l, info);
    loader_enter(load(l, header), LOADED, info); /* last: it may overwrite the start info */
}
