/* parcel.c - see parcel.h. */
#include "parcel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static char letter_of(const struct limit_entry *e)
{
    return e->below ? (e->readonly ? 'r' : 'd') : e->readonly ? 'n' : 'e';
}

static size_t measure(const struct limit *limit, char *const envp[])
{
    size_t size = 1;
    for (unsigned i = 0; i < limit->count; i++)
        size += strlen(limit->entry[i].path) + 2;
    for (; *envp; envp++)
        size += strlen(*envp) + 1;
    return size;
}

static void fill(char *at, const struct limit *limit, char *const envp[])
{
    for (unsigned i = 0; i < limit->count; i++) {
        *at++ = letter_of(&limit->entry[i]);
        at = stpcpy(at, limit->entry[i].path) + 1;
    }
    *at++ = '\0';
    for (; *envp; envp++)
        at = stpcpy(at, *envp) + 1;
}

static int write_all(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno != EINTR)
            return -errno;
        bytes += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

int parcel_pack(const struct limit *limit, char *const envp[])
{
    size_t size = measure(limit, envp);
    char *bytes = malloc(size);
    int fd = bytes ? memfd_create("fleetsh-parcel", MFD_CLOEXEC) : -1, err;
    if (fd < 0) {
        err = bytes ? -errno : -ENOMEM;
        free(bytes);
        return err;
    }
    fill(bytes, limit, envp);
    err = write_all(fd, bytes, size);
    free(bytes);
    if (!err)
        return fd;
    close(fd);
    return err;
}

static int read_all(int fd, char **bytes, size_t *size)
{
    struct stat st;
    if (fstat(fd, &st))
        return -errno;
    *size = (size_t)st.st_size;
    *bytes = malloc(*size + 1);
    if (!*bytes)
        return -ENOMEM;
    if (pread(fd, *bytes, *size, 0) != (ssize_t)*size)
        return -EIO;
    (*bytes)[*size] = '\0';
    return 0;
}

static int take_limit(struct limit *limit, char **at, const char *end)
{
    while (*at < end && **at) {
        char letter = (*at)[0];
        int err = limit_add(limit, *at + 1, letter == 'd' || letter == 'r', letter == 'r' || letter == 'n');
        if (err)
            return err;
        *at += strlen(*at) + 1;
    }
    ++*at;
    return 0;
}

int parcel_unpack(struct parcel *parcel, int fd)
{
    size_t size = 0, count = 0;
    char *at, *end;
    int err = read_all(fd, &parcel->bytes, &size);
    close(fd);
    if (err)
        return err;
    at = parcel->bytes;
    end = at + size;
    err = take_limit(&parcel->limit, &at, end);
    if (err)
        return err;
    for (const char *s = at; s < end; s += strlen(s) + 1)
        count++;
    parcel->envp = calloc(count + 1, sizeof *parcel->envp);
    if (!parcel->envp)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++, at += strlen(at) + 1)
        parcel->envp[i] = at;
    return 0;
}
