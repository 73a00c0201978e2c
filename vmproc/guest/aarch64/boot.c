/* boot.c - the device tree that the loader of a Linux image leaves: memory, initrd, command line. */
#include "boot.h"

#include "alone.h"
#include "layout.h"
#include "lib.h"

#define TREE_MAGIC 0xd00dfeedu
#define GIB        (1ul << 30)

enum { NODE = 1, NODE_END = 2, PROPERTY = 3, NOTHING = 4 };

struct tree_header {
    uint32_t magic, bytes, structure, strings;
};

extern char kernel_data_end[];

static uint32_t big32(const void *at)
{
    return __builtin_bswap32(*(const uint32_t *)at);
}

/* Of one or two cells. */
static uint64_t big_number(const char *at, uint32_t bytes)
{
    return bytes >= 8 ? (uint64_t)big32(at) << 32 | big32(at + 4) : bytes >= 4 ? big32(at) : 0;
}

static void take_memory(struct boot_info *info, const char *reg, uint32_t bytes)
{
    for (; bytes >= 16 && info->nram < BOOT_MAX_RANGES; reg += 16, bytes -= 16) {
        uint64_t start = ALIGN_UP(big_number(reg, 8), PAGE_SIZE);
        uint64_t end = ALIGN_DOWN(big_number(reg, 8) + big_number(reg + 8, 8), PAGE_SIZE);
        if (end <= start)
            continue;
        info->ram[info->nram++] = (struct boot_range){start, end};
        info->ram_bytes += end - start;
    }
}

struct chosen {
    uint64_t initrd_start, initrd_end;
};

static void take_chosen(struct boot_info *info, struct chosen *chosen, const char *name, const char *value,
                        uint32_t bytes)
{
    if (strcmp(name, "linux,initrd-start") == 0)
        chosen->initrd_start = big_number(value, bytes);
    else if (strcmp(name, "linux,initrd-end") == 0)
        chosen->initrd_end = big_number(value, bytes);
    else if (strcmp(name, "bootargs") == 0)
        memcpy(info->cmdline, value, strnlen(value, MIN(bytes, BOOT_CMDLINE - 1)));
}

/* Of a tree that is as long as it says: properties of the root's children alone matter. */
static void walk(const char *tree, struct boot_info *info, struct chosen *chosen)
{
    const struct tree_header *header = (const void *)tree;
    const char *at = tree + big32(&header->structure), *end = tree + big32(&header->bytes);
    const char *strings = tree + big32(&header->strings), *node = "";
    unsigned depth = 0;
    while (at + 4 <= end) {
        uint32_t token = big32(at);
        at += 4;
        if (token == NODE) {
            if (++depth == 2)
                node = at;
            at += ALIGN_UP(strlen(at) + 1, 4);
        } else if (token == NODE_END) {
            depth--;
        } else if (token == PROPERTY) {
            uint32_t bytes = big32(at);
            const char *name = strings + big32(at + 4), *value = at + 8;
            if (depth == 2 && has_prefix(node, "memory") && strcmp(name, "reg") == 0)
                take_memory(info, value, bytes);
            if (depth == 2 && strcmp(node, "chosen") == 0)
                take_chosen(info, chosen, name, value, bytes);
            at += 8 + ALIGN_UP(bytes, 4);
        } else if (token != NOTHING) {
            return;
        }
    }
}

/* The boot page tables map the first GiB of memory; the loader's things lie in it. */
bool boot_read(uint64_t where, uint64_t memory_end, struct boot_info *info)
{
    struct chosen chosen = {0};
    if (where < KERNEL_PHYS || where >= KERNEL_PHYS + GIB)
        return false;
    const char *tree = (const char *)(DIRECT_BASE + where);
    if (big32(tree) != TREE_MAGIC || big32(tree + 4) > KERNEL_PHYS + GIB - where)
        return false;
    walk(tree, info, &chosen);
    if (chosen.initrd_end > chosen.initrd_start && chosen.initrd_start % PAGE_SIZE == 0) {
        info->resident_start = chosen.initrd_start;
        info->resident_size = chosen.initrd_end - chosen.initrd_start;
    }
    info->text = KERNEL_TEXT - KERNEL_BASE + KERNEL_PHYS;
    info->free_from = (uint64_t)kernel_data_end - KERNEL_BASE + KERNEL_PHYS;
    return info->nram > 0;
}
