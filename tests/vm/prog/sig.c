/*
 * sig.c - sig VERB [WORD]...: a program with handlers, masks, timers, and a terminal's modes. It says each
 * thing in a line.
 *
 *   count N SIGNAL...   handles them; "ready", "got S" for each; ends after N
 *   ignore SIGNAL...    ignores them; "ready"; copies its input
 *   read FLAGS          handles USR1 with these SA_ flags; "ready"; "read N" or "interrupted"
 *   mask                blocks USR1; "ready"; reads a line; "pending" if it came; "got 10" when it is let in
 *   timer N             N ticks of an interval timer
 *   alarm               sleeps until SIGALRM
 *   winch               the window's size now, and at each SIGWINCH; ends at INT
 *   keys                raw mode: each key's code, until q
 *   spin                "ready"; endless, INT and QUIT are ignored
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <termios.h>
#include <unistd.h>

static volatile sig_atomic_t came[65], total;

static void note(int signo)
{
    came[signo]++;
    total++;
}

static void handle(int signo, int flags)
{
    struct sigaction action = {.sa_handler = note, .sa_flags = flags};
    sigaction(signo, &action, NULL);
}

/* Waits, with no signal missed, and tells those that came. How many. */
static int tell_next(void)
{
    sigset_t all, old;
    int told;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &old);
    while (!total)
        sigsuspend(&old);
    for (int i = 1; i < 65; i++)
        for (; came[i]; came[i]--)
            printf("got %d\n", i);
    told = total;
    total = 0;
    sigprocmask(SIG_SETMASK, &old, NULL);
    return told;
}

static int do_count(char **words)
{
    int left = atoi(words[0]);
    for (char **w = words + 1; *w; w++)
        handle(atoi(*w), 0);
    puts("ready");
    while (left > 0)
        left -= tell_next();
    return 0;
}

static int copy_input(void)
{
    char buf[4096];
    ssize_t n;
    while ((n = read(0, buf, sizeof buf)) > 0)
        if (write(1, buf, (size_t)n) < 0)
            return 1;
    return n < 0;
}

static int do_ignore(char **words)
{
    for (; *words; words++)
        signal(atoi(*words), SIG_IGN);
    puts("ready");
    return copy_input();
}

static int do_read(char **words)
{
    char buf[100];
    ssize_t n;
    handle(SIGUSR1, atoi(words[0]) ? SA_RESTART : 0);
    puts("ready");
    n = read(0, buf, sizeof buf);
    if (n < 0 && errno == EINTR)
        puts("interrupted");
    else
        printf("read %zd after %d\n", n, (int)total);
    return 0;
}

static int do_mask(char **words)
{
    sigset_t one, pending;
    char buf[100];
    handle(SIGUSR1, 0);
    sigemptyset(&one);
    sigaddset(&one, SIGUSR1);
    sigprocmask(SIG_BLOCK, &one, NULL);
    puts("ready");
    if (read(0, buf, sizeof buf) < 0)
        return 1;
    sigpending(&pending);
    printf("%s, %d came\n", sigismember(&pending, SIGUSR1) ? "pending" : "nothing", (int)total);
    sigprocmask(SIG_UNBLOCK, &one, NULL);
    tell_next();
    return 0;
}

static int do_timer(char **words)
{
    struct itimerval interval = {{0, 20000}, {0, 20000}};
    handle(SIGALRM, 0);
    setitimer(ITIMER_REAL, &interval, NULL);
    for (int i = atoi(words[0]); i > 0; i--)
        tell_next();
    return 0;
}

static int do_alarm(char **words)
{
    handle(SIGALRM, 0);
    alarm(1);
    printf("%u left\n", sleep(60) > 50 ? 1u : 0u);
    return 0;
}

static int do_winch(char **words)
{
    struct winsize size;
    handle(SIGWINCH, 0);
    for (;;) {
        if (ioctl(0, TIOCGWINSZ, &size))
            return 1;
        printf("%d rows %d columns\n", size.ws_row, size.ws_col);
        tell_next();
    }
}

static int do_keys(char **words)
{
    struct termios before, raw;
    unsigned char key;
    if (tcgetattr(0, &before))
        return 1;
    raw = before;
    cfmakeraw(&raw);
    tcsetattr(0, TCSADRAIN, &raw);
    printf("up\r\n");
    while (read(0, &key, 1) == 1 && key != 'q')
        printf("key %d\r\n", key);
    tcsetattr(0, TCSADRAIN, &before);
    return 0;
}

static int do_spin(char **words)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    puts("ready");
    while (!total) /* for ever: nothing is handled */
        ;
    return 0;
}

static const struct {
    const char *name;
    int words;
    int (*run)(char **words);
} verbs[] = {
    {"count", 2, do_count}, {"ignore", 0, do_ignore}, {"read", 1, do_read},
    {"mask", 0, do_mask},   {"timer", 1, do_timer},   {"alarm", 0, do_alarm},
    {"winch", 0, do_winch}, {"keys", 0, do_keys},     {"spin", 0, do_spin},
};

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (argc > 1 && strcmp(verbs[i].name, argv[1]) == 0 && argc - 2 >= verbs[i].words)
            return verbs[i].run(argv + 2);
    fprintf(stderr, "sig: see the head of its source\n");
    return 2;
}
