/*
 * bigreads.c - for reads.tst: reads a file whose byte at i is byte_at(i), or a hole, in pieces of all sizes and ways, and
 * says what was wrong.
 *
 *   make FILE SIZE   writes such a file; every third stretch of HOLE bytes is left out
 *   read SEED FILE   random pread, read, readv and lseek of it, against what has to be there; of - (standard input)
 *                    from its position on; of + likewise, and it is shared with others
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define HOLE   (1l << 16)
#define MOST   600000
#define GUARD  64
#define ROUNDS 30

static unsigned char want[MOST], guard[GUARD], got[MOST + 2 * GUARD];
static unsigned state;
static int shared;

static unsigned number(unsigned below)
{
    state = state * 1103515245 + 12345;
    return (state >> 8) % below;
}

static unsigned char byte_at(long i)
{
    return i / HOLE % 3 == 2 ? 0 : (unsigned char)(i * 2654435761u >> 13) | 1;
}

static int make(const char *path, long size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0)
        return perror(path), 1;
    for (long at = 0; at < size; at += HOLE) {
        long n = size - at < HOLE ? size - at : HOLE;
        for (long i = 0; i < n; i++)
            want[i] = byte_at(at + i);
        if (at / HOLE % 3 != 2 && pwrite(fd, want, (size_t)n, at) != n)
            return perror("write"), 1;
    }
    return ftruncate(fd, size) ? perror("truncate"), 1 : 0;
}

/* Of n bytes asked for at pos, so many came: fewer only at the end of the file, or, where others share the position, in a large
 * piece. */
static int check(const char *how, long pos, long n, long came, long size)
{
    long left = pos < size ? size - pos : 0, all = n < left ? n : left;
    if (came < 0)
        return perror(how), 1;
    if (came > all || (came < all && (came < 200000 || !shared)))
        return printf("%s of %ld at %ld of %ld: %ld\n", how, n, pos, size, came), 1;
    for (long i = 0; i < came; i++)
        want[i] = byte_at(pos + i);
    if (memcmp(got, guard, GUARD) || memcmp(got + GUARD + n, guard, GUARD) ||
        memcmp(got + GUARD, want, (size_t)came))
        return printf("%s of %ld at %ld: other bytes\n", how, n, pos), 1;
    return 0;
}

static long piece(void)
{
    static const unsigned below[] = {10, 5000, 9000, 70000, 300000, MOST};
    return number(below[number(6)]);
}

static int one(int fd, long size, long *pos)
{
    long n = piece(), to = number((unsigned)size + 1000), came;
    long half = n / 3;
    struct iovec v[2] = {{got + GUARD, (size_t)half}, {got + GUARD + half, (size_t)(n - half)}};
    memcpy(got, guard, GUARD);
    memcpy(got + GUARD + n, guard, GUARD);
    switch (number(4)) {
    case 0:
        return check("pread", to, n, pread(fd, got + GUARD, (size_t)n, to), size);
    case 1:
        *pos = lseek(fd, to, SEEK_SET);
        return *pos != to;
    case 2:
        came = read(fd, got + GUARD, (size_t)n);
        break;
    default:
        came = readv(fd, v, 2);
    }
    *pos += came > 0 ? came : 0;
    return check("read", *pos - (came > 0 ? came : 0), n, came, size) || lseek(fd, 0, SEEK_CUR) != *pos;
}

int main(int argc, char **argv)
{
    struct stat st;
    int fd, bad = 0;
    long pos;
    if (argc != 4)
        return 2;
    if (strcmp(argv[1], "make") == 0)
        return make(argv[2], atol(argv[3]));
    state = (unsigned)atoi(argv[2]);
    memset(guard, 0xee, GUARD);
    shared = strcmp(argv[3], "+") == 0;
    fd = shared || strcmp(argv[3], "-") == 0 ? 0 : open(argv[3], O_RDONLY);
    if (fd < 0 || fstat(fd, &st))
        return perror(argv[3]), 1;
    pos = lseek(fd, 0, SEEK_CUR);
    for (int i = 0; i < ROUNDS && !bad; i++)
        bad = one(fd, st.st_size, &pos);
    return bad ? 1 : puts("as it is") < 0;
}
