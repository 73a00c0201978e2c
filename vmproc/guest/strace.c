/*
 * strace.c - a call's arguments by a table: one letter each.
 *
 *   d  int        u  unsigned     x  in hexadecimal     p  address        o  mode, octal
 *   f  descriptor (AT_FDCWD)      s  string             w  bytes for the call, whose length is the next argument
 *   r  bytes that the call stores, as many as it returns
 *   O  open flags    A  access mode    P  protection     M  mmap flags     W  whence       S  signal
 *   v  strings, NULL-terminated        2  two ints that the call stores    i  an int that the call stores
 *   t  struct timespec                 F  fcntl command  H  how (sigprocmask)              C  clock
 *
 * What the call stores is written when it has returned.
 */
#include "strace.h"

#include <linux/fcntl.h>
#include <linux/mman.h>

#include "ctl.h"
#include "lib.h"
#include "syscall.h"
#include "task.h"
#include "timer.h"
#include "usercopy.h"

#define SHOWN_BYTES   32 /* of a string or buffer, as strace has it */
#define SHOWN_STRINGS 6

static bool on;

void strace_set(bool wanted)
{
    on = wanted;
}

bool strace_is_on(void)
{
    return on;
}

#define RESULT_IS_ADDRESS '=' /* before the arguments */

static const char *const kinds[] = {
    [__NR_read] = "fru",
    [__NR_write] = "fwu",
    [__NR_close] = "f",
    [__NR_fstat] = "fp",
    [__NR_lseek] = "fdW",
    [__NR_mmap] = "=puPMfx",
    [__NR_mprotect] = "puP",
    [__NR_munmap] = "pu",
    [__NR_brk] = "=p",
    [__NR_rt_sigaction] = "Sppu",
    [__NR_rt_sigprocmask] = "Hppu",
    [__NR_ioctl] = "fxp",
    [__NR_pread64] = "fruu",
    [__NR_pwrite64] = "fwuu",
    [__NR_readv] = "fpu",
    [__NR_writev] = "fpu",
    [__NR_sched_yield] = "",
    [__NR_mremap] = "=puuxp",
    [__NR_madvise] = "pud",
    [__NR_dup] = "f",
    [__NR_nanosleep] = "tp",
    [__NR_getpid] = "",
    [__NR_sendfile] = "ffpu",
    [__NR_socket] = "ddd",
    [__NR_execve] = "svp",
    [__NR_exit] = "d",
    [__NR_wait4] = "didp",
    [__NR_kill] = "dS",
    [__NR_uname] = "p",
    [__NR_fcntl] = "fFx",
    [__NR_fsync] = "f",
    [__NR_truncate] = "su",
    [__NR_ftruncate] = "fu",
    [__NR_getdents64] = "fpu",
    [__NR_getcwd] = "pu",
    [__NR_chdir] = "s",
    [__NR_fchdir] = "f",
    [__NR_fchmod] = "fo",
    [__NR_umask] = "o",
    [__NR_gettimeofday] = "pp",
    [__NR_getuid] = "",
    [__NR_getgid] = "",
    [__NR_geteuid] = "",
    [__NR_getegid] = "",
    [__NR_setpgid] = "dd",
    [__NR_getppid] = "",
    [__NR_setsid] = "",
    [__NR_rt_sigsuspend] = "pu",
    [__NR_sigaltstack] = "pp",
    [__NR_statfs] = "sp",
    [__NR_gettid] = "",
    [__NR_prctl] = "dpppp",
    [__NR_sysinfo] = "p",
    [__NR_fadvise64] = "fuud",
    [__NR_sched_setaffinity] = "dup",
    [__NR_sched_getaffinity] = "dup",
    [__NR_flock] = "fd",
    [__NR_getrusage] = "dp",
    [__NR_times] = "p",
    [__NR_futex] = "pduppu",
    [__NR_set_tid_address] = "p",
    [__NR_timer_create] = "Cpp",
    [__NR_timer_settime] = "dxpp",
    [__NR_timer_gettime] = "dp",
    [__NR_timer_getoverrun] = "d",
    [__NR_timer_delete] = "d",
    [__NR_clock_gettime] = "Cp",
    [__NR_clock_nanosleep] = "Cdtp",
    [__NR_exit_group] = "d",
    [__NR_epoll_ctl] = "fdfp",
    [__NR_tgkill] = "ddS",
    [__NR_openat] = "fsOo",
    [__NR_mkdirat] = "fso",
    [__NR_newfstatat] = "fspx",
    [__NR_unlinkat] = "fsx",
    [__NR_renameat] = "fsfs",
    [__NR_linkat] = "fsfsx",
    [__NR_symlinkat] = "sfs",
    [__NR_readlinkat] = "fsru",
    [__NR_fchmodat] = "fso",
    [__NR_faccessat] = "fsA",
    [__NR_pselect6] = "dppptp",
    [__NR_ppoll] = "putpu",
    [__NR_set_robust_list] = "pu",
    [__NR_utimensat] = "fspx",
    [__NR_eventfd2] = "ux",
    [__NR_epoll_create1] = "x",
    [__NR_dup3] = "ffx",
    [__NR_pipe2] = "2O",
    [__NR_prlimit64] = "ddpp",
    [__NR_renameat2] = "fsfsx",
    [__NR_getrandom] = "pux",
    [__NR_execveat] = "fsvpx",
    [__NR_copy_file_range] = "fpfpux",
    [__NR_statx] = "fsxxp",
    [__NR_clone] = "xppp",
    [__NR_rseq] = "puxx",
    [__NR_clone3] = "pu",
    [__NR_faccessat2] = "fsAx",
#ifdef HAS_OLD_CALLS
    [__NR_open] = "sOo",
    [__NR_stat] = "sp",
    [__NR_lstat] = "sp",
    [__NR_poll] = "pud",
    [__NR_access] = "sA",
    [__NR_pipe] = "2",
    [__NR_select] = "dpppp",
    [__NR_dup2] = "ff",
    [__NR_pause] = "",
    [__NR_alarm] = "u",
    [__NR_fork] = "",
    [__NR_vfork] = "",
    [__NR_rename] = "ss",
    [__NR_mkdir] = "so",
    [__NR_rmdir] = "s",
    [__NR_link] = "ss",
    [__NR_unlink] = "s",
    [__NR_symlink] = "ss",
    [__NR_readlink] = "sru",
    [__NR_chmod] = "so",
    [__NR_chown] = "sdd",
    [__NR_getpgrp] = "",
    [__NR_arch_prctl] = "xp",
    [__NR_time] = "p",
    [__NR_epoll_wait] = "fpdd",
#endif
};

