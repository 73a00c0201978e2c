/* probe.c - looking at a file. */
#include "vmproc/probe.h"

#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_BYTES    32768 /* in which a multiboot 2 header has to be */
#define NOTES_MAX     (1u << 16)
#define TEXT_MAX      (64ull << 20) /* how far texts are looked for */
#define TEXT_PIECE    (1u << 20)
#define TEXT_DISK_MAX (8ull << 20)
#define SECTOR        512
#define XEN_PHYS32    18
#define SOLO5_ABI1    0x31494241u
#define SOLO5_VIRTIO  3u
#define FLEETSH_IMAGE 1u

static uint16_t get16(const uint8_t *at)
{
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return le16toh(value);
}

static uint32_t get32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return le32toh(value);
}

/* ---- ELF ---- */

static void take_note(struct probe *probe, const char *name, uint32_t type, const uint8_t *desc, uint32_t len)
{
    if (strcmp(name, "Xen") == 0 && type == XEN_PHYS32)
        probe->formats |= PROBE_PVH;
    if (strcmp(name, "fleetsh") == 0 && type == FLEETSH_IMAGE)
        probe->system = PROBE_FLEETSH;
    if (strcmp(name, "Solo5") == 0 && type == SOLO5_ABI1) {
        probe->system = PROBE_SOLO5;
        if (len < 4 || get32(desc) != SOLO5_VIRTIO)
            probe->not_bootable = "a Solo5 unikernel for another target than virtio";
    }
}

static void take_notes(struct probe *probe, const uint8_t *notes, size_t len)
{
    for (size_t at = 0; len - at >= 12;) {
        uint32_t name_len = get32(notes + at), desc_len = get32(notes + at + 4);
        size_t name = at + 12, desc = name + ((name_len + 3ul) & ~3ul),
               next = desc + ((desc_len + 3ul) & ~3ul);
        if (next > len || desc > len)
            return;
        if (name_len && !notes[name + name_len - 1])
            take_note(probe, (const char *)notes + name, get32(notes + at + 8), notes + desc, desc_len);
        at = next;
    }
}

static void read_notes(struct probe *probe, int fd, uint64_t offset, uint64_t len)
{
    uint8_t *notes;
    ssize_t n;
    if (len > NOTES_MAX || !(notes = malloc(len ? len : 1)))
        return;
    n = pread(fd, notes, len, (off_t)offset);
    if (n == (ssize_t)len)
        take_notes(probe, notes, len);
    free(notes);
}

static void look_at_segments(struct probe *probe, int fd, const uint8_t *head)
{
    Elf32_Ehdr h32;
    Elf64_Ehdr h64;
    bool is64 = head[EI_CLASS] == ELFCLASS64;
    memcpy(&h32, head, sizeof h32);
    memcpy(&h64, head, sizeof h64);
    for (unsigned i = 0, n = is64 ? h64.e_phnum : h32.e_phnum; i < n; i++) {
        Elf32_Phdr p32;
        Elf64_Phdr p64;
        if (is64 ? pread(fd, &p64, sizeof p64, (off_t)(h64.e_phoff + i * sizeof p64)) != sizeof p64
                 : pread(fd, &p32, sizeof p32, (off_t)(h32.e_phoff + i * sizeof p32)) != sizeof p32)
            return;
        if (is64 && p64.p_type == PT_NOTE)
            read_notes(probe, fd, p64.p_offset, p64.p_filesz);
        else if (!is64 && p32.p_type == PT_NOTE)
            read_notes(probe, fd, p32.p_offset, p32.p_filesz);
    }
}

static void look_for_multiboot(struct probe *probe, const uint8_t *head, size_t len)
{
    for (size_t at = 0; at + 12 <= len && at < 8192; at += 4)
        if (get32(head + at) == 0x1badb002 &&
            !(get32(head + at) + get32(head + at + 4) + get32(head + at + 8)))
            probe->formats |= PROBE_MULTIBOOT;
    for (size_t at = 0; at + 16 <= len; at += 8)
        if (get32(head + at) == 0xe85250d6 && !get32(head + at + 4) &&
            !(get32(head + at) + get32(head + at + 8) + get32(head + at + 12)))
            probe->formats |= PROBE_MULTIBOOT2;
}

static void look_at_elf(struct probe *probe, int fd, const uint8_t *head, size_t len)
{
    uint16_t machine = get16(head + 18);
    if (len < sizeof(Elf64_Ehdr) || head[EI_DATA] != ELFDATA2LSB ||
        (machine != EM_386 && machine != EM_X86_64))
        return;
    look_at_segments(probe, fd, head);
    look_for_multiboot(probe, head, len);
}

