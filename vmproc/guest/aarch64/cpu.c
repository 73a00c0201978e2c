/* cpu.c - the processor's modes: vectors, PAN, FPU, and what programs may read of it. */
#include "cpu.h"

#include <asm/hwcap.h>
#include <linux/errno.h>

#include "layout.h"
#include "lib.h"
#include "trap.h"

#define SCTLR_SPAN   (1ul << 23) /* 0: an exception sets PAN */
#define CPACR_FPU    (3ul << 20)
#define CNTKCTL_READ 2ul /* EL0 may read the virtual counter */
#define FPU_BYTES    528u
#define FPCR_KNOWN   0x07ff9f00u

extern char trap_vectors[];
void fpu_load(const struct fpu_area *area);

bool cpu_pan;
static const struct fpu_area fpu_init_state;

/* A field of an identification register. */
static unsigned field(uint64_t id, unsigned bit)
{
    return id >> bit & 15;
}

void cpu_init(void)
{
    write_register(vbar_el1, trap_vectors);
    write_register(cpacr_el1, CPACR_FPU);
    write_register(cntkctl_el1, CNTKCTL_READ);
    write_register(tpidrro_el0, 0);
    if (field(read_register(id_aa64mmfr1_el1), 20)) {
        write_register(sctlr_el1, read_register(sctlr_el1) & ~SCTLR_SPAN);
        __asm__ volatile(".arch armv8.1-a\n\tmsr pan, #1" ::: "memory");
        cpu_pan = true;
    }
}

void cpu_set_kernel_stack(uint64_t top)
{
    kstack_top = top;
}

uint64_t cpu_hwcap(void)
{
    uint64_t isar0 = read_register(id_aa64isar0_el1);
    return HWCAP_FP | HWCAP_ASIMD | (field(isar0, 4) >= 1 ? HWCAP_AES : 0) |
           (field(isar0, 4) >= 2 ? HWCAP_PMULL : 0) | (field(isar0, 8) ? HWCAP_SHA1 : 0) |
           (field(isar0, 12) ? HWCAP_SHA2 : 0) | (field(isar0, 16) ? HWCAP_CRC32 : 0) |
           (field(isar0, 20) >= 2 ? HWCAP_ATOMICS : 0);
}

/* To the point where instructions and data meet, then the old instructions go. */
void cpu_page_is_code(void *page)
{
    uint64_t line = 4ul << field(read_register(ctr_el0), 16);
    for (char *at = page; at < (char *)page + PAGE_SIZE; at += line)
        __asm__ volatile("dc cvau, %0" ::"r"(at) : "memory");
    __asm__ volatile("dsb ish; ic iallu; dsb ish; isb" ::: "memory");
}

uint32_t fpu_size(void)
{
    return FPU_BYTES;
}

int fpu_restore(struct fpu_area *area)
{
    uint32_t *fpcr = (uint32_t *)(area->bytes + 12);
    *fpcr &= FPCR_KNOWN;
    fpu_load(area);
    return 0;
}

void fpu_reset(void)
{
    fpu_load(&fpu_init_state);
}

void thread_pointer_save(struct thread_pointer *to)
{
    to->tpidr_el0 = read_register(tpidr_el0);
}

void thread_pointer_load(const struct thread_pointer *from)
{
    write_register(tpidr_el0, from->tpidr_el0);
}

void thread_pointer_set(struct thread_pointer *in, uint64_t tls)
{
    in->tpidr_el0 = tls;
}

/* switch_stack() takes twelve registers; the second is where it returns to. */
uint64_t stack_begin(uint64_t top, void (*fn)(void))
{
    uint64_t *sp = (uint64_t *)top - 12;
    memset(sp, 0, 12 * sizeof *sp);
    sp[1] = (uint64_t)fn;
    return (uint64_t)sp;
}
