/* boot.c - the PVH start info: memory map and first module; or the head of the ROM. */
#include "boot.h"

#include "alone.h"
#include "layout.h"
#include "lib.h"
#include "vmproc/bounce_abi.h"
#include "vmproc/ring_abi.h"
#include "vmproc/rom_abi.h"

#define START_MAGIC 0x336ec578u
#define ENTRY_RAM   1u

struct start_info {
    uint32_t magic, version, flags, nr_modules;
    uint64_t modlist, cmdline, rsdp, memmap;
    uint32_t memmap_entries, reserved;
};

struct start_module {
    uint64_t start, size, cmdline, reserved;
};

struct start_range {
    uint64_t addr, size;
    uint32_t type, reserved;
};

extern char kernel_end[], kernel_data_end[];
extern const struct rom_head rom_head; /* entry.S; of use in ROM only */

/* The boot page tables map the first GiB; the loader's structures lie in it. */
static const void *low(uint64_t pa, uint64_t n)
{
    return pa && pa < (1ul << 30) && n <= (1ul << 30) - pa ? (const void *)(DIRECT_BASE + pa) : NULL;
}

static bool read_pvh(uint64_t pa, struct boot_info *info)
{
    const struct start_info *si = low(pa, sizeof *si);
    if (!si || si->magic != START_MAGIC || si->version < 1)
        return false;
    const struct start_range *map = low(si->memmap, si->memmap_entries * sizeof *map);
    if (!map)
        return false;
    for (uint32_t i = 0; i < si->memmap_entries && info->nram < BOOT_MAX_RANGES; i++) {
        uint64_t start = ALIGN_UP(map[i].addr, PAGE_SIZE),
                 end = ALIGN_DOWN(map[i].addr + map[i].size, PAGE_SIZE);
        if (map[i].type != ENTRY_RAM || end <= start)
            continue;
        info->ram[info->nram++] = (struct boot_range){start, end};
        info->ram_bytes += end - start;
    }
    const struct start_module *module = low(si->modlist, sizeof *module);
    if (si->nr_modules && module && module->start % PAGE_SIZE == 0) {
        info->resident_start = module->start;
        info->resident_size = module->size;
    }
    const char *cmdline = low(si->cmdline, BOOT_CMDLINE);
    if (cmdline)
        memcpy(info->cmdline, cmdline, strnlen(cmdline, BOOT_CMDLINE - 1));
    if (linked_program.size) {
        info->resident_start = LINKED_PROGRAM;
        info->resident_size = linked_program.size;
    }
    info->text = KERNEL_TEXT - KERNEL_BASE;
    info->free_from = (uint64_t)kernel_end - KERNEL_BASE;
    return info->nram > 0;
}

static bool read_rom(uint64_t rom, uint64_t memory_end, struct boot_info *info)
{
    uint64_t end = rom + rom_head.size;
    if (end > memory_end || rom_head.resident_at > rom_head.size ||
        rom_head.resident_size > rom_head.size - rom_head.resident_at)
        return false;
    info->free_from = (uint64_t)kernel_data_end - KERNEL_BASE;
    info->ram[info->nram++] = (struct boot_range){KERNEL_DATA - KERNEL_BASE, rom};
    info->ram_bytes = rom;
    info->rom = (struct boot_range){rom, end};
    info->text = rom;
    if (rom_head.resident_at) {
        info->resident_start = rom + rom_head.resident_at;
        info->resident_size = rom_head.resident_size;
    }
    uint64_t rings = end + BOUNCE_BYTES;
    if (memory_end >= rings)
        info->bounce = end;
    if (memory_end >= rings + RING_FILE_BYTES)
        info->ring_next = rings;
    if (memory_end >= rings + 2 * RING_FILE_BYTES)
        info->ring_prev = rings + RING_FILE_BYTES;
    return true;
}

bool boot_read(uint64_t where, uint64_t memory_end, struct boot_info *info)
{
    return memory_end ? read_rom(where, memory_end, info) : read_pvh(where, info);
}