/* ---- others ---- */

static void look_at_linux(struct probe *probe, const uint8_t *head)
{
    uint16_t version = get16(head + 0x206);
    probe->formats |= PROBE_LINUX;
    probe->cmdline_max = version >= 0x206 ? get32(head + 0x238) : 255;
}

/* What another file is needed for is not followed: an image could name any file of the machine. */
static void look_at_qcow2(struct probe *probe, const uint8_t *head)
{
    uint64_t backing, size, features;
    memcpy(&backing, head + 8, sizeof backing);
    memcpy(&size, head + 24, sizeof size);
    memcpy(&features, head + 72, sizeof features);
    probe->formats |= PROBE_QCOW2;
    probe->disk_bytes = be64toh(size);
    if (backing)
        probe->not_bootable =
            "a qcow2 image with a backing file: `qemu-img convert` makes one that stands alone";
    else if (get32(head + 4) == htobe32(3) && (be64toh(features) & 4))
        probe->not_bootable = "a qcow2 image with its data in another file";
}

static void look_at_sectors(struct probe *probe, uint64_t size)
{
    if (size % SECTOR)
        return;
    probe->formats |= PROBE_RAW;
    probe->disk_bytes = size;
}

/* ---- texts ---- */

static const struct {
    enum probe_system system;
    const char *text;
} texts[] = {
    {PROBE_UNIKRAFT, "Powered by Unikraft"}, /* its banner, */
    {PROBE_UNIKRAFT, "unikraft.org"},        /* or its licence's place */
    {PROBE_UNIKRAFT, "Unikraft "},           /* libukboot's version */
    {PROBE_OSV, "OSv "},
    {PROBE_OSV, "/libvdso-content"},
    {PROBE_NANOS, "nanos"},
};

static void look_for_texts(struct probe *probe, int fd, uint64_t limit)
{
    char *piece = malloc(TEXT_PIECE + 64);
    size_t kept = 0;
    for (uint64_t at = 0; piece && at < limit && probe->system == PROBE_UNKNOWN;) {
        ssize_t n = pread(fd, piece + kept, TEXT_PIECE, (off_t)at);
        if (n <= 0)
            break;
        for (unsigned i = 0; i < sizeof texts / sizeof *texts && probe->system == PROBE_UNKNOWN; i++)
            if (memmem(piece, kept + (size_t)n, texts[i].text, strlen(texts[i].text)))
                probe->system = texts[i].system;
        at += (uint64_t)n;
        n += (ssize_t)kept;
        kept = (size_t)n < 64 ? (size_t)n : 64;
        memmove(piece, piece + n - kept, kept);
    }
    free(piece);
}

int probe_file(int fd, bool deep, struct probe *probe)
{
    uint8_t head[HEAD_BYTES];
    struct stat st;
    ssize_t n;
    *probe = (struct probe){0};
    if (fstat(fd, &st) || (n = pread(fd, head, sizeof head, 0)) < 0)
        return -errno;
    memset(head + n, 0, sizeof head - (size_t)n);
    if (n >= SELFMAG && memcmp(head, ELFMAG, SELFMAG) == 0)
        look_at_elf(probe, fd, head, (size_t)n);
    else if (get32(head) == htobe32(0x514649fb))
        look_at_qcow2(probe, head);
    else if (n >= 0x264 && get16(head + 0x1fe) == 0xaa55 && memcmp(head + 0x202, "HdrS", 4) == 0)
        look_at_linux(probe, head);
    else if (n >= SECTOR && get16(head + 0x1fe) == 0xaa55)
        look_at_sectors(probe, (uint64_t)st.st_size);
    if (deep && probe->formats && !(probe->formats & PROBE_LINUX))
        look_for_texts(probe, fd, probe->formats & (PROBE_QCOW2 | PROBE_RAW) ? TEXT_DISK_MAX : TEXT_MAX);
    return 0;
}

const char *probe_format_name(unsigned format)
{
    static const char *const names[] = {"PVH",           "multiboot 1", "multiboot 2",
                                        "Linux bzImage", "qcow2",       "raw disk"};
    return names[__builtin_ctz(format)];
}

const char *probe_system_name(enum probe_system system)
{
    static const char *const names[PROBE_NSYSTEMS] = {
        [PROBE_UNKNOWN] = "",          [PROBE_FLEETSH] = "mkunikernel", [PROBE_SOLO5] = "Solo5",
        [PROBE_UNIKRAFT] = "Unikraft", [PROBE_NANOS] = "Nanos",         [PROBE_OSV] = "OSv",
    };
    return names[system];
}
