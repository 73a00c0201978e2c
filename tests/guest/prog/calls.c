/* calls.c - files, directories, descriptors, times: what a C program expects of Linux. cwd: an empty
 * directory. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>

#include "arch.h"
#include "t.h"

static void files(void)
{
    struct stat st;
    char buf[64], cwd[4096];
    int fd = open("f", O_RDWR | O_CREAT | O_EXCL, 0640);
    t_check(fd >= 3, "a file is made");
    t_fails(open("f", O_RDWR | O_CREAT | O_EXCL, 0640), EEXIST);
    t_check(write(fd, "hello world", 11) == 11, "write");
    t_check(lseek(fd, 6, SEEK_SET) == 6 && read(fd, buf, 5) == 5 && !memcmp(buf, "world", 5),
            "seek and read");
    t_check(lseek(fd, -5, SEEK_END) == 6 && lseek(fd, 1, SEEK_CUR) == 7, "seek from the end and from here");
    t_fails(lseek(fd, -100, SEEK_SET), EINVAL);
    t_check(pread(fd, buf, 5, 0) == 5 && !memcmp(buf, "hello", 5) && lseek(fd, 0, SEEK_CUR) == 7, "pread");
    t_check(pwrite(fd, "J", 1, 0) == 1, "pwrite");
    struct iovec iov[2] = {{buf, 3}, {buf + 10, 3}};
    lseek(fd, 0, SEEK_SET);
    t_check(readv(fd, iov, 2) == 6 && !memcmp(buf, "Jel", 3) && !memcmp(buf + 10, "lo ", 3), "readv");
    t_check(fstat(fd, &st) == 0 && st.st_size == 11 && (st.st_mode & 0777) == 0640 && S_ISREG(st.st_mode),
            "fstat");
    t_works(ftruncate(fd, 4));
    t_check(stat("f", &st) == 0 && st.st_size == 4, "ftruncate");
    t_works(fsync(fd));
    t_works(flock(fd, LOCK_EX | LOCK_NB));
    t_works(fchmod(fd, 0600));
    struct timespec times[2] = {{1000, 5}, {2000, 7}};
    t_works(futimens(fd, times));
    t_check(stat("f", &st) == 0 && st.st_mtime == 2000 && st.st_mtim.tv_nsec == 7 &&
                (st.st_mode & 0777) == 0600,
            "chmod and utimens show");
    t_fails(read(99, buf, 1), EBADF);
    int ro = open("f", O_RDONLY);
    t_fails(write(ro, "x", 1), EBADF);
    t_fails(open("f/x", O_RDONLY), ENOTDIR);
    t_fails(open("nope/x", O_RDONLY), ENOENT);
    t_fails(open("", O_RDONLY), ENOENT);
    t_fails(open("f", O_DIRECTORY), ENOTDIR);
    t_fails(open(".", O_WRONLY), EISDIR);
    t_fails(mkdir(".", 0777), EEXIST);
    t_fails(rmdir("."), EINVAL);
    char longname[300];
    memset(longname, 'n', 299), longname[299] = 0;
    t_fails(open(longname, O_RDONLY), ENAMETOOLONG);
    t_works(link("f", "g"));
    t_check(stat("g", &st) == 0 && st.st_nlink == 2, "link");
    t_works(symlink("g", "s"));
    t_check(readlink("s", buf, 64) == 1 && buf[0] == 'g', "readlink");
    t_check(lstat("s", &st) == 0 && S_ISLNK(st.st_mode), "lstat");
    t_check(stat("s", &st) == 0 && S_ISREG(st.st_mode), "stat follows");
    t_fails(open("s", O_NOFOLLOW), ELOOP);
    t_works(symlink("loop", "loop"));
    t_fails(open("loop", O_RDONLY), ELOOP);
    t_works(mkdir("d", 0755));
    t_works(symlink("../f", "d/up"));
    t_works(access("d/up", R_OK));
    t_works(symlink("d", "dl"));
    t_works(access("dl/up", R_OK));
    t_works(access("dl/../f", R_OK));
    t_works(rename("g", "d/h"));
    t_fails(unlink("d"), EISDIR);
    t_fails(rmdir("d"), ENOTEMPTY);
    t_works(chdir("dl"));
    t_check(getcwd(cwd, sizeof cwd) && strcmp(strrchr(cwd, '/'), "/d") == 0, "getcwd after chdir by a link");
    t_works(access("h", F_OK));
    t_works(chdir(".."));
    int dir = open("d", O_RDONLY | O_DIRECTORY);
    t_check(openat(dir, "h", O_RDONLY) >= 0, "openat");
    t_fails(openat(fd, "h", O_RDONLY), ENOTDIR);
    t_fails(getxattr("f", "user.x", buf, 10), EOPNOTSUPP);
    struct statfs fs;
    t_works(statfs(".", &fs));
    int append = open("f", O_WRONLY | O_APPEND);
    t_check(write(append, "++", 2) == 2 && stat("f", &st) == 0 && st.st_size == 6, "O_APPEND appends");
    t_works(mkfifo("fifo", 0600));
    t_check(stat("fifo", &st) == 0 && S_ISFIFO(st.st_mode), "mkfifo");
    struct rlimit small = {100, RLIM_INFINITY}, inf = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &small);
    lseek(fd, 95, SEEK_SET);
    t_check(write(fd, "0123456789", 10) == 5, "RLIMIT_FSIZE cuts a write");
    setrlimit(RLIMIT_FSIZE, &inf);
}

static void directory(void)
{
    mkdir("many", 0755);
    char name[64];
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "many/a-rather-long-file-name-%03d", i);
        close(open(name, O_CREAT | O_WRONLY, 0644));
    }
    DIR *d = opendir("many");
    int n = 0, dots = 0;
    for (struct dirent *e; (e = readdir(d)) != 0;)
        e->d_name[0] == '.' ? dots++ : (n += e->d_type == DT_REG);
    t_check(n == 300 && dots == 2, "readdir lists all of a large directory");
    rewinddir(d);
    t_check(readdir(d) != 0, "rewinddir");
    closedir(d);
}

static void descriptors(void)
{
    int p[2], q;
    char buf[70000];
    t_works(pipe2(p, O_CLOEXEC));
    t_check(fcntl(p[0], F_GETFD) == FD_CLOEXEC, "O_CLOEXEC");
    t_works(fcntl(p[0], F_SETFL, O_NONBLOCK));
    t_fails(read(p[0], buf, 1), EAGAIN);
    fcntl(p[1], F_SETFL, O_NONBLOCK);
    t_check(write(p[1], buf, sizeof buf) == 65536, "a pipe holds 64 KiB");
    t_fails(write(p[1], buf, 1), EAGAIN);
    t_check(read(p[0], buf, sizeof buf) == 65536, "and gives them back");
    struct pollfd fds[2] = {{p[0], POLLIN, 0}, {p[1], POLLOUT, 0}};
    t_check(poll(fds, 2, 0) == 1 && fds[1].revents == POLLOUT, "poll");
    t_check((q = dup(p[1])) > p[1] && dup2(p[1], 40) == 40 && write(40, "x", 1) == 1, "dup and dup2");
    close(40), close(q), close(p[1]);
    t_check(read(p[0], buf, 10) == 1 && read(p[0], buf, 10) == 0, "end of file when all writers are closed");
    t_fails(dup2(99, 3), EBADF);
    t_fails(fcntl(99, F_GETFD), EBADF);
    t_fails(lseek(p[0], 0, SEEK_CUR), ESPIPE);
    int in = open("f", O_RDONLY), out = open("copy", O_RDWR | O_CREAT, 0600);
    off_t off = 1;
    t_check(sendfile(out, in, &off, 3) == 3 && off == 4 && lseek(out, 0, SEEK_CUR) == 3, "sendfile");
    t_check(open("/dev/full", O_WRONLY) >= 0, "/dev/full opens");
    t_fails(write(open("/dev/full", O_WRONLY), "x", 1), ENOSPC);
    t_check(read(open("/dev/null", O_RDONLY), buf, 1) == 0, "/dev/null is empty");
    t_check(read(open("/dev/urandom", O_RDONLY), buf, 100) == 100, "/dev/urandom");
    t_check(open("/dev/fd/1", O_WRONLY) >= 0, "/dev/fd/1");
    t_fails(open("/proc/1/environ", O_RDONLY), ENOENT);
    struct rlimit few = {10, 4096};
    setrlimit(RLIMIT_NOFILE, &few);
    int fd;
    while ((fd = dup(1)) >= 0)
        ;
    t_check(errno == EMFILE, "RLIMIT_NOFILE holds");
}

static void copies(void)
{
    char buf[64];
    struct stat st;
    static char big[300000];
    for (size_t i = 0; i < sizeof big; i++)
        big[i] = (char)(i * 7 + i / 251);
    int in = open("from", O_RDWR | O_CREAT | O_TRUNC, 0600),
        out = open("to", O_RDWR | O_CREAT | O_TRUNC, 0600);
    for (ssize_t n, done = 0; done < (ssize_t)sizeof big; done += n)
        if ((n = write(in, big + done, sizeof big - (size_t)done)) <= 0)
            t_check(0, "a file to copy"), exit(1);
    off_t from = 5, to = 100;
    t_check(copy_file_range(in, &from, out, &to, 20, 0) == 20 && from == 25 && to == 120, "copy_file_range");
    t_check(lseek(in, 0, SEEK_CUR) == sizeof big && lseek(out, 0, SEEK_CUR) == 0, "by offsets alone");
    t_check(pread(out, buf, 64, 90) == 30 && !buf[9] && memcmp(buf + 10, big + 5, 20) == 0,
            "what was asked for");
    lseek(in, 0, SEEK_SET);
    t_check(copy_file_range(in, 0, out, 0, SSIZE_MAX, 0) == sizeof big, "all of it");
    t_check(lseek(in, 0, SEEK_CUR) == sizeof big && lseek(out, 0, SEEK_CUR) == sizeof big,
            "both go on behind it");
    t_check(copy_file_range(in, 0, out, 0, 1000, 0) == 0, "then nothing");
    char *copy = mmap(0, sizeof big, PROT_READ, MAP_PRIVATE, out, 0);
    t_check(copy != MAP_FAILED && memcmp(copy, big, sizeof big) == 0, "byte for byte");
    from = 0, to = 10;
    t_check(copy_file_range(in, &from, in, &to, 10, 0) == 10, "within a file");
    from = 0, to = 9;
    t_fails(copy_file_range(in, &from, in, &to, 10, 0), EINVAL);
    from = -100;
    t_fails(copy_file_range(in, &from, out, 0, 10, 0), EINVAL);
    from = -1;
    t_fails(copy_file_range(in, &from, out, 0, 10, 0), EOVERFLOW);
    t_fails(copy_file_range(in, 0, out, 0, 10, 1), EINVAL);
    t_fails(copy_file_range(in, (off_t *)8, out, 0, 10, 0), EFAULT);
    t_fails(copy_file_range(99, 0, out, 0, 10, 0), EBADF);
    int reader = open("to", O_RDONLY), appends = open("to", O_WRONLY | O_APPEND), dir = open(".", O_RDONLY),
        p[2];
    t_fails(copy_file_range(in, 0, reader, 0, 10, 0), EBADF);
    t_fails(copy_file_range(appends, 0, in, 0, 10, 0), EBADF);
    t_fails(copy_file_range(in, 0, appends, 0, 10, 0), EBADF);
    t_fails(copy_file_range(dir, 0, out, 0, 10, 0), EISDIR);
    t_works(pipe(p));
    t_fails(copy_file_range(in, 0, p[1], 0, 10, 0), EINVAL);
    t_check(fstat(out, &st) == 0 && st.st_size == sizeof big, "what was refused has changed nothing");
    close(in), close(out), close(reader), close(appends), close(dir), close(p[0]), close(p[1]);
}

/* /proc/self is a link to the process's directory, a fork's own in a fork. */
static void proc_self(void)
{
    struct stat link, by_name, by_pid;
    char name[32], pid[32], text[32], real[4096];
    snprintf(pid, sizeof pid, "%d", getpid());
    snprintf(name, sizeof name, "/proc/%s", pid);
    ssize_t n = readlink("/proc/self", text, sizeof text);
    t_check(n == (ssize_t)strlen(pid) && memcmp(text, pid, (size_t)n) == 0, "/proc/self leads to PID");
    t_check(readlink("/proc/self", text, 1) == 1 && text[0] == pid[0], "a short buffer gets its beginning");
    t_check(lstat("/proc/self", &link) == 0 && S_ISLNK(link.st_mode), "it is a link");
    t_check(stat("/proc/self", &by_name) == 0 && S_ISDIR(by_name.st_mode), "to a directory");
    t_check(lstat("/proc/self/", &link) == 0 && S_ISDIR(link.st_mode), "which a slash asks for");
    t_check(stat(name, &by_pid) == 0 && by_pid.st_ino == by_name.st_ino, "that of PID");
    t_check(realpath("/proc/self/comm", real) && strncmp(real, name, strlen(name)) == 0, "realpath");
    t_fails(readlink("/proc/self/", text, sizeof text), EINVAL);
    t_fails(readlink(name, text, sizeof text), EINVAL);
    t_fails(open("/proc/self", O_RDONLY | O_NOFOLLOW), ELOOP);
    t_fails(open("/proc/self", O_RDONLY | O_NOFOLLOW | O_DIRECTORY), ENOTDIR);
    t_fails(open("/proc/self", O_WRONLY), EISDIR);
    t_fails(unlink("/proc/self"), EACCES);
    int self = open("/proc/self", O_RDONLY | O_DIRECTORY);
    t_check(self >= 0 && faccessat(self, "comm", R_OK, 0) == 0, "opened, it is the directory");
    int cwd = open("/proc/self/cwd", O_RDONLY | O_DIRECTORY);
    t_check(cwd >= 0 && fstat(cwd, &by_name) == 0 && stat(".", &by_pid) == 0 &&
                by_name.st_ino == by_pid.st_ino,
            "/proc/self/cwd is a directory to open");
    t_fails(open("/proc/self/exe", O_RDONLY | O_DIRECTORY), ENOTDIR);
    close(self), close(cwd);
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        n = readlink("/proc/self", text, sizeof text - 1);
        text[n > 0 ? n : 0] = '\0';
        _exit(atoi(text) != getpid());
    }
    t_check(waitpid(child, &status, 0) == child && status == 0, "a fork's is its own");
}

