/* The 9P encoding cannot run past a message, and cancelled system calls lose nothing. */
#include "tests/unit/tap.h"
#include "vmproc/shim/cancel.h"
#include "vmproc/shim/p9_wire.h"

#include <errno.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

static void numbers(void)
{
    uint8_t bytes[64];
    struct p9_out out = p9_begin(bytes, sizeof bytes, P9_TREAD, 0x1234);
    struct p9_in in;
    p9_put8(&out, 0xab);
    p9_put16(&out, 0xbeef);
    p9_put32(&out, 0xdeadbeef);
    p9_put64(&out, 0x0123456789abcdef);
    p9_put_string(&out, "name", 4);
    check(p9_end(&out) == P9_HEAD + 1 + 2 + 4 + 8 + 6, "the size of a message counts itself");
    in = (struct p9_in){bytes, out.at, false};
    check(p9_get32(&in) == 28 && p9_get8(&in) == P9_TREAD && p9_get16(&in) == 0x1234,
          "a head is read as written");
    check(p9_get8(&in) == 0xab && p9_get16(&in) == 0xbeef && p9_get32(&in) == 0xdeadbeef &&
              p9_get64(&in) == 0x0123456789abcdef,
          "numbers are little-endian");
    check(p9_get16(&in) == 4 && !in.bad, "a string begins with its length");
    check(!p9_get_bytes(&in, 5) && in.bad && p9_get64(&in) == 0, "what is not there is not read");
}

static int name_of(const char *bytes, size_t len)
{
    char name[P9_NAME_MAX + 1];
    struct p9_in in = {(const uint8_t *)bytes, (const uint8_t *)bytes + len, false};
    return p9_get_name(&in, name);
}

static void names(void)
{
    static char wide[2 + 300] = {44, 1};
    memset(wide + 2, 'x', 300);
    check(name_of("\2\0ab", 4) == 0, "a name is a name");
    check(name_of("\3\0a/b", 5) == -EINVAL, "a slash is in no name");
    check(name_of("\3\0a\0b", 5) == -EINVAL, "a NUL is in no name");
    check(name_of("\0\0", 2) == -ENOENT, "the empty name is nothing");
    check(name_of("\5\0ab", 4) == -EPROTO, "a name longer than its message is refused");
    check(name_of(wide, sizeof wide) == -ENAMETOOLONG, "a name of 300 bytes is too long");
}

/* ---- cancel_syscall ---- */

static int flag, pipe_fds[2];
static long result;

static void on_cancel(int signo, siginfo_t *info, void *context)
{
    cancel_in_handler(context);
}

static void *reader(void *arg)
{
    char byte;
    result = cancel_syscall(&flag, SYS_read, pipe_fds[0], (long)&byte, 1, 0, 0);
    return NULL;
}

static void cancels(void)
{
    struct sigaction act = {.sa_sigaction = on_cancel, .sa_flags = SA_SIGINFO};
    int lost = 0, queued;
    char byte;
    sigaction(CANCEL_SIGNAL, &act, NULL);
    if (pipe(pipe_fds))
        return;
    /* The writer and the signal race; whichever wins, the byte is either read or still there. */
    for (int i = 0; i < 2000; i++) {
        pthread_t thread;
        flag = 0;
        pthread_create(&thread, NULL, reader, NULL);
        for (volatile int spin = i % 400 * 50; spin; spin--)
            ;
        if (i % 2)
            lost += write(pipe_fds[1], "x", 1) != 1;
        __atomic_store_n(&flag, 1, __ATOMIC_SEQ_CST);
        pthread_kill(thread, CANCEL_SIGNAL);
        pthread_join(thread, NULL);
        if (i % 2) {
            queued = result == 1 ? 0 : (int)read(pipe_fds[0], &byte, 1);
            lost += !(result == 1 || (result == -EINTR && queued == 1));
        } else {
            lost += result != -EINTR;
        }
    }
    check(lost == 0, "a cancelled read ends, and takes its byte or leaves it");
}

int main(void)
{
    numbers();
    names();
    cancels();
    return tap_done();
}
