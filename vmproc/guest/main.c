/* main.c - the order in which a guest comes to life. */
#include "alone.h"
#include "boot.h"
#include "bounce.h"
#include "console.h"
#include "cpu.h"
#include "image.h"
#include "kmem.h"
#include "machine.h"
#include "pagetable.h"
#include "pmem.h"
#include "process.h"
#include "ringdev.h"
#include "trap.h"

void main(uint64_t where, uint64_t memory_end);

/* where, memory_end: what ARCH/entry.S has to tell boot_read(). */
void main(uint64_t where, uint64_t memory_end)
{
    static struct boot_info boot;
    if (!boot_read(where, memory_end, &boot))
        machine_off();     /* memory map, resident program, rings */
    pmem_init(&boot);      /* free pages */
    pagetable_init(&boot); /* W^X from here on */
    cpu_init();            /* traps, system calls, protection, FPU */
    machine_interrupts();  /* and the timer's */
    image_set_resident(pa_to_va(boot.resident_start), boot.resident_size);
    ringdev_init(&boot);
    bounce_init(&boot);
    if (console_init())                  /* virtio ports */
        ctl_init();                      /* the host can speak to us */
    else if (!alone_begin(boot.cmdline)) /* or there is no host, but a program */
        machine_off();
    char *stack = kv_alloc(KSTACK_SIZE);
    if (!stack)
        machine_off();
    cpu_set_kernel_stack((uint64_t)stack + KSTACK_SIZE);
    kernel_restart(process_main); /* READY, rehearse, EXEC, run */
}
