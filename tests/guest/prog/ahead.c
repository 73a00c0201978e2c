/*
 * ahead.c - small reads one behind the other, and what happens in between.
 *
 * pass DATA STOP   reads DATA, whose byte n is n % 251, by 512 bytes to its end, again and again until STOP is there
 * own DATA LINK    DATA is 64 KiB of 'a', LINK another name of it: what this program itself does to the file is seen
 * news KIND DATA OTHER  reads a part of DATA, then does what KIND says; from then on DATA has 'N's, to its new end
 */
#include "t.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define PIECE 512

static char buf[PIECE];

static int all(int c)
{
    for (int i = 0; i < PIECE; i++)
        if (buf[i] != c)
            return 0;
    return 1;
}

/* At position 8 * PIECE of it, with more read than that. */
static int begin(const char *data)
{
    int fd = open(data, O_RDONLY);
    for (int i = 0; i < 8; i++)
        if (read(fd, buf, PIECE) != PIECE)
            return -1;
    return fd;
}

static void pass(const char *data, const char *stop)
{
    long passes = 0, wrong = 0, size = 0;
    while (access(stop, F_OK) != 0) {
        long at = 0, n;
        int fd = open(data, O_RDONLY);
        while ((n = read(fd, buf, PIECE)) > 0)
            for (long i = 0; i < n; i++, at++)
                wrong += (unsigned char)buf[i] != at % 251;
        close(fd);
        wrong += n != 0 || (size && at != size);
        size = at;
        passes++;
    }
    printf("%ld bytes\n", size);
    t_check(passes && !wrong, "all bytes, in their order");
}

static void refill(int fd)
{
    memset(buf, 'a', PIECE);
    for (int i = 0; i < 128; i++)
        pwrite(fd, buf, PIECE, i * PIECE);
}

static void fill(int c)
{
    memset(buf, c, PIECE);
}

static void own(const char *data, const char *link)
{
    int w = open(data, O_RDWR), l = open(link, O_WRONLY), a = open(data, O_WRONLY | O_APPEND), fd, d, status, ends[2];
    struct stat st;

    fd = begin(data);
    fill('1');
    pwrite(w, buf, PIECE, 8 * PIECE);
    t_check(read(fd, buf, PIECE) == PIECE && all('1'), "another descriptor has written");
    close(fd);

    refill(w);
    fd = begin(data);
    fill('2');
    pwrite(l, buf, PIECE, 8 * PIECE);
    t_check(read(fd, buf, PIECE) == PIECE && all('2'), "another name's descriptor has written");
    close(fd);

    refill(w);
    fd = begin(data);
    ftruncate(w, 8 * PIECE);
    t_check(read(fd, buf, PIECE) == 0, "it was made shorter");
    fill('3');
    write(a, buf, PIECE);
    t_check(read(fd, buf, PIECE) == PIECE && all('3'), "something was appended");
    t_check(read(fd, buf, PIECE) == 0, "and is the end");
    write(a, buf, 100);
    t_check(read(fd, buf, PIECE) == 100, "for as long as nothing more is");
    truncate(link, 4 * PIECE);
    t_check(read(fd, buf, PIECE) == 0 && fstat(fd, &st) == 0 && st.st_size == 4 * PIECE, "made shorter by its name");
    close(fd);

    refill(w);
    fd = begin(data);
    d = dup(fd);
    t_check(read(d, buf, PIECE) == PIECE && lseek(fd, 0, SEEK_CUR) == 9 * PIECE, "a copy of the descriptor reads on");
    fill('4');
    pwrite(w, buf, PIECE, 2 * PIECE);
    lseek(d, 2 * PIECE, SEEK_SET);
    t_check(read(fd, buf, PIECE) == PIECE && all('4'), "back to what was written since");
    close(fd), close(d);

    refill(w);
    fd = begin(data);
    char *map = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, w, 0);
    read(fd, buf, PIECE);
    memset(map + 9 * PIECE, '5', PIECE);
    t_check(read(fd, buf, PIECE) == PIECE && all('5'), "a mapping has written");
    munmap(map, 65536);
    close(fd);

    refill(w);
    fd = begin(data);
    if (fork() == 0) {
        fill('6');
        pwrite(w, buf, PIECE, 8 * PIECE);
        _exit(0);
    }
    wait(&status);
    t_check(read(fd, buf, PIECE) == PIECE && all('6'), "a child has written");
    close(fd);

    refill(w);
    fd = begin(data);
    pipe(ends);
    if (fork() == 0) {
        fill('7');
        pwrite(w, buf, PIECE, 8 * PIECE);
        write(ends[1], "", 1);
        _exit(0);
    }
    read(ends[0], buf, 1);
    t_check(read(fd, buf, PIECE) == PIECE && all('7'), "a child that says so by a pipe has written");
    t_check(read(fd, buf, 100) == 100 && read(fd, buf + 100, PIECE - 100) == PIECE - 100 && all('a'), "no byte twice or not");
    t_check(read(fd, (char *)8, PIECE) == -1 && errno == EFAULT && read(fd, buf, PIECE) == PIECE && all('a') &&
                lseek(fd, 0, SEEK_CUR) == 11 * PIECE, "a bad address costs nothing");
    wait(&status);
}

