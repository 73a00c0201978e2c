/* keyboard.c - one byte at a time, and no signal missed. */
#include "shell/keyboard.h"
#include "shell/job.h"
#include "shell/shell.h"
#include "shell/trap.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t window_pending;

/* Until fd can be read, or a signal is noted. KEYBOARD_BYTE: it can. */
static enum keyboard_event wait_for(int fd, int milliseconds)
{
    struct timespec limit = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
    struct pollfd keyboard = {.fd = fd, .events = POLLIN};
    sigset_t all, usual;
    int ready;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &usual);
    if (trap_pending || window_pending) {
        ready = -1;
        errno = EINTR;
    } else {
        ready = ppoll(&keyboard, 1, milliseconds < 0 ? NULL : &limit, &usual);
    }
    int error = errno;
    sigprocmask(SIG_SETMASK, &usual, NULL);
    if (ready == 0)
        return KEYBOARD_NOTHING;
    if (ready < 0)
        return error == EINTR ? KEYBOARD_SIGNAL : KEYBOARD_END;
    return KEYBOARD_BYTE;
}

enum keyboard_event keyboard_wait(int fd)
{
    return wait_for(fd, -1);
}

enum keyboard_event keyboard_read(unsigned char *byte, int milliseconds)
{
    enum keyboard_event event = wait_for(STDIN_FILENO, milliseconds);

    if (event != KEYBOARD_BYTE)
        return event;
    ssize_t n = read(STDIN_FILENO, byte, 1);
    if (n == 1)
        return KEYBOARD_BYTE;
    /* EAGAIN: a command has left O_NONBLOCK on the terminal and another reader was faster. */
    return n < 0 && (errno == EINTR || errno == EAGAIN) ? KEYBOARD_SIGNAL : KEYBOARD_END;
}

static void note_window(int number)
{
    (void)number;
    window_pending = 1;
}

void keyboard_watch_window(bool on)
{
    struct sigaction now, action = {.sa_handler = note_window};

    if (sigaction(SIGWINCH, NULL, &now) != 0)
        return;
    window_pending = 0;
    if (on && now.sa_handler == SIG_DFL) {
        sigaction(SIGWINCH, &action, NULL);
    } else if (!on && now.sa_handler == note_window) { /* a trap on WINCH set meanwhile stays */
        action.sa_handler = SIG_DFL;
        sigaction(SIGWINCH, &action, NULL);
    }
}

bool keyboard_is_noisy(struct shell *sh)
{
    return sh->options.notify || trap_any_action(sh);
}

int keyboard_attend(struct shell *sh)
{
    int status = sh->status;
    bool interrupted = trap_signal_was_taken(sh) == SIGINT;

    window_pending = 0;
    trap_run_pending(sh);
    if (sh->unwind == UNWIND_ERROR) /* what SIGINT does to a running command; here it only ends the line */
        sh->unwind = UNWIND_NONE;
    if (sh->unwind != UNWIND_NONE)
        return ECANCELED;
    sh->status = interrupted ? 128 + SIGINT : status;
    if (sh->options.notify)
        job_notify(sh);
    return interrupted ? EINTR : 0;
}
