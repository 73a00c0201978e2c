/* elf.c - the kernel's segments, to their physical addresses. */
#include "loader.h"

/* As in <elf.h>, which is not there for 32-bit code on every machine. */
#define ELF_MAGIC 0x464c457fu
#define CLASS     4 /* index; 2: 64 bits */
#define PT_LOAD   1

struct header32 {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version, entry, phoff, shoff, flags;
    uint16_t ehsize, phentsize, phnum;
};

struct header64 {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version;
    uint64_t entry, phoff, shoff;
    uint32_t flags;
    uint16_t ehsize, phentsize, phnum;
};

struct segment32 {
    uint32_t type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

struct segment64 {
    uint32_t type, flags;
    uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

void loader_load(struct loader *l, uint32_t address, uint32_t offset, uint32_t n, uint32_t total)
{
    if (offset > l->kernel_len || n > l->kernel_len - offset || n > total)
        loader_fail("multiboot loader: the kernel's file is cut off");
    if (address < l->low || address > l->high || total > l->high - address)
        loader_fail("multiboot loader: the kernel is to be loaded where there is no free memory");
    memcpy((void *)address, l->kernel + offset, n);
    memset((void *)(address + n), 0, total - n);
}

struct segment {
    uint64_t vaddr, paddr, offset, file_len, len;
};

static bool get_segment(const struct loader *l, uint32_t i, struct segment *s)
{
    const struct header32 *h32 = (const void *)l->kernel;
    const struct header64 *h64 = (const void *)l->kernel;
    if (h32->ident[CLASS] == 2) {
        const struct segment64 *p = (const void *)(l->kernel + (uint32_t)h64->phoff + i * sizeof *p);
        *s = (struct segment){p->vaddr, p->paddr, p->offset, p->filesz, p->memsz};
        return p->type == PT_LOAD && p->memsz;
    }
    const struct segment32 *p = (const void *)(l->kernel + h32->phoff + i * sizeof *p);
    *s = (struct segment){p->vaddr, p->paddr, p->offset, p->filesz, p->memsz};
    return p->type == PT_LOAD && p->memsz;
}

/* All numbers have 32 bits here: what has more is nowhere in this memory. */
static bool is_small(const struct segment *s)
{
    return s->paddr >> 32 == 0 && s->offset >> 32 == 0 && s->file_len >> 32 == 0 && s->len >> 32 == 0;
}

uint32_t loader_load_elf(struct loader *l)
{
    const struct header32 *h32 = (const void *)l->kernel;
    const struct header64 *h64 = (const void *)l->kernel;
    bool is64;
    uint64_t entry, table;
    uint32_t count, size, physical = 0;
    if (l->kernel_len < sizeof *h64 || *(const uint32_t *)l->kernel != ELF_MAGIC)
        loader_fail("multiboot loader: the kernel is no ELF file and its header has no addresses");
    is64 = h32->ident[CLASS] == 2;
    entry = is64 ? h64->entry : h32->entry;
    table = is64 ? h64->phoff : h32->phoff;
    count = is64 ? h64->phnum : h32->phnum;
    size = is64 ? sizeof(struct segment64) : sizeof(struct segment32);
    if (table > l->kernel_len || count * size > l->kernel_len - table)
        loader_fail("multiboot loader: the kernel's file is cut off");
    for (uint32_t i = 0; i < count; i++) {
        struct segment s;
        if (!get_segment(l, i, &s))
            continue;
        if (!is_small(&s))
            loader_fail("multiboot loader: the kernel is to be loaded where there is no memory");
        loader_load(l, (uint32_t)s.paddr, (uint32_t)s.offset, (uint32_t)s.file_len, (uint32_t)s.len);
        if (entry >= s.vaddr && entry - s.vaddr < s.len)
            physical = (uint32_t)(s.paddr + (entry - s.vaddr));
    }
    return physical ? physical : (uint32_t)entry; /* some name the physical address itself */
}
