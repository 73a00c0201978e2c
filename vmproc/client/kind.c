/* kind.c - what a file is decides how it runs. */
#include "vmproc/probe.h"
#include "vmproc/vmproc.h"

#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Enough for an ELF header and for the first line that tells text from binary. */
#define KIND_BYTES 512

#define FOREIGN(name) "ELF program for " name ": VMs run programs for x86_64 and aarch64"

/* What a program is for that no VM runs. */
static const struct {
    uint16_t machine;
    const char *reason;
} foreign[] = {
    {EM_386, FOREIGN("i386 (32 bits)")},
    {EM_ARM, FOREIGN("arm (32 bits)")},
    {EM_X86_64, FOREIGN("x32")},
    {EM_AARCH64, FOREIGN("aarch64 (32 bits or big-endian)")},
    {EM_RISCV, FOREIGN("riscv")},
    {EM_PPC64, FOREIGN("ppc64")},
    {EM_S390, FOREIGN("s390x")},
    {EM_MIPS, FOREIGN("mips")},
    {258 /* EM_LOONGARCH */, FOREIGN("loongarch")},
};

static const char *foreign_reason(const unsigned char *bytes, size_t len)
{
    uint16_t machine = 0;
    if (len >= offsetof(Elf64_Ehdr, e_machine) + 2) /* at the same place in both classes */
        memcpy(&machine, bytes + offsetof(Elf64_Ehdr, e_machine), sizeof machine);
    machine = bytes[EI_DATA] == ELFDATA2MSB ? be16toh(machine) : le16toh(machine);
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (foreign[i].machine == machine)
            return foreign[i].reason;
    return FOREIGN("another machine");
}

static enum vmproc_kind elf_kind(const unsigned char *bytes, size_t len, const char **reason)
{
    Elf64_Ehdr h;
    if (len < EI_NIDENT) {
        *reason = "truncated ELF header";
        return VMPROC_NOT_RUNNABLE;
    }
    if (bytes[EI_CLASS] != ELFCLASS64 || bytes[EI_DATA] != ELFDATA2LSB) {
        *reason = foreign_reason(bytes, len);
        return VMPROC_NOT_RUNNABLE;
    }
    if (len < sizeof h) {
        *reason = "truncated ELF header";
        return VMPROC_NOT_RUNNABLE;
    }
    memcpy(&h, bytes, sizeof h);
    if (h.e_machine != EM_X86_64 && h.e_machine != EM_AARCH64)
        *reason = foreign_reason(bytes, len);
    else if (h.e_type == ET_REL)
        *reason = "ELF object file that was not linked";
    else if (h.e_type == ET_CORE)
        *reason = "ELF core dump";
    else if (h.e_type != ET_EXEC && h.e_type != ET_DYN)
        *reason = "ELF file of an unknown type";
    else if (h.e_phnum == 0 || h.e_phentsize != sizeof(Elf64_Phdr))
        *reason = "ELF file without program headers";
    else if (h.e_entry == 0)
        *reason = "ELF library without an entry point";
    else
        return h.e_machine == EM_X86_64 ? VMPROC_PROGRAM : VMPROC_FOREIGN;
    return VMPROC_NOT_RUNNABLE;
}

static bool is_spec_name(const char *path)
{
    size_t len = strlen(path);
    return len > 3 && strcmp(path + len - 3, ".vm") == 0;
}

static enum vmproc_kind kind_of(const unsigned char *bytes, size_t len, const char **reason)
{
    const unsigned char *newline;
    size_t line;
    if (len >= SELFMAG && memcmp(bytes, ELFMAG, SELFMAG) == 0)
        return elf_kind(bytes, len, reason);
    if (len >= 2 && bytes[0] == '#' && bytes[1] == '!')
        return VMPROC_SCRIPT;
    /* As other shells tell: a NUL before the first newline makes it binary. The empty file is a script. */
    newline = memchr(bytes, '\n', len);
    line = newline ? (size_t)(newline - bytes) : len;
    if (memchr(bytes, 0, line)) {
        *reason = "binary file of an unknown kind";
        return VMPROC_NOT_RUNNABLE;
    }
    return VMPROC_TEXT;
}

/* Of what is no script: a boot sector may look like text. */
static bool may_be_image(enum vmproc_kind kind, const unsigned char *bytes, size_t len)
{
    bool boot_sector = len == KIND_BYTES && bytes[510] == 0x55 && bytes[511] == 0xaa;
    return kind == VMPROC_PROGRAM || kind == VMPROC_FOREIGN || kind == VMPROC_NOT_RUNNABLE ||
           (kind == VMPROC_TEXT && boot_sector);
}

int vmproc_kind(const char *path, const char **reason)
{
    unsigned char bytes[KIND_BYTES];
    enum vmproc_kind kind;
    struct probe probe;
    struct stat st;
    ssize_t len;
    /* O_NONBLOCK: the open of a FIFO must not wait for its writer. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return -errno;
    if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
        close(fd);
        return S_ISDIR(st.st_mode) ? -EISDIR : -EACCES;
    }
    len = pread(fd, bytes, sizeof bytes, 0);
    if (len < 0)
        len = -errno;
    kind = len < 0 ? VMPROC_NOT_RUNNABLE : kind_of(bytes, (size_t)len, reason);
    if (len >= 0 && may_be_image(kind, bytes, (size_t)len) && probe_file(fd, false, &probe) == 0 &&
        (probe.formats || probe.not_bootable))
        kind = VMPROC_IMAGE;
    close(fd);
    if (len < 0)
        return (int)len;
    return kind == VMPROC_TEXT && is_spec_name(path) ? VMPROC_SPEC : (int)kind;
}

uint16_t vmproc_foreign_machine(const char *path)
{
    const char *reason;
    Elf64_Ehdr h;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t n = fd < 0 ? -1 : pread(fd, &h, sizeof h, 0);
    if (fd >= 0)
        close(fd);
    /* Every command comes by here, and nearly none goes on to a look at the whole file. */
    if (n != sizeof h || memcmp(h.e_ident, ELFMAG, SELFMAG) != 0 || h.e_machine == EM_X86_64)
        return 0;
    return vmproc_kind(path, &reason) == VMPROC_FOREIGN ? h.e_machine : 0;
}

bool vmproc_spec_beside(const char *path, char spec[PATH_MAX])
{
    size_t len = strlen(path);
    if (len + sizeof ".vm" > PATH_MAX)
        return false;
    memcpy(spec, path, len);
    memcpy(spec + len, ".vm", sizeof ".vm");
    return access(spec, F_OK) == 0;
}