static void system_calls(void)
{
    struct timespec a, b, nap = {0, 20000000};
    clock_gettime(CLOCK_MONOTONIC, &a);
    t_works(nanosleep(&nap, 0));
    clock_gettime(CLOCK_MONOTONIC, &b);
    double d = (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec);
    t_check(d >= 0.02, "nanosleep sleeps as long as it was told");
    clock_gettime(CLOCK_REALTIME, &a);
    t_check(a.tv_sec > 1700000000 && labs(a.tv_sec - time(0)) <= 1, "the date is the host's");
    struct rusage ru;
    for (volatile int i = 0; i < 3000000; i++)
        ;
    t_check(getrusage(RUSAGE_SELF, &ru) == 0 && ru.ru_utime.tv_sec * 1000000 + ru.ru_utime.tv_usec > 1000,
            "CPU time is counted");
    struct tms tms;
    t_check(times(&tms) != -1, "times");
    struct utsname u;
    t_check(uname(&u) == 0 && !strcmp(u.nodename, "testhost") && !strcmp(u.machine, ARCH_NAME), "uname");
    struct sysinfo si;
    t_check(sysinfo(&si) == 0 && si.totalram > 0 && si.procs == 1, "sysinfo");
    t_fails(wait(0), ECHILD);
    t_check(getpid() == 4242 && getuid() == 0, "identity is what EXEC said");
    t_check(umask(077) == 022 && umask(022) == 077, "umask");
    t_check(sysconf(_SC_NPROCESSORS_ONLN) >= 1, "sysconf");
    t_check(sbrk(1 << 20) != (void *)-1, "brk");
    char *big = malloc(64 << 20);
    t_check(big != 0, "64 MiB of memory");
    memset(big, 1, 64 << 20);
    free(big);
}

int main(void)
{
    setvbuf(stdout, 0, _IOLBF, 0);
    files();
    directory();
    copies();
    proc_self();
    system_calls();
    descriptors();
    return t_failed;
}
