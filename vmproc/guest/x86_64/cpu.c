/* cpu.c - the processor's tables and modes: GDT, TSS, IDT, SYSCALL, SMEP and SMAP, XSAVE. */
#include "cpu.h"

#include <linux/errno.h>

#include "layout.h"
#include "lib.h"
#include "trap.h"

#define MSR_STAR  0xc0000081u
#define MSR_LSTAR 0xc0000082u
#define MSR_CSTAR 0xc0000083u
#define MSR_FMASK 0xc0000084u

#define CR4_OSFXSR     (1ul << 9)
#define CR4_OSXMMEXCPT (1ul << 10)
#define CR4_UMIP       (1ul << 11)
#define CR4_OSXSAVE    (1ul << 18)
#define CR4_SMEP       (1ul << 20)
#define CR4_SMAP       (1ul << 21)

/* XCR0 components that a sigframe may carry: x87, SSE, AVX, AVX-512. */
#define XCR0_WANTED 0xe7ul

struct tss {
    uint32_t reserved0;
    uint64_t rsp[3];
    uint64_t reserved1;
    uint64_t ist[7];
    uint64_t reserved2;
    uint16_t reserved3, iomap;
} __attribute__((packed));

struct gate {
    uint16_t offset0, selector;
    uint8_t ist, type;
    uint16_t offset1;
    uint32_t offset2, reserved;
};

struct table_register {
    uint16_t limit;
    uint64_t base;
} __attribute__((packed));

enum { IST_NONE, IST_FAULT, IST_DEBUG, IST_NMI };

extern char trap_vectors[];
void syscall_entry(void);

static uint64_t gdt[10] = {
    [KERNEL_CS / 8] = 0x00af9b000000ffff,
    [KERNEL_SS / 8] = 0x00cf93000000ffff,
    [USER_SS / 8] = 0x00cff3000000ffff,
    [USER_CS / 8] = 0x00affb000000ffff,
};
static struct gate idt[64];
static struct tss tss;
static uint8_t ist_stack[3][4096] __attribute__((aligned(16)));

bool cpu_smap;
static bool has_xsave;
static uint64_t xcr0;
static uint32_t area_size = 512;
static struct fpu_area fpu_init_state;

static void load_tables(void)
{
    uint64_t base = (uint64_t)&tss;
    gdt[TSS_SEL / 8] = (sizeof tss - 1) | (base & 0xffffff) << 16 | 0x89ul << 40 | (base >> 24 & 0xff) << 56;
    gdt[TSS_SEL / 8 + 1] = base >> 32;
    for (unsigned i = 0; i < 3; i++)
        tss.ist[i] = (uint64_t)(ist_stack[i] + sizeof ist_stack[i]);
    tss.iomap = sizeof tss;

    static const uint8_t ist[64] = {[1] = IST_DEBUG, [2] = IST_NMI, [8] = IST_FAULT};
    for (unsigned i = 0; i < 64; i++) {
        uint64_t entry = (uint64_t)trap_vectors + i * 16;
        idt[i] = (struct gate){
            .offset0 = (uint16_t)entry,
            .selector = KERNEL_CS,
            .ist = ist[i],
            .type = i == 3 || i == 4 ? 0xee : 0x8e, /* INT3 and INTO may be executed in ring 3 */
            .offset1 = (uint16_t)(entry >> 16),
            .offset2 = (uint32_t)(entry >> 32),
        };
    }
    struct table_register gdtr = {sizeof gdt - 1, (uint64_t)gdt}, idtr = {sizeof idt - 1, (uint64_t)idt};
    __asm__ volatile("lgdt %0; lidt %1; ltr %w2" ::"m"(gdtr), "m"(idtr), "r"(TSS_SEL) : "memory");
}

static void enable_syscall(void)
{
    /* SYSRET adds 16 to the upper base for CS and 8 for SS. */
    wrmsr(MSR_STAR, (uint64_t)(USER_CS - 16) << 48 | (uint64_t)KERNEL_CS << 32);
    wrmsr(MSR_LSTAR, (uint64_t)syscall_entry);
    wrmsr(MSR_CSTAR, 0);
    wrmsr(MSR_FMASK, 0x47700); /* AC NT IOPL DF IF TF */
}

