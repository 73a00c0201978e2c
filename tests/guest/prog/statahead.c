/*
 * statahead.c - attributes of the current directory's entries, asked for one after the other.
 *
 * pass STOP   of all of them, again and again until STOP is there; then they are told
 * again STOP PATH  of PATH, fifty times after each reading of the directory, until STOP is there; then it is told, and after each of
 *             some things that this program does to it
 * own         what this program itself does to an entry is seen
 * news        what somebody else has done to it is, after a byte has come by standard input
 */
#include "t.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char names[512][64];
static int count;

/* The names of the current directory, in the order in which they are told. */
static void list(void)
{
    DIR *d = opendir(".");
    struct dirent *e;
    count = 0;
    while ((e = readdir(d)) != NULL && count < 512)
        if (e->d_name[0] != '.')
            strcpy(names[count++], e->d_name);
    closedir(d);
}

static void print(const char *name, const struct stat *st, const char *how)
{
    printf("%s %s %o %ld %lu %lu\n", how, name, st->st_mode, (long)st->st_size, (unsigned long)st->st_nlink,
           (unsigned long)st->st_ino);
}

/* All entries, again and again until somebody makes `stop`: then they are told. */
static void pass(const char *stop)
{
    struct stat st;
    while (access(stop, F_OK) != 0) {
        list();
        for (int i = 0; i < count; i++)
            lstat(names[i], &st);
    }
    list();
    for (int i = 0; i < count; i++)
        if (lstat(names[i], &st) == 0)
            print(names[i], &st, "lstat");
    list();
    for (int i = 0; i < count; i++)
        if (stat(names[i], &st) == 0)
            print(names[i], &st, "stat");
        else
            printf("stat %s error %d\n", names[i], errno);
    list();
    int dir = open(".", O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < count; i++)
        if (fstatat(dir, names[i], &st, AT_SYMLINK_NOFOLLOW) == 0)
            print(names[i], &st, "fstatat");
}

static void again(const char *stop, const char *path)
{
    struct stat st;
    while (access(stop, F_OK) != 0) {
        list();
        for (int i = 0; i < 50; i++)
            stat(path, &st);
    }
    int fd = open(path, O_RDWR);
    stat(path, &st);
    pwrite(fd, "hello", 5, 0);
    t_check(stat(path, &st) == 0 && st.st_size == 5, "it was written to");
    chmod(path, 0604);
    t_check(stat(path, &st) == 0 && (st.st_mode & 07777) == 0604, "it has another mode");
    t_check(lstat(path, &st) == 0 && S_ISLNK(st.st_mode), "the link is another file");
    t_check(stat(path, &st) == 0 && S_ISREG(st.st_mode), "than where it leads");
    unlink(path);
    t_check(stat(path, &st) == -1 && errno == ENOENT, "it is gone");
}

/* Its attributes have come along with those of another entry. */
static const char *come_along(int i)
{
    struct stat st;
    for (int again = 0; again < 3; again++) { /* so that it is found to be worth while */
        list();
        for (int n = 0; n < count; n++)
            lstat(names[n], &st);
    }
    list();
    lstat(names[i - 1], &st);
    return names[i];
}

static void own(void)
{
    struct stat st;
    list();
    const char *name = names[1];
    int fd = open(name, O_RDWR);

    name = come_along(1);
    pwrite(fd, "hello", 5, 0);
    t_check(lstat(name, &st) == 0 && st.st_size == 5, "it was written to");
    name = come_along(1);
    ftruncate(fd, 3);
    t_check(lstat(name, &st) == 0 && st.st_size == 3, "it was made shorter");
    name = come_along(1);
    chmod(name, 0601);
    t_check(lstat(name, &st) == 0 && (st.st_mode & 07777) == 0601, "it has another mode");
    name = come_along(1);
    link(name, "../linked");
    t_check(lstat(name, &st) == 0 && st.st_nlink == 2, "it has a second name");
    name = come_along(1);
    unlink("../linked");
    t_check(lstat(name, &st) == 0 && st.st_nlink == 1, "and lost it");
    name = come_along(1);
    if (fork() == 0) {
        pwrite(fd, "by a child", 10, 0);
        _exit(0);
    }
    wait(NULL);
    t_check(lstat(name, &st) == 0 && st.st_size == 10, "a child has written to it");
    name = come_along(1);
    unlink(name);
    t_check(lstat(name, &st) == -1 && errno == ENOENT, "it is gone");
    name = come_along(2);
    rename(name, "other");
    t_check(lstat(name, &st) == -1 && errno == ENOENT && lstat("other", &st) == 0, "it has another name");
    name = come_along(2);
    unlink(name), mkdir(name, 0700);
    t_check(lstat(name, &st) == 0 && S_ISDIR(st.st_mode), "it is a directory");
    name = come_along(3);
    mkdir("../elsewhere", 0700);
    chdir("../elsewhere");
    t_check(lstat(name, &st) == -1 && errno == ENOENT, "it is not in another directory");
}

static void news(void)
{
    struct stat st;
    char byte;
    const char *name = come_along(1);
    read(0, &byte, 1);
    t_check(lstat(name, &st) == 0 && st.st_size == 4242, "what was changed by somebody else before that");
}

int main(int argc, char **argv)
{
    if (!strcmp(argv[1], "pass"))
        pass(argv[2]);
    else if (!strcmp(argv[1], "again"))
        again(argv[2], argv[3]);
    else if (!strcmp(argv[1], "own"))
        own();
    else
        news();
    return t_failed;
}
