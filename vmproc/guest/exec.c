/* exec.c - a new address space, its stack, its first registers. */
#include "exec.h"

#include <linux/auxvec.h>
#include <linux/errno.h>
#include <linux/resource.h>

#include "cpu.h"
#include "image.h"
#include "layout.h"
#include "lib.h"
#include "log.h"
#include "pagetable.h"
#include "random.h"
#include "task.h"
#include "trap.h"
#include "usercopy.h"
#include "vm.h"

#define STACK_MAX     (256ul << 20) /* what an unlimited stack gets; only touched pages are real */
#define STACK_MIN     (128ul << 10)
#define STACK_COUNTED (132ul << 10) /* of it towards RLIMIT_AS: what a fresh stack has on Linux */
#define STACK_GAP     (1ul << 20)   /* never mapped, between the mappings and the lowest stack page */
#define MAX_STRINGS   (6ul << 20)   /* Linux: three quarters of the default stack limit */

/* Where the pieces at the top of the stack are, while they are being stored. */
struct stack {
    uint64_t sp;
    int error;
};

static uint64_t push(struct stack *s, const void *bytes, uint64_t n)
{
    s->sp -= n;
    if (!s->error && copy_to_user(s->sp, bytes, n) != 0)
        s->error = -ENOMEM; /* the range is ours: only memory can be missing */
    return s->sp;
}

static void put_word(struct stack *s, uint64_t *at, uint64_t word)
{
    if (!s->error && put_user(word, *at) != 0)
        s->error = -ENOMEM;
    *at += sizeof word;
}

/* count pointers to the strings that lie one after the other at address user (kernel copy: bytes). */
static const char *put_pointers(struct stack *s, uint64_t *at, const char *bytes, uint64_t *user,
                                uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint64_t n = strlen(bytes) + 1;
        put_word(s, at, *user);
        *user += n;
        bytes += n;
    }
    put_word(s, at, 0);
    return bytes;
}

static int map_stack(struct mm *mm, uint64_t strings_len)
{
    uint64_t limit = current->leader->rlimit[RLIMIT_STACK].cur;
    uint64_t size = ALIGN_UP(MIN(MAX(limit, STACK_MIN), STACK_MAX), PAGE_SIZE);
    if (strings_len > MIN(size / 4 * 3, MAX_STRINGS))
        return -E2BIG;
    mm->stack_top = ALIGN_DOWN(USER_TOP - PAGE_SIZE - random_pages(1u << 22), PAGE_SIZE);
    mm->mmap_top = ALIGN_DOWN(mm->stack_top - size - STACK_GAP - random_pages(1u << 20), PAGE_SIZE);
    mm->stack_room = (size - MIN(size, STACK_COUNTED)) / PAGE_SIZE;
    return vm_map(mm, mm->stack_top - size, size, VM_READ | VM_WRITE, NULL, 0, 0);
}

/*
 *   top:  8 zero bytes | path | strings (argv, env) | MACHINE_NAME | 16 random bytes | (aligned)
 *         auxv | 0 env... | 0 argv... | argc   <- sp, a multiple of 16
 */
int stack_build(struct mm *mm, const struct exec_args *args, const struct elf_info *elf, uint64_t *sp)
{
    struct stack s = {mm->stack_top - 8, 0};
    uint8_t random[16];
    random_bytes(random, sizeof random);
    uint64_t path = push(&s, args->path, strlen(args->path) + 1);
    uint64_t strings = push(&s, args->strings, args->strings_len);
    uint64_t platform = push(&s, MACHINE_NAME, sizeof MACHINE_NAME);
    uint64_t seed = push(&s, random, sizeof random);
    const uint64_t auxv[][2] = {
        {AT_PHDR, elf->phdr},
        {AT_PHENT, 56},
        {AT_PHNUM, elf->phnum},
        {AT_PAGESZ, PAGE_SIZE},
        {AT_BASE, elf->base},
        {AT_FLAGS, 0},
        {AT_ENTRY, elf->program_entry},
        {AT_UID, current->uid},
        {AT_EUID, current->uid},
        {AT_GID, current->gid},
        {AT_EGID, current->gid},
        {AT_SECURE, 0},
        {AT_CLKTCK, 100},
        {AT_HWCAP, cpu_hwcap()},
        {AT_PLATFORM, platform},
        {AT_RANDOM, seed},
        {AT_EXECFN, path},
        {AT_MINSIGSTKSZ, sigframe_size()},
        {AT_NULL, 0},
    };
    uint64_t words = 1 + args->argc + 1 + args->envc + 1;
    uint64_t at = ALIGN_DOWN(s.sp - words * 8 - sizeof auxv, 16);
    *sp = at;
    put_word(&s, &at, args->argc);
    mm->arg_start = strings;
    const char *env = put_pointers(&s, &at, args->strings, &strings, args->argc);
    mm->arg_end = strings;
    put_pointers(&s, &at, env, &strings, args->envc);
    mm->env_end = strings;
    if (!s.error && copy_to_user(at, auxv, sizeof auxv) != 0)
        s.error = -ENOMEM;
    return s.error;
}

static void set_comm(const char *path)
{
    const char *base = strrchr(path, '/');
    format(current->comm, sizeof current->comm, "%s", base ? base + 1 : path);
}

static int build(struct mm *mm, const struct exec_args *args, struct elf_info *elf, uint64_t *sp)
{
    uint64_t pointers = 8ul * (args->argc + args->envc + 64);
    int error = map_stack(mm, args->strings_len + pointers + strlen(args->path));
    if (!error)
        error = sigframe_map(mm);
    if (!error)
        error = elf_load(mm, args->image, elf);
    if (error)
        return error;
    mm->brk_start = mm->brk = elf->end + random_pages(1u << 24);
    /* The stack's bytes are stored through the new address space: the one way into a program's memory. */
    struct mm *old = current->mm;
    current->mm = mm;
    pagetable_use(mm->root);
    error = stack_build(mm, args, elf, sp);
    if (error) {
        current->mm = old;
        pagetable_use(old ? old->root : NULL);
    }
    return error;
}

int exec_program(const struct exec_args *args, struct trapframe *tf)
{
    struct mm *old = current->mm, *mm = mm_new();
    struct elf_info elf = {0};
    uint64_t sp = 0;
    int error = mm ? build(mm, args, &elf, &sp) : -ENOMEM;
    if (error) {
        log_line("%s: cannot be run: %s", args->path,
                 elf.why            ? elf.why
                 : error == -E2BIG  ? "arguments too long"
                 : error == -ENOMEM ? "out of memory"
                                    : "it cannot be read");
        mm_free(mm);
        return error;
    }
    mm_free(old);
    set_comm(args->path);
    frame_begin(tf, elf.entry, sp);
    thread_pointer_load(&(struct thread_pointer){0});
    current->clear_child_tid = 0;
    fpu_reset();
    return 0;
}