static void enable_fpu(uint64_t *cr4)
{
    *cr4 |= CR4_OSFXSR | CR4_OSXMMEXCPT;
    has_xsave = cpuid(1, 0).ecx >> 26 & 1;
    if (!has_xsave)
        return;
    *cr4 |= CR4_OSXSAVE;
}

static void init_fpu_state(void)
{
    if (has_xsave) {
        struct cpuid c = cpuid(0xd, 0);
        xcr0 = ((uint64_t)c.edx << 32 | c.eax) & XCR0_WANTED;
        __asm__ volatile("xsetbv" ::"c"(0), "a"((uint32_t)xcr0), "d"((uint32_t)(xcr0 >> 32)));
        area_size = cpuid(0xd, 0).ebx;
        if (area_size > FPU_MAX) {
            xcr0 &= 7;
            __asm__ volatile("xsetbv" ::"c"(0), "a"((uint32_t)xcr0), "d"(0));
            area_size = cpuid(0xd, 0).ebx;
        }
    }
    memset(&fpu_init_state, 0, sizeof fpu_init_state);
    *(uint16_t *)fpu_init_state.bytes = 0x37f;         /* x87 control word */
    *(uint32_t *)(fpu_init_state.bytes + 24) = 0x1f80; /* MXCSR */
}

void cpu_init(void)
{
    load_tables();
    enable_syscall();
    uint64_t cr4 = read_cr4();
    enable_fpu(&cr4);
    if (cpuid(0, 0).eax >= 7) {
        struct cpuid c = cpuid(7, 0);
        if (c.ebx >> 7 & 1)
            cr4 |= CR4_SMEP;
        if (c.ebx >> 20 & 1) {
            cr4 |= CR4_SMAP;
            cpu_smap = true;
        }
        if (c.ecx >> 2 & 1)
            cr4 |= CR4_UMIP;
    }
    write_cr4(cr4);
    init_fpu_state();
}

void cpu_set_kernel_stack(uint64_t top)
{
    kstack_top = top;
    tss.rsp[0] = top;
}

uint32_t fpu_size(void)
{
    return area_size;
}

uint64_t fpu_features(void)
{
    return xcr0;
}

void fpu_save(struct fpu_area *area)
{
    if (has_xsave) {
        memset(area->bytes + 512, 0, 64); /* XSAVE leaves the header's reserved bytes as they are */
        __asm__ volatile("xsave64 %0" : "+m"(*area) : "a"((uint32_t)xcr0), "d"((uint32_t)(xcr0 >> 32)));
    } else {
        __asm__ volatile("fxsave64 %0" : "=m"(*area));
    }
}

int fpu_restore(struct fpu_area *area)
{
    uint32_t *mxcsr = (uint32_t *)(area->bytes + 24);
    *mxcsr &= 0xffff; /* a reserved bit would fault */
    if (!has_xsave) {
        __asm__ volatile("fxrstor64 %0" ::"m"(*area));
        return 0;
    }
    uint64_t *header = (uint64_t *)(area->bytes + 512);
    if (header[0] & ~xcr0)
        return -EINVAL;
    for (unsigned i = 1; i < 8; i++)
        if (header[i])
            return -EINVAL;
    __asm__ volatile("xrstor64 %0" ::"m"(*area), "a"((uint32_t)xcr0), "d"((uint32_t)(xcr0 >> 32)));
    return 0;
}

void fpu_reset(void)
{
    fpu_restore(&fpu_init_state);
}

uint64_t cpu_hwcap(void)
{
    return cpuid(1, 0).edx;
}

void cpu_page_is_code(void *page)
{
    /* Its caches see what is stored. */
}

void thread_pointer_save(struct thread_pointer *to)
{
    to->fs_base = rdmsr(MSR_FS_BASE);
    to->gs_base = rdmsr(MSR_GS_BASE);
}

void thread_pointer_load(const struct thread_pointer *from)
{
    wrmsr(MSR_FS_BASE, from->fs_base);
    wrmsr(MSR_GS_BASE, from->gs_base);
}

void thread_pointer_set(struct thread_pointer *in, uint64_t tls)
{
    in->fs_base = tls;
}

/* switch_stack() takes six registers and the place to go to from there, which finds its stack as after a call. */
uint64_t stack_begin(uint64_t top, void (*fn)(void))
{
    uint64_t *sp = (uint64_t *)top;
    *--sp = 0;
    *--sp = (uint64_t)fn;
    return (uint64_t)(sp - 6); /* zeros */
}