/* ---- text ---- */

PRINTF(2, 3) static void put(struct strace_call *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    c->len += (uint32_t)vformat(c->text + c->len, sizeof c->text - c->len, fmt, ap);
    va_end(ap);
}

struct flag {
    uint64_t bit;
    const char *name;
};

/* What has no name follows in hexadecimal. */
static void put_flags(struct strace_call *c, uint64_t value, const struct flag *flags, bool any)
{
    for (; flags->name; flags++)
        if ((value & flags->bit) == flags->bit) {
            put(c, "%s%s", any ? "|" : "", flags->name);
            value &= ~flags->bit;
            any = true;
        }
    if (value || !any)
        put(c, any ? "|0x%lx" : value ? "0x%lx" : "%lx", value);
}

static void put_name(struct strace_call *c, uint64_t value, const char *const *names, unsigned count)
{
    if (value < count && names[value])
        put(c, "%s", names[value]);
    else
        put(c, "%ld", (long)(int)value);
}

static void put_bytes(struct strace_call *c, const char *bytes, size_t n, bool more)
{
    put(c, "\"");
    for (size_t i = 0; i < n; i++) {
        unsigned char b = (unsigned char)bytes[i];
        const char *at = b ? strchr("\nn\tt\rr\"\"\\\\", b) : NULL;
        if (at && (b < ' ' || b == '"' || b == '\\'))
            put(c, "\\%c", at[1]);
        else if (b < ' ' || b >= 0x7f)
            put(c, "\\%c%c%c", '0' + (b >> 6), '0' + (b >> 3 & 7), '0' + (b & 7));
        else
            put(c, "%c", b);
    }
    put(c, more ? "\"..." : "\"");
}

static void put_buffer(struct strace_call *c, uint64_t addr, uint64_t n)
{
    char bytes[SHOWN_BYTES];
    size_t shown = MIN(n, sizeof bytes);
    if (copy_from_user(bytes, addr, shown) == 0)
        put_bytes(c, bytes, shown, n > shown);
    else
        put(c, "0x%lx", addr);
}

static void put_string(struct strace_call *c, uint64_t addr)
{
    char bytes[4 * SHOWN_BYTES];
    long n = addr ? copy_string_from_user(bytes, addr, sizeof bytes) : 0;
    if (!addr)
        put(c, "NULL");
    else if (n >= 0)
        put_bytes(c, bytes, (size_t)n, false);
    else
        put_buffer(c, addr, SHOWN_BYTES + 1);
}

