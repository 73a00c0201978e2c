/* rehearse.c - the commands, and their EXEC messages. */
#include "rehearse.h"

#include "console.h"
#include "cpu.h"
#include "image.h"
#include "lib.h"
#include "process.h"

static const struct {
    uint32_t argc;
    const char *argv; /* separated by NUL */
} rehearsals[] = {
    {1, "true\0"},   {2, "echo\0hello\0"}, {1, "cat\0"},        {2, "cat\0f\0"},
    {2, "ls\0-l\0"}, {2, "sort\0f\0"},     {3, "grep\0b\0f\0"},
};

static const char common[] = "/bin/busybox\0/\0guest\0";
static const char environment[] = "PATH=/usr/local/bin:/usr/bin:/bin\0HOME=/\0LANG=C.UTF-8\0TERM=xterm\0";
#define ENVIRONMENT_COUNT 4

static struct {
    struct ctl_exec exec;
    struct ctl_fd fds[3];
    char strings[256];
} buffer;

static bool rehearsing;
static unsigned held __attribute__((section(".bss.kept"))); /* rehearsals, since the machine was started */

static size_t joined_length(const char *s, uint32_t count)
{
    const char *at = s;
    for (; count; count--)
        at += strlen(at) + 1;
    return (size_t)(at - s);
}

bool rehearse_next(struct exec_message *m)
{
    static unsigned next;
    static bool asked;
    struct image *image = image_resident();
    image_unref(image);
    if (rehearsing && !ctl_exec_has_come())
        held = next;
    if (!asked && image && held < ARRAY_LEN(rehearsals)) {
        next = held;
        rehearsing = rehearse_host_begin(NULL);
    } else if (rehearsing) {
        rehearse_host_reset();
    }
    asked = true;
    if (!rehearsing || next == ARRAY_LEN(rehearsals) || ctl_exec_has_come()) {
        if (rehearsing) {
            rehearse_host_end();
            if (!ctl_exec_has_come())
                console_rest();
        }
        rehearsing = false;
        return false;
    }
    uint32_t argc = rehearsals[next].argc;
    const char *argv = rehearsals[next].argv;
    next++;

    size_t argv_len = joined_length(argv, argc), n = 0;
    memcpy(buffer.strings, common, sizeof common - 1);
    n += sizeof common - 1;
    memcpy(buffer.strings + n, argv, argv_len);
    n += argv_len;
    memcpy(buffer.strings + n, environment, sizeof environment - 1);
    n += sizeof environment - 1;
    buffer.fds[0] = (struct ctl_fd){.fd = 0, .same_as = 0, .read_via = VIA_FID, .mode = 010600};
    buffer.fds[1] =
        (struct ctl_fd){.fd = 1, .same_as = 1, .write_via = VIA_OUT, .open_flags = 1, .mode = 010600};
    buffer.fds[2] =
        (struct ctl_fd){.fd = 2, .same_as = 2, .write_via = VIA_NULL, .open_flags = 1, .mode = 020666};
    buffer.exec = (struct ctl_exec){
        .abi = GUEST_ABI_VERSION,
        .flags = EXEC_RESIDENT,
        .pid = 2,
        .uid = 1, /* busybox does more for users than for root */
        .gid = 1,
        .nfds = 3,
        .nargv = argc,
        .nenv = ENVIRONMENT_COUNT,
        .strings_len = (uint32_t)n,
    };
    for (unsigned i = 0; i < CTL_NRLIMIT; i++)
        buffer.exec.rlimit[i] = (struct ctl_rlimit){UINT64_MAX, UINT64_MAX};
    *m = (struct exec_message){&buffer.exec, (uint32_t)(offsetof(__typeof__(buffer), strings) + n),
                               ticks_now()};
    return true;
}

bool rehearse_idle(void)
{
    if (!rehearsing)
        return false;
    allow_interrupts(); /* the host can end us at any time */
    if (!rehearse_host_step())
        process_end(CTL_EXIT_STATUS, 1); /* it waits for something that we do not play */
    return true;
}
