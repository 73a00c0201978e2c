/*
 * elf.c - mapping ELF files. The file is not trusted: every number is checked before it is used, and what
 * looks odd is refused with its reason.
 */
#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/fcntl.h>

#include "exec.h"
#include "file.h"
#include "image.h"
#include "layout.h"
#include "lib.h"
#include "path.h"
#include "random.h"
#include "vm.h"

#define MAX_PHDRS 64

struct elf_file {
    struct image *image;
    Elf64_Ehdr header;
    Elf64_Phdr phdrs[MAX_PHDRS];
    uint64_t low, high; /* of all segments, page-aligned, as linked */
    uint64_t bias;
    const char *why;
};

static int bad(struct elf_file *f, const char *why)
{
    f->why = why;
    return -ENOEXEC;
}

static int read_headers(struct elf_file *f)
{
    const Elf64_Ehdr *h = &f->header;
    if (image_read(f->image, 0, &f->header, sizeof f->header) != 0)
        return bad(f, "truncated ELF header");
    if (memcmp(h->e_ident, ELFMAG, SELFMAG) != 0)
        return bad(f, "not an ELF file");
    if (h->e_ident[EI_CLASS] != ELFCLASS64 || h->e_ident[EI_DATA] != ELFDATA2LSB ||
        h->e_machine != MACHINE_ELF)
        return bad(f, "ELF for another machine");
    if (h->e_type != ET_EXEC && h->e_type != ET_DYN)
        return bad(f, "not an executable ELF file");
    if (h->e_phentsize != sizeof(Elf64_Phdr) || h->e_phnum == 0 || h->e_phnum > MAX_PHDRS)
        return bad(f, "bad program header table");
    int error = image_read(f->image, h->e_phoff, f->phdrs, h->e_phnum * sizeof(Elf64_Phdr));
    return error == -ENOEXEC ? bad(f, "truncated program header table") : error;
}

/* One segment by itself, and after the ones before it. */
static int check_segment(struct elf_file *f, const Elf64_Phdr *p)
{
    if (p->p_filesz > p->p_memsz)
        return bad(f, "segment larger in the file than in memory");
    if (p->p_vaddr % PAGE_SIZE != p->p_offset % PAGE_SIZE)
        return bad(f, "misaligned segment");
    if (p->p_offset > f->image->size || p->p_filesz > f->image->size - p->p_offset)
        return bad(f, "segment beyond the end of the file");
    if (p->p_vaddr >= USER_TOP || p->p_memsz > USER_TOP - p->p_vaddr)
        return bad(f, "segment outside the address space");
    if (p->p_flags & PF_W && p->p_flags & PF_X)
        return bad(f, "writable and executable segment");
    if (ALIGN_DOWN(p->p_vaddr, PAGE_SIZE) < f->high && f->high)
        return bad(f, "overlapping or unsorted segments");
    return 0;
}

static int check_segments(struct elf_file *f)
{
    bool any = false;
    for (unsigned i = 0; i < f->header.e_phnum; i++) {
        const Elf64_Phdr *p = &f->phdrs[i];
        if (p->p_type != PT_LOAD || p->p_memsz == 0)
            continue;
        int error = check_segment(f, p);
        if (error)
            return error;
        if (!any)
            f->low = ALIGN_DOWN(p->p_vaddr, PAGE_SIZE);
        f->high = ALIGN_UP(p->p_vaddr + p->p_memsz, PAGE_SIZE);
        any = true;
    }
    if (!any)
        return bad(f, "no segment to load");
    if (f->header.e_type == ET_EXEC && (f->low < USER_BASE || f->high > USER_TOP / 2))
        return bad(f, "linked to an address that is not the program's");
    return 0;
}

