/* cwd.c - pathnames of the working directory. */
#include "builtins/cwd.h"
#include "shell/var.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_dot(const char *component, size_t len)
{
    return len == 1 && component[0] == '.';
}

static bool is_dot_dot(const char *component, size_t len)
{
    return len == 2 && component[0] == '.' && component[1] == '.';
}

static bool has_dots(const char *path)
{
    while (*path) {
        path += strspn(path, "/");
        size_t len = strcspn(path, "/");
        if (is_dot(path, len) || is_dot_dot(path, len))
            return true;
        path += len;
    }
    return false;
}

int cwd_open(const char *path)
{
    char piece[PATH_MAX];
    int fd = AT_FDCWD;

    while (*path) {
        size_t len = strlen(path);
        if (len >= sizeof piece) /* to the last slash that fits */
            for (len = sizeof piece - 1; len > 1 && path[len - 1] != '/'; len--)
                ;
        memcpy(piece, path, len);
        piece[len] = '\0';
        int next = openat(fd, piece, O_PATH | O_DIRECTORY | O_CLOEXEC);
        int error = errno;
        if (fd >= 0)
            close(fd);
        if (next < 0) {
            errno = error;
            return -1;
        }
        fd = next;
        path += len;
        path += strspn(path, "/");
    }
    return fd;
}

/* stat(2) of a directory, however long its pathname is; 0 or errno. */
static int stat_directory(const char *path, struct stat *st)
{
    if (stat(path, st) == 0)
        return S_ISDIR(st->st_mode) ? 0 : ENOTDIR;
    if (errno != ENAMETOOLONG)
        return errno;
    int fd = cwd_open(path);
    if (fd < 0)
        return errno;
    int error = fstat(fd, st) != 0 ? errno : 0;
    close(fd);
    return error;
}

const char *cwd_logical(struct shell *sh)
{
    const char *pwd = var_get_name(sh, "PWD");
    struct stat here, there;

    if (!pwd || pwd[0] != '/' || has_dots(pwd))
        return NULL;
    if (stat(".", &here) != 0 || stat_directory(pwd, &there) != 0)
        return NULL;
    return here.st_dev == there.st_dev && here.st_ino == there.st_ino ? pwd : NULL;
}

char *cwd_physical(void)
{
    char *path = getcwd(NULL, 0);

    /* Linux says "(unreachable)/..." for a directory outside the root: no pathname at all. */
    if (path && path[0] != '/') {
        free(path);
        errno = ENOENT;
        return NULL;
    }
    return path;
}

/* errno unless the pathname that ends at end names a directory. */
static int must_be_directory(char *path, char *end)
{
    struct stat st;
    char saved = *end;

    *end = '\0';
    int error = stat_directory(path, &st);
    if (error == 0)
        *end = saved;
    return error;
}

int cwd_canonicalize(char *path)
{
    /* Two leading slashes stay (XBD 4.16: implementation-defined, and on Linux the root), three are one. */
    char *root = path + (path[1] == '/' && path[2] != '/' ? 2 : 1);
    char *out = root;

    for (const char *in = root + strspn(root, "/"); *in; in += strspn(in, "/")) {
        size_t len = strcspn(in, "/");
        if (is_dot_dot(in, len)) {
            if (out > root) {
                /* What follows is read from in, which is always behind out: writing a NUL at out is safe. */
                int error = must_be_directory(path, out);
                if (error != 0)
                    return error;
                while (out > root && *--out != '/')
                    ;
            }
        } else if (!is_dot(in, len)) {
            if (out > root)
                *out++ = '/';
            memmove(out, in, len);
            out += len;
        }
        in += len;
    }
    *out = '\0';
    return 0;
}
