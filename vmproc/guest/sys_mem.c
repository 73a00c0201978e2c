/* sys_mem.c - system calls on the address space. */
#include <asm/mman.h>
#include <linux/mman.h>
#include <linux/resource.h>

#include "file.h"
#include "image.h"
#include "log.h"
#include "pmem.h"
#include "syscall.h"
#include "task.h"
#include "vm.h"

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
        return flags & MAP_FIXED_NOREPLACE ? -EEXIST : vm_unmap(mm, wish, len);
    }
    wish = ALIGN_DOWN(wish, PAGE_SIZE);
    bool granted = vm_range_ok(wish, len) && vm_is_free(mm, wish, len);
    *start = granted ? wish : vm_find_gap(mm, len);
    return *start ? 0 : -ENOMEM;
}

/* The file's bytes for a mapping. Writes to a shared one would have to go back to the file: that is refused.
 */
static long open_mapping(uint64_t fd, uint32_t prot, uint64_t flags, uint64_t upto, struct image **image)
{
    struct file *f = fd_file((uint32_t)fd);
    if (!f)
        return -EBADF;
    if (!file_readable(f))
        return -EACCES;
    if ((flags & MAP_TYPE) != MAP_PRIVATE && prot & VM_WRITE) {
        log_line("mmap: writable shared mappings of files are not supported");
        return -ENODEV;
    }
    int error;
    *image = image_open(f, upto, &error);
    return *image ? 0 : error == -EACCES ? -ENODEV : error;
}

SYSCALL(mmap)
{
    struct mm *mm = current->mm;
    uint64_t wish = s->a[0], len = ALIGN_UP(s->a[1], PAGE_SIZE), flags = s->a[3], offset = s->a[5], start;
    uint32_t prot = (uint32_t)s->a[2] & (VM_READ | VM_WRITE | VM_EXEC);
    if (s->a[1] == 0 || offset % PAGE_SIZE || (flags & MAP_TYPE) == 0)
        return -EINVAL;
    if (len < s->a[1] || too_much(len, prot))
        return -ENOMEM;
    if (prot & VM_WRITE && prot & VM_EXEC)
        return -EACCES;
    struct image *image = NULL;
    long error = flags & MAP_ANONYMOUS ? 0 : open_mapping(s->a[4], prot, flags, offset + len, &image);
    if (!error)
        error = place(mm, wish, len, flags, &start);
    uint64_t from_file = image && offset < image->size ? MIN(len, image->size - offset) : 0;
    if (!error)
        error = vm_map(mm, start, len, prot, from_file ? image : NULL, offset, from_file);
    image_unref(image);
    return error ? error : (long)start;
}

SYSCALL(munmap)
{
    uint64_t len = ALIGN_UP(s->a[1], PAGE_SIZE);
    return vm_range_ok(s->a[0], len) ? vm_unmap(current->mm, s->a[0], len) : -EINVAL;
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
    int error = vm_map(mm, to, len, v->prot, have ? v->image : NULL, v->image_offset + skip, MIN(have, len));
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
        long error = vm_unmap(mm, to, len);
        return error ? error : move_mapping(mm, vm_find(mm, old), old, old_len, to, len);
    }
    if (len <= old_len) {
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
    return s->a[0] % PAGE_SIZE ? -EINVAL
                               : 0; /* nothing is written back: shared writable mappings do not exist */
}
