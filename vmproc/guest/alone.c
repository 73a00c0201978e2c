/* alone.c - EXEC of a command line; a serial port. */
#include "alone.h"

#include <linux/errno.h>

#include "console.h"
#include "cpu.h"
#include "image.h"
#include "lib.h"
#include "machine.h"
#include "rehearse.h"
#include "timer.h"

#define POLL_NS      1000000ul
#define END_OF_INPUT 4
#define MAX_WORDS    128
#define SERIAL_RING  (64u << 10)

static bool is_alone, input_ended;
static struct {
    struct ctl_exec exec;
    struct ctl_fd fds[3];
    char strings[2 * 4096];
} message;
static const char *command_line;

/* ---- the serial port ---- */

static void output(const void *bytes, uint32_t n)
{
    for (const char *c = bytes; n; n--, c++)
        serial_put((uint8_t)*c);
}

static uint32_t input(void *to, uint32_t most)
{
    uint8_t *bytes = to;
    uint32_t n = 0;
    while (!input_ended && n < most && serial_can_get()) {
        bytes[n] = serial_get();
        input_ended = bytes[n] == END_OF_INPUT;
        n += !input_ended;
    }
    return n || input_ended || !most ? n : NO_INPUT;
}

static const struct host_play play = {input, output};

bool alone_begin(const char *cmdline)
{
    static const enum console_port played[] = {PORT_9P, PORT_OUT};
    if (!linked_program.size)
        return false;
    serial_begin();
    for (unsigned i = 0; i < ARRAY_LEN(played); i++) {
        port_init(&ports[played[i]], "", SERIAL_RING * 8);
        ports[played[i]].present = true;
    }
    command_line = cmdline;
    is_alone = rehearse_host_begin(&play);
    return is_alone;
}

bool alone(void)
{
    return is_alone;
}

static void look_again(struct timer *t)
{
}

/* Nobody interrupts for a byte of the serial port. */
bool alone_idle(void)
{
    static struct timer poll = {.fire = look_again};
    if (!is_alone)
        return false;
    if (rehearse_host_step())
        return true;
    if (!poll.armed)
        timer_start(&poll, clock_monotonic() + POLL_NS);
    return false;
}

/* ---- the message ---- */

static char *put(char *at, const char *text)
{
    size_t n = strlen(text) + 1;
    memcpy(at, text, n);
    return at + n;
}

/* Words as the shell's quoting `escapes` writes them: in double quotes, with backslashes. */
static char *put_words(char *at, uint32_t *count)
{
    const char *c = command_line;
    for (;;) {
        bool quoted = false;
        while (*c == ' ')
            c++;
        if (!*c || *count == MAX_WORDS)
            return at;
        for (; *c && (quoted || *c != ' '); c++) {
            if (*c == '"')
                quoted = !quoted;
            else
                *at++ = *c == '\\' && c[1] ? *++c : *c;
        }
        *at++ = '\0';
        ++*count;
    }
}

bool alone_exec(struct exec_message *m)
{
    static const char *const environment[] = {"PATH=/usr/bin:/bin", "HOME=/", "LANG=C.UTF-8"};
    char *at = message.strings;
    uint32_t words = 1;
    if (!is_alone)
        return false;
    *at++ = '/'; /* the program's path, its directory, the machine's name; then its words */
    at = put(put(put(put(at, linked_program.name), "/"), "unikernel"), linked_program.name);
    at = put_words(at, &words);
    for (unsigned i = 0; i < ARRAY_LEN(environment); i++)
        at = put(at, environment[i]);
    message.fds[0] = (struct ctl_fd){.fd = 0, .same_as = 0, .read_via = VIA_FID, .mode = 010600};
    for (unsigned fd = 1; fd <= 2; fd++)
        message.fds[fd] =
            (struct ctl_fd){.fd = fd, .same_as = 1, .write_via = VIA_OUT, .open_flags = 1, .mode = 010600};
    message.exec = (struct ctl_exec){
        .abi = GUEST_ABI_VERSION,
        .flags = EXEC_RESIDENT,
        .tsc_hz = machine_tick_hz(),
        .pid = 1,
        .nfds = 3,
        .nargv = words,
        .nenv = ARRAY_LEN(environment),
        .strings_len = (uint32_t)(at - message.strings),
        .umask = 022,
    };
    for (unsigned i = 0; i < sizeof message.exec.entropy; i++)
        ((uint8_t *)message.exec.entropy)[i] = (uint8_t)(ticks_now() >> (i % 3));
    for (unsigned i = 0; i < CTL_NRLIMIT; i++)
        message.exec.rlimit[i] = (struct ctl_rlimit){UINT64_MAX, UINT64_MAX};
    *m = (struct exec_message){&message.exec,
                               (uint32_t)(offsetof(__typeof__(message), strings) + message.exec.strings_len),
                               ticks_now()};
    return true;
}

void alone_end(enum ctl_exit_how how, uint32_t value)
{
    if (!is_alone)
        return;
    while (rehearse_host_step())
        ;
    uint32_t status = how == CTL_EXIT_STATUS ? value : how == CTL_EXIT_SIGNAL ? 128 + value : 126;
    machine_end((uint8_t)status);
}
