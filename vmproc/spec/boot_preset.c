/* boot_preset.c - what each kind of image, and each system that makes them, has by convention. */
#include "boot.h"

#include <string.h>

static const struct {
    const char *name;
    unsigned format; /* enum probe_format */
    enum boot_quoting quoting;
} kinds[BOOT_NKINDS] = {
    [BOOT_KIND_NONE] = {"linux", 0, BOOT_QUOTE_NONE},
    [BOOT_KIND_PVH] = {"pvh", PROBE_PVH, BOOT_QUOTE_NONE},
    [BOOT_KIND_MULTIBOOT] = {"multiboot", PROBE_MULTIBOOT, BOOT_QUOTE_NONE},
    [BOOT_KIND_MULTIBOOT2] = {"multiboot2", PROBE_MULTIBOOT2, BOOT_QUOTE_NONE},
    [BOOT_KIND_BZIMAGE] = {"bzimage", PROBE_LINUX, BOOT_QUOTE_LINUX},
    [BOOT_KIND_DISK] = {"disk", PROBE_QCOW2 | PROBE_RAW, BOOT_QUOTE_NONE},
};

enum boot_kind boot_kind_named(const char *name)
{
    for (unsigned kind = BOOT_KIND_NONE + 1; kind < BOOT_NKINDS; kind++)
        if (strcmp(kinds[kind].name, name) == 0)
            return kind;
    return BOOT_KIND_NONE;
}

const char *boot_kind_name(enum boot_kind kind)
{
    return kinds[kind].name;
}

/* In the order of the table: a kernel with several entries does not mind, and PVH needs least of us. */
enum boot_kind boot_kind_of(const struct probe *probe)
{
    for (unsigned kind = BOOT_KIND_NONE + 1; kind < BOOT_NKINDS; kind++)
        if (probe->formats & kinds[kind].format)
            return kind;
    return BOOT_KIND_NONE;
}

bool boot_is_of_kind(const struct probe *probe, enum boot_kind kind)
{
    /* A disk without a boot sector may have what its firmware needs all the same. */
    return kind == BOOT_KIND_DISK ? !(probe->formats & ~(PROBE_QCOW2 | PROBE_RAW))
                                  : (probe->formats & kinds[kind].format) != 0;
}

#define UNSAID 0xffffffffu

static const struct {
    uint32_t machine;
    uint32_t exit_port;
    uint32_t input;
    uint32_t quoting; /* enum boot_quoting, or UNSAID: the kind's */
    const char *template;
    int success; /* a value written to the exit port that means 0; -1: none but 0 */
} systems[PROBE_NSYSTEMS] = {
    [PROBE_UNKNOWN] = {BOOT_PC, 0xf4, BOOT_INPUT_NONE, UNSAID, NULL, -1},
    [PROBE_FLEETSH] = {BOOT_MICROVM, 0xf4, BOOT_INPUT_EOT, BOOT_QUOTE_ESCAPE, "{args}", -1},
    /* Its first word is the kernel's name. It says 41 whatever its status was. */
    [PROBE_SOLO5] = {BOOT_PC, 0x501, BOOT_INPUT_NONE, BOOT_QUOTE_ESCAPE, "{name} {args}", 41},
    [PROBE_UNIKRAFT] = {BOOT_PC, 0x501, BOOT_INPUT_OPEN, BOOT_QUOTE_EITHER, "{name} {args}", -1},
    [PROBE_NANOS] = {BOOT_PC, 0x501, BOOT_INPUT_NONE, UNSAID, NULL, -1},
    [PROBE_OSV] = {BOOT_PC, 0xf4, BOOT_INPUT_OPEN, BOOT_QUOTE_ESCAPE, "{args}", -1},
};

void boot_preset(struct spec_boot *boot, enum boot_kind kind, enum probe_system system)
{
    *boot = (struct spec_boot){
        .kind = kind,
        .machine = systems[system].machine,
        .console = BOOT_SERIAL,
        .input = systems[system].input,
        .bus = BOOT_BUS_VIRTIO,
        .disk = kind == BOOT_KIND_DISK ? BOOT_DISK_OVERLAY : BOOT_NO_DISK,
        .quoting = systems[system].quoting == UNSAID ? kinds[kind].quoting : systems[system].quoting,
        .template = kind == BOOT_KIND_DISK ? NULL : systems[system].template,
        .exit_port = systems[system].exit_port,
        .power_off = 0,
        .reset = 1,
        .panic = 134, /* 128 + SIGABRT */
        .halt = 0,
        .watch_halt = true,
        .image_fd = -1,
        .initrd_fd = -1,
        .disk_fd = -1,
    };
    for (unsigned i = 0; i < 256; i++)
        boot->port_status[i] = (uint8_t)i;
    if (systems[system].success >= 0)
        boot->port_status[systems[system].success] = 0;
}