/* What came with an open(2) is told by an fstat(2) behind it, unless something is different by then. */
static void own_stat(const char *data, const char *link)
{
    int w = open(data, O_RDWR), l = open(link, O_WRONLY), fd = open(data, O_RDONLY), made;
    struct stat st;
    char name[4096];

    t_check(fstat(fd, &st) == 0 && st.st_size == 128 * PIECE && st.st_nlink == 2, "it is what it was when it was opened");
    pwrite(l, buf, PIECE, 128 * PIECE);
    t_check(fstat(fd, &st) == 0 && st.st_size == 129 * PIECE, "it grew by another name");
    close(fd);
    fd = open(data, O_RDONLY);
    ftruncate(w, 5);
    t_check(fstat(fd, &st) == 0 && st.st_size == 5, "it was made shorter");
    close(fd);
    fd = open(data, O_RDONLY);
    chmod(link, 0601);
    t_check(fstat(fd, &st) == 0 && (st.st_mode & 07777) == 0601, "its mode is another");
    close(fd);
    fd = open(data, O_RDWR | O_TRUNC);
    t_check(fstat(fd, &st) == 0 && st.st_size == 0, "its opening has emptied it");
    write(fd, buf, 3);
    t_check(fstat(fd, &st) == 0 && st.st_size == 3, "it was written to by itself");
    close(fd);
    snprintf(name, sizeof name, "%s-new", data);
    fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0604);
    made = open(name, O_WRONLY | O_CREAT, 0777);
    t_check(fd >= 0 && made >= 0 && open(name, O_RDWR | O_CREAT | O_EXCL, 0604) == -1 && errno == EEXIST, "it is made once");
    write(made, buf, 7);
    t_check(fstat(fd, &st) == 0 && st.st_size == 7 && st.st_mode == (S_IFREG | 0604), "a new one was written to");
    unlink(name);
    t_check(fstat(fd, &st) == 0 && st.st_nlink == 0 && stat(name, &st) == -1 && errno == ENOENT, "it has no name any more");
    if (fork() == 0) {
        pwrite(w, buf, PIECE, 0);
        _exit(0);
    }
    wait(NULL);
    fd = open(data, O_RDONLY);
    t_check(fstat(fd, &st) == 0 && st.st_size == PIECE, "a child has written");
}

static volatile sig_atomic_t caught;

static void catch(int signo)
{
    caught = 1;
}

/* stats: of what an open has told, else of what was read ahead. */
static void news(const char *kind, const char *data, const char *other, int stats)
{
    struct stat st;
    int o = open(other, O_RDONLY), fd = begin(data), fresh = stats ? open(data, O_RDONLY) : -1;
    long n, size = 0;

    signal(SIGUSR1, catch);
    if (!strcmp(kind, "file"))
        pread(o, buf, 1, 0);
    else if (!strcmp(kind, "open"))
        open(other, O_RDONLY);
    else if (!strcmp(kind, "stat"))
        stat(other, &st);
    else if (!strcmp(kind, "pipe"))
        read(0, buf, 1);
    else {
        write(2, "r", 1);
        while (!caught)
            ;
    }
    if (stats)
        t_check(fstat(fresh, &st) == 0 && st.st_size == 256 * PIECE, "what it is then is new");
    else
        t_check(read(fd, buf, PIECE) == PIECE && all('N'), "what is read then is new");
    while ((n = read(fd, buf, PIECE)) > 0)
        size += n;
    printf("%ld\n", 9 * PIECE + size);
}

int main(int argc, char **argv)
{
    if (!strcmp(argv[1], "pass"))
        pass(argv[2], argv[3]);
    else if (!strcmp(argv[1], "own"))
        own(argv[2], argv[3]);
    else if (!strcmp(argv[1], "stat"))
        own_stat(argv[2], argv[3]);
    else
        news(argv[2], argv[3], argv[4], argc > 5);
    return t_failed;
}
