/* What a file is decides how it runs: vmproc_kind(). */
#include "tests/unit/tap.h"
#include "vmproc/vmproc.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[] = "/tmp/client_kindXXXXXX";

static int kind_of(const void *bytes, size_t len, const char **reason)
{
    int fd = open(path, O_WRONLY | O_TRUNC);
    bool written = write(fd, bytes, len) == (ssize_t)len;
    close(fd);
    *reason = NULL;
    return written ? vmproc_kind(path, reason) : -EIO;
}

static void is(const void *bytes, size_t len, int kind, const char *sentence)
{
    const char *reason;
    int have = kind_of(bytes, len, &reason);
    check(have == kind && (kind != VMPROC_NOT_RUNNABLE || reason), sentence);
}

static void is_foreign(const Elf64_Ehdr *h, const char *machine)
{
    const char *reason = "";
    char sentence[100];
    int have = kind_of((const unsigned char *)h, sizeof *h, &reason);
    snprintf(sentence, sizeof sentence, "a program for %s is not runnable, and the reason says so", machine);
    check(have == VMPROC_NOT_RUNNABLE && strstr(reason, machine), sentence);
}

static Elf64_Ehdr program(void)
{
    Elf64_Ehdr h = {
        .e_type = ET_EXEC, .e_machine = EM_X86_64, .e_phnum = 1, .e_phentsize = sizeof(Elf64_Phdr)};
    memcpy(h.e_ident, ELFMAG, SELFMAG);
    h.e_ident[EI_CLASS] = ELFCLASS64;
    h.e_ident[EI_DATA] = ELFDATA2LSB;
    h.e_entry = 0x400000;
    return h;
}

static void elf_files(void)
{
    Elf64_Ehdr h = program();
    is(&h, sizeof h, VMPROC_PROGRAM, "an ELF64 x86-64 executable is a program");
    is(&h, sizeof h - 1, VMPROC_NOT_RUNNABLE, "a truncated ELF header is not runnable");
    is(&h, 5, VMPROC_NOT_RUNNABLE, "an ELF magic number alone is not runnable");
    h.e_type = ET_DYN;
    is(&h, sizeof h, VMPROC_PROGRAM, "a position-independent executable is a program");
    h.e_entry = 0;
    is(&h, sizeof h, VMPROC_NOT_RUNNABLE, "a library is not runnable");
    h = program();
    h.e_type = ET_REL;
    is(&h, sizeof h, VMPROC_NOT_RUNNABLE, "an object file is not runnable");
    h.e_type = ET_CORE;
    is(&h, sizeof h, VMPROC_NOT_RUNNABLE, "a core dump is not runnable");
    h = program();
    h.e_machine = EM_AARCH64;
    is(&h, sizeof h, VMPROC_FOREIGN, "a program for aarch64 is one for another architecture");
    check(vmproc_foreign_machine(path) == EM_AARCH64, "and which, is told");
    h.e_machine = EM_RISCV;
    is_foreign(&h, "riscv");
    h.e_machine = be16toh(EM_S390);
    h.e_ident[EI_DATA] = ELFDATA2MSB;
    is_foreign(&h, "s390x");
    h = program();
    h.e_machine = 0xf00d;
    is_foreign(&h, "another machine");
    h = program();
    h.e_ident[EI_CLASS] = ELFCLASS32;
    h.e_machine = EM_386;
    is_foreign(&h, "i386 (32 bits)");
    h.e_machine = EM_X86_64;
    is_foreign(&h, "x32");
}

int main(void)
{
    const char *reason;
    static char wide[1000];
    close(mkstemp(path));
    is("", 0, VMPROC_TEXT, "an empty file is a script");
    is("#!/bin/sh\n", 10, VMPROC_SCRIPT, "#! is a script with an interpreter");
    is("#", 1, VMPROC_TEXT, "a comment is text");
    is("echo hi\n\0\0", 10, VMPROC_TEXT, "a NUL after the first line is text");
    is("echo\0hi\n", 8, VMPROC_NOT_RUNNABLE, "a NUL in the first line is binary");
    memset(wide, 'x', sizeof wide);
    is(wide, sizeof wide, VMPROC_TEXT, "a long first line is text");
    elf_files();
    unlink(path);
    check(vmproc_kind(path, &reason) == -ENOENT, "a missing file is ENOENT");
    check(vmproc_kind("/", &reason) == -EISDIR, "a directory is EISDIR");
    check(mkfifo(path, 0700) == 0 && vmproc_kind(path, &reason) == -EACCES, "a FIFO is not waited for");
    unlink(path);
    return tap_done();
}