static void put_strings(struct strace_call *c, uint64_t addr)
{
    uint64_t string;
    put(c, "[");
    for (unsigned i = 0; get_user(string, addr + i * sizeof string) == 0 && string; i++) {
        if (i)
            put(c, ", ");
        if (i == SHOWN_STRINGS) {
            put(c, "...");
            break;
        }
        put_string(c, string);
    }
    put(c, "]");
}

static void put_ints(struct strace_call *c, uint64_t addr, unsigned count)
{
    int values[2];
    if (!addr || copy_from_user(values, addr, count * sizeof *values) != 0)
        put(c, addr ? "0x%lx" : "NULL", addr);
    else if (count == 1)
        put(c, "[%d]", values[0]);
    else
        put(c, "[%d, %d]", values[0], values[1]);
}

static void put_timespec(struct strace_call *c, uint64_t addr)
{
    uint64_t t[2];
    if (!addr || copy_from_user(t, addr, sizeof t) != 0)
        put(c, addr ? "0x%lx" : "NULL", addr);
    else
        put(c, "{tv_sec=%ld, tv_nsec=%ld}", (long)t[0], (long)t[1]);
}

static void put_open_flags(struct strace_call *c, uint64_t value)
{
    static const char *const modes[] = {"O_RDONLY", "O_WRONLY", "O_RDWR"};
    static const struct flag flags[] = {
        {O_CREAT, "O_CREAT"},       {O_EXCL, "O_EXCL"},
        {O_NOCTTY, "O_NOCTTY"},     {O_TRUNC, "O_TRUNC"},
        {O_APPEND, "O_APPEND"},     {O_NONBLOCK, "O_NONBLOCK"},
        {O_TMPFILE, "O_TMPFILE"},   {O_DIRECTORY, "O_DIRECTORY"},
        {O_NOFOLLOW, "O_NOFOLLOW"}, {O_CLOEXEC, "O_CLOEXEC"},
        {O_PATH, "O_PATH"},         {O_LARGEFILE, "O_LARGEFILE"},
        {O_SYNC, "O_SYNC"},         {0, NULL},
    };
    if ((value & O_ACCMODE) < ARRAY_LEN(modes))
        put(c, "%s", modes[value & O_ACCMODE]);
    value &= ~(uint64_t)O_ACCMODE;
    if (value)
        put_flags(c, value, flags, true);
}

static void put_argument(struct strace_call *c, char kind, const uint64_t *a)
{
    static const struct flag access[] = {{4, "R_OK"}, {2, "W_OK"}, {1, "X_OK"}, {0, NULL}};
    static const struct flag protection[] = {
        {PROT_READ, "PROT_READ"}, {PROT_WRITE, "PROT_WRITE"}, {PROT_EXEC, "PROT_EXEC"}, {0, NULL}};
    static const struct flag mapping[] = {{MAP_SHARED, "MAP_SHARED"},       {MAP_PRIVATE, "MAP_PRIVATE"},
                                          {MAP_FIXED, "MAP_FIXED"},         {MAP_ANONYMOUS, "MAP_ANONYMOUS"},
                                          {MAP_DENYWRITE, "MAP_DENYWRITE"}, {MAP_STACK, "MAP_STACK"},
                                          {MAP_NORESERVE, "MAP_NORESERVE"}, {0, NULL}};
    static const char *const whence[] = {"SEEK_SET", "SEEK_CUR", "SEEK_END", "SEEK_DATA", "SEEK_HOLE"};
    static const char *const how[] = {"SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK"};
    static const char *const clocks[] = {"CLOCK_REALTIME", "CLOCK_MONOTONIC", "CLOCK_PROCESS_CPUTIME_ID",
                                         "CLOCK_THREAD_CPUTIME_ID"};
    static const char *const signals[] = {
        "0",       "SIGHUP",  "SIGINT",  "SIGQUIT", "SIGILL",   "SIGTRAP", "SIGABRT", "SIGBUS",
        "SIGFPE",  "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2",  "SIGPIPE", "SIGALRM", "SIGTERM",
        NULL,      "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP",  "SIGTTIN", "SIGTTOU", "SIGURG",
        "SIGXCPU", "SIGXFSZ", NULL,      "SIGPROF", "SIGWINCH", "SIGIO",   "SIGPWR",  "SIGSYS"};
    static const char *const commands[] = {"F_DUPFD", "F_GETFD", "F_SETFD", "F_GETFL",
                                           "F_SETFL", "F_GETLK", "F_SETLK", "F_SETLKW"};
    switch (kind) {
    case 'd':
        put(c, "%d", (int)*a);
        break;
    case 'u':
        put(c, "%lu", *a);
        break;
    case 'o':
        put(c, *a & 0777 ? "0%c%c%c" : "0", (int)('0' + (*a >> 6 & 7)), (int)('0' + (*a >> 3 & 7)),
            (int)('0' + (*a & 7)));
        break;
    case 'f':
        put(c, (int)*a == AT_FDCWD ? "AT_FDCWD" : "%d", (int)*a);
        break;
    case 's':
        put_string(c, *a);
        break;
    case 'w':
        put_buffer(c, a[0], a[1]);
        break;
    case 'O':
        put_open_flags(c, *a);
        break;
    case 'A':
        put_flags(c, *a, access, false);
        break;
    case 'P':
        put_flags(c, *a, protection, false);
        break;
    case 'M':
        put_flags(c, *a, mapping, false);
        break;
    case 'W':
        put_name(c, *a, whence, ARRAY_LEN(whence));
        break;
    case 'S':
        put_name(c, *a, signals, ARRAY_LEN(signals));
        break;
    case 'F':
        put_name(c, *a, commands, ARRAY_LEN(commands));
        break;
    case 'H':
        put_name(c, *a, how, ARRAY_LEN(how));
        break;
    case 'C':
        put_name(c, *a, clocks, ARRAY_LEN(clocks));
        break;
    case 'v':
        put_strings(c, *a);
        break;
    case 't':
        put_timespec(c, *a);
        break;
    case 'p':
        put(c, *a ? "0x%lx" : "NULL", *a);
        break;
    default:
        put(c, "0x%lx", *a);
    }
}

