/* sys_arch.c - the system call that x86-64 alone has. */
#include <asm/prctl.h>

#include "cpu.h"
#include "syscall.h"
#include "usercopy.h"

SYSCALL(arch_prctl)
{
    uint64_t addr = s->a[1];
    switch (s->a[0]) {
    case ARCH_SET_FS:
    case ARCH_SET_GS:
        if (addr >= USER_TOP)
            return -EPERM;
        wrmsr(s->a[0] == ARCH_SET_FS ? MSR_FS_BASE : MSR_GS_BASE, addr);
        return 0;
    case ARCH_GET_FS:
    case ARCH_GET_GS: {
        uint64_t base = rdmsr(s->a[0] == ARCH_GET_FS ? MSR_FS_BASE : MSR_GS_BASE);
        return put_user(base, addr);
    }
    }
    return -EINVAL;
}
