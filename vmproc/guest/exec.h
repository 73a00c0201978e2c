/*
 * exec.h - replacing the address space by a program: ELF files, and the stack a program starts with.
 */
#ifndef GUEST_EXEC_H
#define GUEST_EXEC_H

#include "types.h"

struct image;
struct mm;
struct trapframe;

struct exec_args {
    const char *path;    /* AT_EXECFN */
    struct image *image; /* the caller keeps its reference */
    const char *strings; /* argv then environment, each ended by NUL; checked */
    uint64_t strings_len;
    uint32_t argc, envc;
};

/* What elf_load() found out. */
struct elf_info {
    uint64_t entry;         /* where to start: the interpreter's when there is one */
    uint64_t phdr, phnum;   /* AT_PHDR, AT_PHNUM */
    uint64_t program_entry; /* AT_ENTRY */
    uint64_t base;          /* AT_BASE: of the interpreter */
    uint64_t end;           /* of the program's last segment: the heap begins after it */
    const char *why;        /* on failure: what is wrong with the file, or NULL */
};

/* Maps a static, static-pie or dynamic (with its interpreter) program. 0, -ENOEXEC (info->why), -ENOMEM... */
int elf_load(struct mm *mm, struct image *image, struct elf_info *info);

/* Builds the stack: 0 with *sp, -E2BIG, -ENOMEM. The address space must be the one in use. */
int stack_build(struct mm *mm, const struct exec_args *args, const struct elf_info *elf, uint64_t *sp);

/*
 * Builds a new address space and switches to it; current's old one is freed. On failure nothing has changed,
 * a line has been logged, and the result is -errno.
 */
int exec_program(const struct exec_args *args, struct trapframe *tf);

#endif
