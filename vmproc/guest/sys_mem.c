/* sys_mem.c - system calls on the address space. */
#include <asm/mman.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/resource.h>

#include "device.h"
#include "file.h"
#include "image.h"
#include "log.h"
#include "memfile.h"
#include "pmem.h"
#include "shared.h"
#include "syscall.h"
#include "task.h"
#include "vm.h"
#include "writeback.h"

/* Would so many more bytes pass RLIMIT_AS, or never fit the machine? */
static bool too_much(uint64_t len, uint32_t prot)
{
    const struct mm *mm = current->mm;
    uint64_t now = (mm->total_pages - MIN(mm->total_pages, mm->stack_room)) * PAGE_SIZE;
    return len > USER_TOP || now + len > current->leader->rlimit[RLIMIT_AS].cur ||
           (prot & VM_WRITE && len > pmem_total_pages() * PAGE_SIZE);
}

static long place(struct mm *mm, uint64_t wish, uint64_t len, uint64_t flags, uint64_t *start)
{
    if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
        if (!vm_range_ok(wish, len))
            return wish % PAGE_SIZE ? -EINVAL : -ENOMEM;
        *start = wish;
        if (vm_is_free(mm, wish, len))
            return 0;
        if (flags & MAP_FIXED_NOREPLACE)
            return -EEXIST;
        writeback_range(mm, wish, len);
        return vm_unmap(mm, wish, len);
    }
    wish = ALIGN_DOWN(wish, PAGE_SIZE);
    bool granted = vm_range_ok(wish, len) && vm_is_free(mm, wish, len);
    *start = granted ? wish : vm_find_gap(mm, len);
    return *start ? 0 : -ENOMEM;
}

/* What a mapping shows: an image (NULL: zeros), and how it is shared. */
struct source {
    struct image *image;
    uint32_t sharing;
};

static long open_shared(struct file *f, uint32_t prot, uint64_t upto, struct source *source)
{
    int error = 0;
    const struct memfile *m = memfile_of(f);
    if (prot & VM_WRITE && !file_writable(f))
        return -EACCES;
    if (m && m->seals & F_SEAL_WRITE && file_writable(f))
        return -EPERM;
    source->sharing = VM_SHARED | (file_writable(f) ? 0 : VM_SEALED);
    source->image = memfile_image(f);
    if (!source->image && f->flags & O_APPEND && file_writable(f)) {
        log_line("mmap: what is written to a file that is open for appending cannot go to its place");
        return -ENODEV;
    }
    if (!source->image)
        source->image = shared_of_file(f, &error);
    if (source->image || error)
        return error;
    source->sharing = VM_SEALED; /* nobody here writes to it: read as a program's text is */
    source->image = image_open(f, upto, &error);
    return error;
}

static long open_mapping(uint64_t fd, uint32_t prot, bool shared, uint64_t upto, struct source *source)
{
    struct file *f = fd_file((uint32_t)fd);
    int error = 0;
    if (!f)
        return -EBADF;
    if (!file_readable(f))
        return -EACCES;
    if (shared)
        return open_shared(f, prot, upto, source);
    source->image = image_open(f, upto, &error);
    return error == -EACCES ? -ENODEV : error;
}

static long open_anonymous(bool shared, uint64_t len, struct source *source)
{
    if (!shared)
        return 0;
    source->sharing = VM_SHARED;
    source->image = shared_memory(len);
    return source->image ? 0 : -ENOMEM;
}

static bool is_zeros(uint64_t fd, uint64_t flags)
{
    return flags & MAP_ANONYMOUS || device_is_zero(fd_file((uint32_t)fd));
}

SYSCALL(mmap)
{
    struct mm *mm = current->mm;
    uint64_t wish = s->a[0], len = ALIGN_UP(s->a[1], PAGE_SIZE), flags = s->a[3], offset = s->a[5], start = 0;
    uint32_t prot = (uint32_t)s->a[2] & (VM_READ | VM_WRITE | VM_EXEC);
    bool shared = (flags & MAP_TYPE) != MAP_PRIVATE, zeros = is_zeros(s->a[4], flags);
    if (s->a[1] == 0 || offset % PAGE_SIZE || (flags & MAP_TYPE) == 0 ||
        (flags & MAP_TYPE) > MAP_SHARED_VALIDATE)
        return -EINVAL;
    if (len < s->a[1] || too_much(len, prot))
        return -ENOMEM;
    struct source from = {NULL, 0};
    long error =
        zeros ? open_anonymous(shared, len, &from) : open_mapping(s->a[4], prot, shared, offset + len, &from);
    if (!error)
        error = place(mm, wish, len, flags, &start);
    uint64_t bytes = from.sharing & VM_SHARED                  ? len
                     : from.image && offset < from.image->size ? MIN(len, from.image->size - offset)
                                                               : 0;
    if (!error)
        error =
            vm_map(mm, start, len, prot | from.sharing, bytes ? from.image : NULL, zeros ? 0 : offset, bytes);
    image_unref(from.image);
    return error ? error : (long)start;
}

SYSCALL(munmap)
{
    uint64_t len = ALIGN_UP(s->a[1], PAGE_SIZE);
    if (!vm_range_ok(s->a[0], len))
        return -EINVAL;
    writeback_range(current->mm, s->a[0], len);
    return vm_unmap(current->mm, s->a[0], len);
}

