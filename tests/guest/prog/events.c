/* events.c - eventfd, epoll, socket pairs. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "t.h"

static void counters(void)
{
    uint64_t v = 0;
    int fd = eventfd(3, EFD_NONBLOCK | EFD_CLOEXEC), semaphore = eventfd(2, EFD_SEMAPHORE);
    struct pollfd p = {fd, POLLIN | POLLOUT};
    t_check(fcntl(fd, F_GETFD) == FD_CLOEXEC && poll(&p, 1, 0) == 1 && p.revents == (POLLIN | POLLOUT),
            "eventfd");
    t_check(read(fd, &v, 8) == 8 && v == 3, "a read takes all");
    t_fails(read(fd, &v, 8), EAGAIN);
    t_check(poll(&p, 1, 0) == 1 && p.revents == POLLOUT, "and then there is nothing");
    v = 5;
    t_check(write(fd, &v, 8) == 8 && write(fd, &v, 8) == 8 && read(fd, &v, 8) == 8 && v == 10, "writes add");
    t_fails(write(fd, &v, 4), EINVAL);
    t_fails(read(fd, &v, 7), EINVAL);
    v = UINT64_MAX;
    t_fails(write(fd, &v, 8), EINVAL);
    v--;
    t_works(write(fd, &v, 8));
    v = 1;
    t_fails(write(fd, &v, 8), EAGAIN);
    t_check(read(semaphore, &v, 8) == 8 && v == 1 && read(semaphore, &v, 8) == 8 && v == 1,
            "a semaphore gives ones");
    close(fd);
    close(semaphore);
}

static void sets(void)
{
    int a[2], b[2], set = epoll_create1(EPOLL_CLOEXEC), file = open("/proc/self/exe", O_RDONLY);
    struct epoll_event e = {.events = EPOLLIN, .data.u64 = 0x123456789a}, got[4];
    pipe(a);
    pipe(b);
    t_works(epoll_ctl(set, EPOLL_CTL_ADD, a[0], &e));
    t_fails(epoll_ctl(set, EPOLL_CTL_ADD, a[0], &e), EEXIST);
    t_fails(epoll_ctl(set, EPOLL_CTL_MOD, b[0], &e), ENOENT);
    t_fails(epoll_ctl(set, EPOLL_CTL_DEL, b[0], &e), ENOENT);
    t_fails(epoll_ctl(set, EPOLL_CTL_ADD, file, &e), EPERM);
    t_fails(epoll_ctl(set, EPOLL_CTL_ADD, set, &e), EINVAL);
    t_fails(epoll_ctl(set, EPOLL_CTL_ADD, 99, &e), EBADF);
    t_fails(epoll_ctl(a[0], EPOLL_CTL_ADD, b[0], &e), EINVAL);
    t_fails(epoll_wait(set, got, 0, 0), EINVAL);
    t_check(epoll_wait(set, got, 4, 0) == 0 && epoll_wait(set, got, 4, 20) == 0, "nothing is ready");
    write(a[1], "x", 1);
    t_check(epoll_wait(set, got, 4, -1) == 1 && got[0].events == EPOLLIN && got[0].data.u64 == 0x123456789a,
            "what is ready comes with its data");
    e.events = EPOLLIN | EPOLLONESHOT;
    t_works(epoll_ctl(set, EPOLL_CTL_MOD, a[0], &e));
    t_check(epoll_wait(set, got, 4, 0) == 1 && epoll_wait(set, got, 4, 0) == 0, "one shot");
    t_works(epoll_ctl(set, EPOLL_CTL_MOD, a[0], &e));
    e.events = EPOLLIN;
    epoll_ctl(set, EPOLL_CTL_ADD, b[0], &e);
    write(b[1], "y", 1);
    t_check(epoll_wait(set, got, 1, 0) == 1 && epoll_wait(set, got, 4, 0) >= 1, "no more than asked for");
    close(b[0]);
    close(b[1]);
    t_works(epoll_ctl(set, EPOLL_CTL_DEL, a[0], NULL));
    t_check(epoll_wait(set, got, 4, 0) == 0, "what was closed or taken out is not in the set");
    pipe(b);
    t_works(epoll_ctl(set, EPOLL_CTL_ADD, b[0], &e));
    close(b[1]);
    t_check(epoll_wait(set, got, 4, 0) == 1 && got[0].events == EPOLLHUP,
            "an end is told without being asked for");
    close(b[0]);
    close(a[0]);
    close(a[1]);
    close(set);
    close(file);
}

static int the_set, late[2];

static void *adds_later(void *arg)
{
    struct timespec ms = {0, 20000000};
    struct epoll_event e = {.events = EPOLLIN};
    nanosleep(&ms, NULL);
    epoll_ctl(the_set, EPOLL_CTL_ADD, late[0], &e);
    nanosleep(&ms, NULL);
    write(late[1], "z", 1);
    return NULL;
}

static void on_signal(int signo)
{
}

static void waiting(void)
{
    pthread_t t;
    struct epoll_event got[1];
    sigset_t none;
    the_set = epoll_create(1);
    pipe(late);
    pthread_create(&t, NULL, adds_later, NULL);
    t_check(epoll_wait(the_set, got, 1, -1) == 1, "what is added during a wait ends it");
    pthread_join(t, NULL);
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGALRM, &action, NULL);
    close(late[0]);
    alarm(1);
    sigemptyset(&none);
    t_fails(epoll_pwait(the_set, got, 1, -1, &none), EINTR);
}

static void pairs(void)
{
    int s[2], type = 0, status;
    char buf[8] = "";
    socklen_t len = sizeof type;
    struct sockaddr_un name;
    struct stat st;
    static char much[300000];
    signal(SIGPIPE, SIG_IGN);
    t_works(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s));
    t_check(write(s[0], "ab", 2) == 2 && read(s[1], buf, 8) == 2 && send(s[1], "c", 1, 0) == 1 &&
                recv(s[0], buf, 8, 0) == 1 && buf[0] == 'c',
            "a pair carries bytes both ways");
    t_fails(recv(s[0], buf, 1, MSG_DONTWAIT), EAGAIN);
    t_check(fcntl(s[0], F_GETFL) == O_RDWR, "and that does not last");
    t_check(getsockopt(s[0], SOL_SOCKET, SO_TYPE, &type, &len) == 0 && type == SOCK_STREAM, "its type");
    len = sizeof name;
    t_check(getpeername(s[0], (struct sockaddr *)&name, &len) == 0 && len == 2 && name.sun_family == AF_UNIX,
            "its peer has no name");
    t_check(fstat(s[0], &st) == 0 && S_ISSOCK(st.st_mode), "it is a socket");
    struct pollfd p = {s[0], POLLIN | POLLOUT};
    t_check(poll(&p, 1, 0) == 1 && p.revents == POLLOUT, "it can be written");
    pid_t pid = fork();
    if (pid == 0) {
        close(s[0]);
        for (size_t n = 0; n < sizeof much;) {
            ssize_t r = write(s[1], much + n, sizeof much - n);
            if (r <= 0)
                _exit(1);
            n += r;
        }
        _exit(0);
    }
    shutdown(s[1], SHUT_RD);
    close(s[1]);
    size_t sum = 0;
    for (ssize_t n; (n = read(s[0], much, sizeof much)) > 0;)
        sum += n;
    waitpid(pid, &status, 0);
    t_check(sum == sizeof much && status == 0, "a parent and its child talk over it, to the end");
    t_check(poll(&p, 1, 0) == 1 && p.revents & POLLIN && p.revents & POLLHUP, "the end is told");
    t_fails(send(s[0], "x", 1, MSG_NOSIGNAL), EPIPE);
    close(s[0]);
    t_works(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    t_works(shutdown(s[0], SHUT_WR));
    t_check(read(s[1], buf, 1) == 0 && write(s[1], "q", 1) == 1 && read(s[0], buf, 1) == 1,
            "one way can be shut");
    t_fails(write(s[0], "x", 1), EPIPE);
    t_fails(getsockname(0, (struct sockaddr *)&name, &len), ENOTSOCK);
    t_fails(listen(77, 1), EBADF);
    t_fails(socket(AF_UNIX, SOCK_STREAM, 0), EAFNOSUPPORT);
    t_fails(socketpair(AF_INET, SOCK_STREAM, 0, s), EOPNOTSUPP);
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    counters();
    sets();
    waiting();
    pairs();
    return t_failed;
}
