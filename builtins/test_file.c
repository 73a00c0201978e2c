/* test_file.c - the primaries of test that look at files (XCU test). */
#include "builtins/test_file.h"
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool test_file_has(char letter)
{
    return strchr("bcdefghkprsuwxGLOS", letter) != NULL;
}

/* By the effective ids, which decide what a command could do. */
static bool may(const char *path, int mode)
{
    return faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0;
}

bool test_file(char letter, const char *path)
{
    struct stat status;
    if (letter == 'r' || letter == 'w' || letter == 'x')
        return may(path, letter == 'r' ? R_OK : letter == 'w' ? W_OK : X_OK);
    if (letter == 'h' || letter == 'L')
        return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
    if (stat(path, &status) != 0)
        return false;
    switch (letter) {
    case 'b':
        return S_ISBLK(status.st_mode);
    case 'c':
        return S_ISCHR(status.st_mode);
    case 'd':
        return S_ISDIR(status.st_mode);
    case 'f':
        return S_ISREG(status.st_mode);
    case 'g':
        return (status.st_mode & S_ISGID) != 0;
    case 'k':
        return (status.st_mode & S_ISVTX) != 0;
    case 'p':
        return S_ISFIFO(status.st_mode);
    case 's':
        return status.st_size > 0;
    case 'u':
        return (status.st_mode & S_ISUID) != 0;
    case 'G':
        return status.st_gid == getegid();
    case 'O':
        return status.st_uid == geteuid();
    case 'S':
        return S_ISSOCK(status.st_mode);
    default:
        return true; /* e: it exists */
    }
}

bool test_file_newer(const char *path, const char *other)
{
    struct stat a, b;
    if (stat(path, &a) != 0)
        return false;
    if (stat(other, &b) != 0)
        return true;
    if (a.st_mtim.tv_sec != b.st_mtim.tv_sec)
        return a.st_mtim.tv_sec > b.st_mtim.tv_sec;
    return a.st_mtim.tv_nsec > b.st_mtim.tv_nsec;
}

bool test_file_same(const char *path, const char *other)
{
    struct stat a, b;
    return stat(path, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool test_file_terminal(intmax_t descriptor)
{
    return descriptor >= 0 && descriptor <= INT_MAX && isatty((int)descriptor);
}
