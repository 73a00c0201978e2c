/* digest.c - hashes, and copies while it does. */
#include "digest.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <string.h>
#include <unistd.h>

#define CHUNK (256 << 10)

static void put_hex(struct sha256_ctx *sha, char hex[STORE_HEX])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t bytes[SHA256_DIGEST_SIZE];
    sha256_digest(sha, sizeof bytes, bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[2 * sizeof bytes] = '\0';
}

void digest_bytes(const void *bytes, size_t len, char hex[STORE_HEX])
{
    struct sha256_ctx sha;
    sha256_init(&sha);
    sha256_update(&sha, len, bytes);
    put_hex(&sha, hex);
}

static int write_all(int fd, const uint8_t *bytes, size_t len)
{
    while (len) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno != EINTR)
            return -errno;
        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
        }
    }
    return 0;
}

int digest_file(int fd, int to, char hex[STORE_HEX], uint64_t *size)
{
    static uint8_t chunk[CHUNK];
    struct sha256_ctx sha;
    uint64_t total = 0;
    sha256_init(&sha);
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof chunk);
        int err = n < 0 && errno != EINTR ? -errno : n > 0 && to >= 0 ? write_all(to, chunk, (size_t)n) : 0;
        if (err)
            return err;
        if (n == 0)
            break;
        if (n > 0) {
            sha256_update(&sha, (size_t)n, chunk);
            total += (uint64_t)n;
        }
    }
    if (size)
        *size = total;
    put_hex(&sha, hex);
    return 0;
}
