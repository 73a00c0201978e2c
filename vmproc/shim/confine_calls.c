/* confine_calls.c - system calls that neither the shim nor what it starts has a use for are EPERM. */
#include "confine.h"

#include <asm/ioctls.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IF_EQUAL(value, then, otherwise)                                                                     \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), then, otherwise)
#define DENY      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define ALLOW     BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define SOCK_TYPE 0xf         /* socket(2)'s second argument has flags, too */
#define X32_CALLS 0x40000000u /* another set of numbers for the same calls */

/* Each: not this one, skip its refusal. */
#define NEVER(call) IF_EQUAL(SYS_##call, 0, 1), DENY

/* clang-format off */
static struct sock_filter filter[] = {
    LOAD(arch),
    IF_EQUAL(AUDIT_ARCH_X86_64, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    LOAD(nr),
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_CALLS, 0, 1),
    DENY,
    /* other processes */
    NEVER(ptrace), NEVER(process_vm_readv), NEVER(process_vm_writev), NEVER(pidfd_getfd),
    NEVER(process_madvise), NEVER(perf_event_open),
    /* the kernel */
    NEVER(bpf), NEVER(kexec_load), NEVER(kexec_file_load), NEVER(init_module), NEVER(finit_module),
    NEVER(delete_module), NEVER(reboot), NEVER(syslog), NEVER(iopl), NEVER(ioperm), NEVER(acct), NEVER(swapon),
    NEVER(swapoff), NEVER(quotactl), NEVER(settimeofday), NEVER(clock_settime), NEVER(adjtimex),
    NEVER(clock_adjtime), NEVER(sethostname), NEVER(setdomainname), NEVER(vhangup),
    /* calls with many bugs to their name */
    NEVER(userfaultfd), NEVER(io_uring_setup), NEVER(io_uring_enter), NEVER(io_uring_register), NEVER(add_key),
    NEVER(request_key), NEVER(keyctl), NEVER(modify_ldt), NEVER(personality),
    /* another view of the files */
    NEVER(mount), NEVER(umount2), NEVER(pivot_root), NEVER(chroot), NEVER(setns), NEVER(unshare),
    NEVER(open_by_handle_at), NEVER(move_mount), NEVER(open_tree), NEVER(fsopen), NEVER(fsconfig), NEVER(fsmount),
    NEVER(fspick), NEVER(mount_setattr),
    /* another user */
    NEVER(setuid), NEVER(setgid), NEVER(setreuid), NEVER(setregid), NEVER(setresuid), NEVER(setresgid),
    NEVER(setgroups), NEVER(setfsuid), NEVER(setfsgid), NEVER(capset),
    /* typing into the user's terminal */
    IF_EQUAL(SYS_ioctl, 0, 2),
    LOAD(args[1]),
    IF_EQUAL(TIOCSTI, 1, 0),
    ALLOW,
    DENY,
};

/* Beside that: sockets of these families alone. The second for a command that was given some of the network. */
static struct sock_filter no_network[] = {
    LOAD(nr), IF_EQUAL(SYS_socket, 1, 0), ALLOW,
    LOAD(args[0]), IF_EQUAL(AF_UNIX, 0, 1), ALLOW,
    DENY,
};
static struct sock_filter some_network[] = {
    LOAD(nr), IF_EQUAL(SYS_socket, 1, 0), ALLOW,
    LOAD(args[0]), IF_EQUAL(AF_UNIX, 0, 1), ALLOW,
    IF_EQUAL(AF_INET, 2, 0), IF_EQUAL(AF_INET6, 1, 0), DENY,
    LOAD(args[1]), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, SOCK_TYPE), /* and no raw sockets */
    IF_EQUAL(SOCK_STREAM, 1, 0), IF_EQUAL(SOCK_DGRAM, 0, 1), ALLOW,
    DENY,
};
/* clang-format on */

static void add_filter(struct sock_filter *instructions, size_t n)
{
    struct sock_fprog program = {.len = (unsigned short)n, .filter = instructions};
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

#define COUNT(array) (sizeof array / sizeof *array)

void confine_calls(bool with_network)
{
    if (with_network)
        add_filter(some_network, COUNT(some_network));
    else
        add_filter(no_network, COUNT(no_network));
    add_filter(filter, COUNT(filter));
}