static int map_segment(struct mm *mm, struct elf_file *f, const Elf64_Phdr *p)
{
    uint64_t skew = p->p_vaddr % PAGE_SIZE, start = f->bias + p->p_vaddr - skew;
    uint64_t len = ALIGN_UP(skew + p->p_memsz, PAGE_SIZE);
    uint32_t prot = (p->p_flags & PF_R ? VM_READ : 0) | (p->p_flags & PF_W ? VM_WRITE : 0) |
                    (p->p_flags & PF_X ? VM_EXEC : 0);
    uint64_t from_file = p->p_filesz ? skew + p->p_filesz : 0;
    int error = vm_map(mm, start, len, prot, from_file ? f->image : NULL, p->p_offset - skew, from_file);
    if (!error)
        vm_populate(mm, vm_find(mm, start));
    return error;
}

static int map_all(struct mm *mm, struct elf_file *f, uint64_t dyn_base)
{
    if (f->header.e_type == ET_DYN) {
        uint64_t span = f->high - f->low, base = dyn_base;
        if (!base || !vm_range_ok(base, span) || !vm_is_free(mm, base, span))
            base = vm_find_gap(mm, span);
        if (!base)
            return -ENOMEM;
        f->bias = base - f->low;
    }
    for (unsigned i = 0; i < f->header.e_phnum; i++) {
        const Elf64_Phdr *p = &f->phdrs[i];
        int error = p->p_type == PT_LOAD && p->p_memsz ? map_segment(mm, f, p) : 0;
        if (error)
            return error;
    }
    const struct vma *v = vm_find(mm, f->bias + f->header.e_entry);
    return v && v->prot & VM_EXEC ? 0 : bad(f, "entry point outside the code");
}

/* AT_PHDR: the table as the program sees it in its memory; 0 when no segment holds it. */
static uint64_t phdr_address(const struct elf_file *f)
{
    for (unsigned i = 0; i < f->header.e_phnum; i++) {
        const Elf64_Phdr *p = &f->phdrs[i];
        if (p->p_type == PT_LOAD && f->header.e_phoff >= p->p_offset &&
            f->header.e_phoff - p->p_offset < p->p_filesz)
            return f->bias + p->p_vaddr + (f->header.e_phoff - p->p_offset);
    }
    return 0;
}

static int load_file(struct mm *mm, struct elf_file *f, uint64_t dyn_base)
{
    int error = read_headers(f);
    if (!error)
        error = check_segments(f);
    return error ? error : map_all(mm, f, dyn_base);
}

static const Elf64_Phdr *find_phdr(const struct elf_file *f, uint32_t type)
{
    for (unsigned i = 0; i < f->header.e_phnum; i++)
        if (f->phdrs[i].p_type == type)
            return &f->phdrs[i];
    return NULL;
}

static int load_interpreter(struct mm *mm, struct elf_file *program, const Elf64_Phdr *p,
                            struct elf_info *info)
{
    char name[256];
    if (p->p_filesz < 2 || p->p_filesz > sizeof name ||
        image_read(program->image, p->p_offset, name, p->p_filesz) != 0 || name[p->p_filesz - 1])
        return bad(program, "bad interpreter name");
    struct file *file;
    int error = path_open(AT_FDCWD, name, 0, 0, &file);
    if (error) {
        program->why = "its dynamic loader cannot be opened";
        return error;
    }
    struct elf_file interpreter = {.image = image_open(file, 0, &error)};
    file_unref(file);
    if (!interpreter.image)
        return error;
    error = load_file(mm, &interpreter, 0);
    image_unref(interpreter.image);
    program->why = interpreter.why;
    info->base = interpreter.bias;
    info->entry = interpreter.bias + interpreter.header.e_entry;
    return error;
}

int elf_load(struct mm *mm, struct image *image, struct elf_info *info)
{
    struct elf_file f = {.image = image};
    uint64_t dyn_base = 0x555555554000 + random_pages(1u << 28);
    int error = load_file(mm, &f, dyn_base);
    if (!error) {
        *info = (struct elf_info){
            .entry = f.bias + f.header.e_entry,
            .program_entry = f.bias + f.header.e_entry,
            .phdr = phdr_address(&f),
            .phnum = f.header.e_phnum,
            .end = f.bias + f.high,
        };
        const Elf64_Phdr *interpreter = find_phdr(&f, PT_INTERP);
        if (interpreter)
            error = load_interpreter(mm, &f, interpreter, info);
    }
    info->why = f.why;
    return error;
}