/* ---- a call ---- */

static const char *kind_of(uint64_t nr)
{
    const char *kinds_of = nr < ARRAY_LEN(kinds) && kinds[nr] ? kinds[nr] : "xxxxxx";

    return kinds_of + (*kinds_of == RESULT_IS_ADDRESS);
}

static bool result_is_address(uint64_t nr)
{
    return nr < ARRAY_LEN(kinds) && kinds[nr] && *kinds[nr] == RESULT_IS_ADDRESS;
}

static bool is_stored(char kind)
{
    return strchr("r2i", kind) != NULL;
}

/* The mode of an open that makes nothing means nothing. */
static bool is_left_out(uint64_t nr, unsigned i, const struct syscall_args *s)
{
    const char *kinds_of_call = kind_of(nr);
    return i > 0 && kinds_of_call[i] == 'o' && kinds_of_call[i - 1] == 'O' &&
           !(s->a[i - 1] & (O_CREAT | __O_TMPFILE));
}

/* Arguments from the one that the call stores on wait until it has stored it. from: the first to be written. */
static void put_arguments(struct strace_call *c, const struct syscall_args *s, bool returned, long result)
{
    const char *args = kind_of(c->nr);
    bool waited = false;
    for (unsigned i = 0; args[i] && !is_left_out(c->nr, i, s); i++) {
        waited |= is_stored(args[i]);
        if (waited != returned)
            continue;
        if (i)
            put(c, ", ");
        if (args[i] == 'r' && result >= 0)
            put_buffer(c, s->a[i], (uint64_t)result);
        else if (args[i] == '2' && result >= 0)
            put_ints(c, s->a[i], 2);
        else if (args[i] == 'i' && result > 0)
            put_ints(c, s->a[i], 1);
        else
            put_argument(c, is_stored(args[i]) ? 'p' : args[i], s->a + i);
    }
}

void strace_enter(struct strace_call *c, uint64_t nr, const char *name, const struct syscall_args *s)
{
    c->realtime_ns = clock_realtime();
    c->begun_ns = clock_monotonic();
    c->nr = nr;
    c->len = 0;
    put(c, "%s(", name);
    put_arguments(c, s, false, 0);
}

void strace_leave(struct strace_call *c, const struct syscall_args *s, long result)
{
    struct ctl_traced traced = {
        .realtime_ns = c->realtime_ns,
        .took_ns = clock_monotonic() - c->begun_ns,
        .result = result,
        .tid = current->tid,
        .flags = result_is_address(c->nr) ? TRACED_ADDRESS : 0,
    };
    if (c->nr == __NR_exit || c->nr == __NR_exit_group)
        traced.flags |= TRACED_NO_RETURN;
    put_arguments(c, s, true, result);
    put(c, ")");
    ctl_send_traced(&traced, c->text, c->len);
}
