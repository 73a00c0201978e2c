/* keyboard.c - one byte at a time, and no signal missed. */
#include "shell/keyboard.h"
#include "shell/job.h"
#include "shell/shell.h"
#include "shell/trap.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t window_pending;

/* Until one of the descriptors can be read, or a signal is noted. KEYBOARD_BYTE: one can. */
static enum keyboard_event wait_for(struct pollfd *fds, nfds_t count, int milliseconds)
{
    struct timespec limit = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
    sigset_t all, usual;
    int ready;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &usual);
    if (trap_pending || window_pending) {
        ready = -1;
        errno = EINTR;
    } else {
        ready = ppoll(fds, count, milliseconds < 0 ? NULL : &limit, &usual);
    }
    int error = errno;
    sigprocmask(SIG_SETMASK, &usual, NULL);
    if (ready == 0)
        return KEYBOARD_NOTHING;
    if (ready < 0)
        return error == EINTR ? KEYBOARD_SIGNAL : KEYBOARD_END;
    return KEYBOARD_BYTE;
}

enum keyboard_event keyboard_wait(int fd, int milliseconds)
{
    return wait_for(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, milliseconds);
}

/*
 * ^C makes the terminal forget what was typed before it, also what poll(2) has just promised. The line editor's
 * modes (VMIN is 0) keep read(2) from waiting then, after the signal has come; it looks like an end of file.
 */
static bool is_forgotten(const struct pollfd *keyboard)
{
    struct termios modes;

    return !(keyboard->revents & (POLLHUP | POLLERR)) && tcgetattr(keyboard->fd, &modes) == 0 &&
           !(modes.c_lflag & ICANON) && modes.c_cc[VMIN] == 0;
}

enum keyboard_event keyboard_read(unsigned char *byte, int milliseconds, int other)
{
    size_t one = 1;

    return keyboard_read_some(byte, &one, milliseconds, other);
}

enum keyboard_event keyboard_read_some(unsigned char *bytes, size_t *len, int milliseconds, int other)
{
    struct pollfd fds[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = other, .events = POLLIN}};
    const struct pollfd *keyboard = &fds[0];
    enum keyboard_event event = wait_for(fds, 2, milliseconds);

    if (event != KEYBOARD_BYTE)
        return event;
    if (!keyboard->revents)
        return KEYBOARD_OTHER;
    ssize_t n = read(STDIN_FILENO, bytes, *len);
    *len = n > 0 ? (size_t)n : 0;
    if (n > 0)
        return KEYBOARD_BYTE;
    if (n == 0)
        return is_forgotten(keyboard) ? KEYBOARD_SIGNAL : KEYBOARD_END;
    /* EAGAIN: a command has left O_NONBLOCK on the terminal and another reader was faster. */
    return errno == EINTR || errno == EAGAIN ? KEYBOARD_SIGNAL : KEYBOARD_END;
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