SYSCALL(mprotect)
{
    uint64_t len = ALIGN_UP(s->a[1], PAGE_SIZE);
    if (s->a[0] % PAGE_SIZE || s->a[2] & ~(uint64_t)(PROT_READ | PROT_WRITE | PROT_EXEC))
        return -EINVAL;
    if (len == 0)
        return 0;
    return vm_range_ok(s->a[0], len) ? vm_protect(current->mm, s->a[0], len, (uint32_t)s->a[2]) : -ENOMEM;
}

static long move_mapping(struct mm *mm, const struct vma *v, uint64_t old, uint64_t old_len, uint64_t to,
                         uint64_t len)
{
    uint64_t skip = old - v->start, have = v->image_len > skip ? v->image_len - skip : 0;
    if (v->sharing & VM_SHARED)
        have = len;
    int error = vm_map(mm, to, len, v->prot | v->sharing, have ? v->image : NULL, v->image_offset + skip,
                       MIN(have, len));
    if (error)
        return error;
    vm_move_pages(mm, old, to, MIN(old_len, len));
    error = vm_unmap(mm, old, old_len);
    return error ? error : (long)to;
}

SYSCALL(mremap)
{
    struct mm *mm = current->mm;
    uint64_t old = s->a[0], old_len = ALIGN_UP(s->a[1], PAGE_SIZE), len = ALIGN_UP(s->a[2], PAGE_SIZE);
    uint64_t flags = s->a[3], to = s->a[4];
    if (flags & ~(uint64_t)(MREMAP_MAYMOVE | MREMAP_FIXED) || !len || !vm_range_ok(old, old_len) ||
        (flags & MREMAP_FIXED &&
         (!(flags & MREMAP_MAYMOVE) || !vm_range_ok(to, len) || (to < old + old_len && old < to + len))))
        return -EINVAL;
    struct vma *v = vm_find(mm, old);
    if (!v || v->end < old + old_len)
        return -EFAULT;
    if (len > old_len && too_much(len - old_len, v->prot))
        return -ENOMEM;
    if (flags & MREMAP_FIXED) {
        writeback_range(mm, to, len);
        long error = vm_unmap(mm, to, len);
        return error ? error : move_mapping(mm, vm_find(mm, old), old, old_len, to, len);
    }
    if (len <= old_len) {
        writeback_range(mm, old + len, old_len - len);
        long error = len < old_len ? vm_unmap(mm, old + len, old_len - len) : 0;
        return error ? error : (long)old;
    }
    uint64_t more = len - old_len;
    if (!v->image && v->end == old + old_len && vm_range_ok(v->end, more) && vm_is_free(mm, v->end, more)) {
        int error = vm_map(mm, old + old_len, more, v->prot, NULL, 0, 0);
        return error ? error : (long)old;
    }
    to = flags & MREMAP_MAYMOVE ? vm_find_gap(mm, len) : 0;
    return to ? move_mapping(mm, v, old, old_len, to, len) : -ENOMEM;
}

/* The answer is the new end, or the old one when it cannot be had. */
SYSCALL(brk)
{
    struct mm *mm = current->mm;
    uint64_t wish = s->a[0];
    if (wish < mm->brk_start || wish >= USER_TOP)
        return (long)mm->brk;
    uint64_t old = ALIGN_UP(mm->brk, PAGE_SIZE), end = ALIGN_UP(wish, PAGE_SIZE);
    if (end > old) {
        uint64_t len = end - old;
        if (wish - mm->brk_start > current->leader->rlimit[RLIMIT_DATA].cur || too_much(len, VM_WRITE) ||
            !vm_range_ok(old, len) || !vm_is_free(mm, old, len) ||
            vm_map(mm, old, len, VM_READ | VM_WRITE, NULL, 0, 0) != 0)
            return (long)mm->brk;
    } else if (end < old && vm_unmap(mm, end, old - end) != 0) {
        return (long)mm->brk;
    }
    mm->brk = wish;
    return (long)wish;
}

SYSCALL(madvise)
{
    uint64_t len = ALIGN_UP(s->a[1], PAGE_SIZE);
    if (s->a[0] % PAGE_SIZE)
        return -EINVAL;
    if (s->a[2] == MADV_DONTNEED && len) {
        if (!vm_range_ok(s->a[0], len))
            return -ENOMEM;
        vm_discard(current->mm, s->a[0], len);
    }
    return 0; /* the rest is advice */
}

SYSCALL(msync)
{
    uint64_t len = ALIGN_UP(s->a[1], PAGE_SIZE);
    if (s->a[0] % PAGE_SIZE || s->a[2] & ~(uint64_t)(MS_ASYNC | MS_INVALIDATE | MS_SYNC) ||
        (s->a[2] & MS_ASYNC && s->a[2] & MS_SYNC))
        return -EINVAL;
    if (!len)
        return 0;
    if (!vm_range_ok(s->a[0], len))
        return -ENOMEM;
    for (uint64_t addr = s->a[0]; addr < s->a[0] + len;) {
        struct vma *v = vm_find(current->mm, addr);
        if (!v)
            return -ENOMEM;
        addr = v->end;
    }
    return writeback_range(current->mm, s->a[0], len);
}
