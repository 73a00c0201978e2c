/* ctl.c - the control port: framing and what each message means. */
#include "call.h"
#include "shim.h"
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define READ_BYTES 16384

void ctl_send(struct shim *shim, enum ctl_type type, const void *body, uint32_t len)
{
    uint8_t message[sizeof(struct ctl_head) + sizeof(struct ctl_ret) + CALL_MAX_DATA];
    struct ctl_head head = {.len = len, .type = (uint16_t)type};
    memcpy(message, &head, sizeof head);
    memcpy(message + sizeof head, body, len);
    /* If it fails the port is ending; its end is noticed where it is read. */
    stream_send(&shim->ctl, message, sizeof head + len);
}

void ctl_send_signal(struct shim *shim, int signo, bool to_group)
{
    struct ctl_signal s = {.signo = (uint32_t)signo, .group = to_group};
    ctl_send(shim, CTL_SIGNAL, &s, sizeof s);
}

void ctl_send_clock(struct shim *shim)
{
    struct timespec date;
    struct ctl_clock clock = {.since_exec_ns = now_ns() - shim->at.sent};
    clock_gettime(CLOCK_REALTIME, &date);
    clock.realtime_ns = (uint64_t)date.tv_sec * 1000000000u + (uint64_t)date.tv_nsec;
    ctl_send(shim, CTL_CLOCK, &clock, sizeof clock);
}

/* ---- messages; each returns 0, or -EPROTO for nonsense ---- */

static int got_started(struct shim *shim, const uint8_t *body, uint32_t len)
{
    shim->started = true;
    shim->at.started = now_ns();
    return 0;
}

static int got_exited(struct shim *shim, const uint8_t *body, uint32_t len)
{
    memcpy(&shim->end, body, sizeof shim->end);
    if (shim->end.how == CTL_EXIT_SIGNAL && (shim->end.value < 1 || shim->end.value > 64))
        return -EPROTO;
    job_ended(shim);
    shim->exited = true;
    shim->at.exited = now_ns();
    return 0;
}

static int got_call(struct shim *shim, const uint8_t *body, uint32_t len)
{
    struct ctl_call call;
    memcpy(&call, body, sizeof call);
    if (call.data_len != len - sizeof call)
        return -EPROTO;
    return call_receive(shim, &call, body + sizeof call);
}

static int got_cancel(struct shim *shim, const uint8_t *body, uint32_t len)
{
    struct ctl_cancel cancel;
    memcpy(&cancel, body, sizeof cancel);
    call_cancel(shim, cancel.id);
    return 0;
}

/* FLEETSH_GUEST_LOG names a file that collects what guests log; nobody's standard error is for that. */
static void append_log(const struct shim *shim, const uint8_t *text, uint32_t len)
{
    const char *file = getenv("FLEETSH_GUEST_LOG");
    struct iovec line[4] = {
        {(void *)shim->name, strlen(shim->name)}, {": ", 2}, {(void *)text, len}, {"\n", 1}};
    int fd = file ? open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    ssize_t written;
    if (fd < 0)
        return;
    written = writev(fd, line, 4);
    (void)written; /* there is nobody to tell */
    close(fd);
}

