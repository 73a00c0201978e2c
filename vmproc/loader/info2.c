/* info2.c - Multiboot2 Specification 2.0: the header's tags (3.1.3 and on), the information's (3.6). */
#include "loader.h"

#define LOADED 0x36d76289u

enum header_tag {
    H_END,
    H_REQUEST,
    H_ADDRESS,
    H_ENTRY,
    H_CONSOLE,
    H_FRAMEBUFFER,
    H_ALIGN,
    H_EFI,
    H_ENTRY32,
    H_ENTRY64,
    H_RELOCATABLE
};
enum info_tag {
    I_END,
    I_CMDLINE,
    I_NAME,
    I_MODULE,
    I_MEMORY,
    I_BOOT_DEVICE,
    I_MAP,
    I_VBE,
    I_FRAMEBUFFER,
    I_ELF,
    I_APM,
    I_EFI32,
    I_EFI64,
    I_SMBIOS,
    I_RSDP1,
    I_RSDP2
};

struct tag {
    uint32_t type, size;
};

struct header_tag_head {
    uint16_t type, flags; /* bit 0: what is not known may be left out */
    uint32_t size;
};

struct header {
    uint32_t magic, architecture, length, checksum;
};

struct placement {
    bool given;
    uint32_t header_addr, load_addr, load_end_addr, bss_end_addr;
    uint32_t entry;
};

/* ---- the header ---- */

static void take_request(const struct header_tag_head *tag)
{
    const uint32_t *type = (const uint32_t *)(tag + 1);
    if (tag->flags & 1)
        return;
    for (uint32_t i = 0; i < (tag->size - sizeof *tag) / 4; i++)
        if (type[i] != I_CMDLINE && type[i] != I_NAME && type[i] != I_MODULE && type[i] != I_MEMORY &&
            type[i] != I_MAP && type[i] != I_RSDP1 && type[i] != I_RSDP2)
            loader_fail("multiboot loader: the kernel asks for information that there is not");
}

static void take_tag(const struct header_tag_head *tag, struct placement *p)
{
    const uint32_t *data = (const uint32_t *)(tag + 1);
    switch (tag->type) {
    case H_REQUEST:
        take_request(tag);
        break;
    case H_ADDRESS:
        p->given = true;
        p->header_addr = data[0];
        p->load_addr = data[1];
        p->load_end_addr = data[2];
        p->bss_end_addr = data[3];
        break;
    case H_ENTRY:
        p->entry = data[0];
        break;
    case H_CONSOLE: /* the serial port is one */
    case H_ALIGN:
    case H_EFI:
    case H_ENTRY32: /* for machines with EFI */
    case H_ENTRY64:
    case H_RELOCATABLE: /* it may be moved, and need not */
        break;
    default:
        if (!(tag->flags & 1))
            loader_fail("multiboot loader: the kernel's header asks for what is not known");
    }
}

static struct placement read_header(const struct loader *l, uint32_t at)
{
    const struct header *h = (const void *)(l->kernel + at);
    struct placement p = {0};
    if (h->architecture != 0)
        loader_fail("multiboot loader: the kernel is not for i386");
    if (h->length < sizeof *h || h->length > l->kernel_len - at)
        loader_fail("multiboot loader: the kernel's header is cut off");
    for (uint32_t next = sizeof *h; next + 8 <= h->length;) {
        const struct header_tag_head *tag = (const void *)(l->kernel + at + next);
        if (tag->type == H_END)
            break;
        if (tag->size < sizeof *tag || tag->size > h->length - next)
            loader_fail("multiboot loader: the kernel's header is malformed");
        take_tag(tag, &p);
        next += (tag->size + 7) & ~7u;
    }
    return p;
}

static uint32_t load(struct loader *l, uint32_t at, const struct placement *p)
{
    uint32_t offset, n, total;
    if (!p->given) {
        uint32_t entry = loader_load_elf(l);
        return p->entry ? p->entry : entry;
    }
    if (p->header_addr < p->load_addr && p->load_addr != 0xffffffff)
        loader_fail("multiboot loader: the addresses in the kernel's header make no sense");
    offset = p->load_addr == 0xffffffff ? 0 : at - (p->header_addr - p->load_addr);
    uint32_t load_addr = p->load_addr == 0xffffffff ? p->header_addr - at : p->load_addr;
    n = p->load_end_addr ? p->load_end_addr - load_addr : l->kernel_len - offset;
    total = p->bss_end_addr > load_addr + n ? p->bss_end_addr - load_addr : n;
    loader_load(l, load_addr, offset, n, total);
    return p->entry;
}

/* ---- the information ---- */

/* A tag with room for so many bytes after its head; they begin right there. */
static void *put_tag(struct loader *l, uint32_t type, uint32_t len)
{
    struct tag *tag = loader_alloc(l, sizeof *tag + len);
    tag->type = type;
    tag->size = sizeof *tag + len;
    return tag + 1;
}

static void put_text(struct loader *l, uint32_t type, const char *text)
{
    uint32_t n = loader_strlen(text) + 1;
    memcpy(put_tag(l, type, n), text, n);
}

static void put_module(struct loader *l)
{
    uint32_t *module;
    if (!l->module_len)
        return;
    module = put_tag(l, I_MODULE, 9);
    module[0] = (uint32_t)l->module;
    module[1] = module[0] + l->module_len;
}

static void put_memory(struct loader *l)
{
    uint32_t count = l->start->memmap_entries, *basic = put_tag(l, I_MEMORY, 8),
             *map = put_tag(l, I_MAP, 8 + count * sizeof(struct range));
    struct range *entry = (struct range *)(map + 2);
    basic[0] = 640;
    map[0] = sizeof *entry;
    for (uint32_t i = 0; i < count; i++) {
        const struct range *r = &l->ranges[i];
        entry[i] = (struct range){r->addr, r->size, r->type, 0};
        if (r->type == 1 && r->addr <= 0x100000 && r->addr + r->size > 0x100000)
            basic[1] = (uint32_t)((r->addr + r->size - 0x100000) >> 10);
    }
}

/* 20 bytes of it in ACPI 1, as many as it says in later ones. */
static void put_acpi(struct loader *l)
{
    const uint8_t *rsdp = (const void *)(uint32_t)l->start->rsdp;
    uint32_t n;
    if (!rsdp)
        return;
    n = rsdp[15] >= 2 ? *(const uint32_t *)(rsdp + 20) : 20;
    if (n <= 64)
        memcpy(put_tag(l, rsdp[15] >= 2 ? I_RSDP2 : I_RSDP1, n), rsdp, n);
}

_Noreturn void loader_multiboot2(struct loader *l, uint32_t header)
{
    struct placement p = read_header(l, header);
    const char *cmdline = l->start->cmdline ? (const char *)(uint32_t)l->start->cmdline : "";
    uint32_t *info = loader_alloc(l, 8);
    put_text(l, I_CMDLINE, cmdline);
    put_text(l, I_NAME, "fleetsh");
    put_module(l);
    put_memory(l);
    put_acpi(l);
    put_tag(l, I_END, 0);
    info[0] = (uint32_t)(l->arena - (uint8_t *)info);
    loader_enter(load(l, header, &p), LOADED, info); /* last: it may overwrite the start info */
}