static int got_log(struct shim *shim, const uint8_t *body, uint32_t len)
{
    size_t n = len < sizeof shim->last_log - 1 ? len : sizeof shim->last_log - 1;
    memcpy(shim->last_log, body, n);
    shim->last_log[n] = '\0';
    for (char *c = shim->last_log; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?'; /* it may be printed on a terminal */
    append_log(shim, body, len);
    lease_log(shim, shim->last_log);
    return 0;
}

static int got_stopped(struct shim *shim, const uint8_t *body, uint32_t len)
{
    struct ctl_signal s;
    memcpy(&s, body, sizeof s);
    shim->stop_signal = (int)s.signo;
    return 0;
}

static int got_piece(struct shim *shim, const uint8_t *body, uint32_t len)
{
    struct ctl_piece piece;
    memcpy(&piece, body, sizeof piece);
    return spawn_piece(shim, piece.id, body + sizeof piece, len - sizeof piece);
}

static int got_traced(struct shim *shim, const uint8_t *body, uint32_t len)
{
    struct ctl_traced traced;
    memcpy(&traced, body, sizeof traced);
    strace_receive(shim, &traced, (const char *)body + sizeof traced, len - (uint32_t)sizeof traced);
    return 0;
}

static const struct {
    int (*handle)(struct shim *shim, const uint8_t *body, uint32_t len);
    uint32_t min, max; /* of the body */
} kinds[] = {
    [CTL_STARTED] = {got_started, 0, 0},
    [CTL_EXITED] = {got_exited, sizeof(struct ctl_exited), sizeof(struct ctl_exited)},
    [CTL_CALL] = {got_call, sizeof(struct ctl_call), sizeof(struct ctl_call) + CALL_MAX_DATA},
    [CTL_CANCEL] = {got_cancel, sizeof(struct ctl_cancel), sizeof(struct ctl_cancel)},
    [CTL_LOG] = {got_log, 0, 4096},
    [CTL_SPAWN] = {got_piece, sizeof(struct ctl_piece), sizeof(struct ctl_piece) + CTL_MAX_PIECE},
    [CTL_TRACED] = {got_traced, sizeof(struct ctl_traced), sizeof(struct ctl_traced) + TRACED_TEXT_MAX},
    [CTL_STOPPED] = {got_stopped, sizeof(struct ctl_signal), sizeof(struct ctl_signal)},
};

#define MESSAGE_MAX (sizeof(struct ctl_head) + sizeof(struct ctl_call) + CALL_MAX_DATA)
_Static_assert(MESSAGE_MAX >= sizeof(struct ctl_head) + 4096, "the longest of them");

/* Handles the whole messages at bytes. Returns how many bytes they were, or -EPROTO. */
static ssize_t handle_messages(struct shim *shim, const uint8_t *bytes, size_t len)
{
    size_t at = 0;
    while (len - at >= sizeof(struct ctl_head) && !shim->exited && !strace_is_full(shim)) {
        struct ctl_head head;
        memcpy(&head, bytes + at, sizeof head);
        if (head.type >= sizeof kinds / sizeof *kinds || !kinds[head.type].handle ||
            head.len < kinds[head.type].min || head.len > kinds[head.type].max)
            return -EPROTO;
        if (len - at - sizeof head < head.len)
            break;
        if (kinds[head.type].handle(shim, bytes + at + sizeof head, head.len))
            return -EPROTO;
        at += sizeof head + head.len;
    }
    return (ssize_t)at;
}

static void ended(struct shim *shim, const char *why)
{
    if (!shim->exited && !shim->lost)
        shim->lost = why;
}

/* False: no more of it is to be read. */
static bool handle_input(struct shim *shim)
{
    ssize_t used = handle_messages(shim, shim->ctl_in, shim->ctl_len);
    if (used < 0) {
        ended(shim, "its VM sent something that is no message");
        return false;
    }
    shim->ctl_len -= (size_t)used;
    memmove(shim->ctl_in, shim->ctl_in + used, shim->ctl_len);
    return !shim->exited && !strace_is_full(shim);
}

void ctl_resume(struct shim *shim)
{
    if (shim->ctl_len)
        handle_input(shim);
}

void ctl_receive(struct shim *shim)
{
    while (!strace_is_full(shim)) {
        ssize_t n;
        if (!shim->ctl_in && !(shim->ctl_in = malloc(READ_BYTES))) {
            ended(shim, "out of memory");
            return;
        }
        n = stream_recv(&shim->ctl, shim->ctl_in + shim->ctl_len, READ_BYTES - shim->ctl_len);
        if (n == -EAGAIN)
            return;
        if (n <= 0) {
            ended(shim, "its VM has ended");
            return;
        }
        shim->ctl_len += (size_t)n;
        if (!handle_input(shim))
            return;
    }
}

_Static_assert(READ_BYTES > MESSAGE_MAX, "a whole message fits in the buffer");
