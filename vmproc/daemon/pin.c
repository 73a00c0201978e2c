#include "pin.h"
#include "pki.h"
#include "uri.h"
#include "vmproc/rundir.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIN_PATH_MAX (RUNDIR_PATH_MAX + 48)

static int pin_path(const char *uri, const char *fingerprint, char path[PIN_PATH_MAX])
{
    char text[128 + 2 * PATH_MAX], cert[PATH_MAX], key[PATH_MAX], rundir[RUNDIR_PATH_MAX];
    unsigned char digest[32];
    int fd, at;

    if (pki_path(uri, PKI_CERTIFICATE, cert) < 0 || pki_path(uri, PKI_KEY, key) < 0)
        return -ENAMETOOLONG;
    fd = rundir_open(rundir);
    if (fd < 0)
        return fd;
    close(fd);
    at = snprintf(text, sizeof text, "%s\n%s\n%s", fingerprint, cert, key);
    if (gnutls_hash_fast(GNUTLS_DIG_SHA256, text, (size_t)at, digest) < 0)
        return -EIO;
    at = snprintf(path, PIN_PATH_MAX, "%s/pin-", rundir);
    for (unsigned i = 0; i < 16; i++)
        at += sprintf(path + at, "%02x", digest[i]);
    return 0;
}

static int write_file(int dir, const char *name, const char *text)
{
    int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    size_t len = strlen(text);
    bool good = fd >= 0 && write(fd, text, len) == (ssize_t)len;

    if (fd >= 0)
        close(fd);
    return good ? 0 : -EIO;
}

static int fill(const char *uri, const char *beside, const char *pem)
{
    static const enum pki_file shown[] = {PKI_CERTIFICATE, PKI_KEY};
    int dir = open(beside, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;
    char path[PATH_MAX];

    if (dir < 0)
        return -errno;
    err = write_file(dir, pki_name(PKI_AUTHORITY), pem);
    for (unsigned i = 0; i < sizeof shown / sizeof *shown && !err; i++)
        if (pki_path(uri, shown[i], path) < 0 || symlinkat(path, dir, pki_name(shown[i])) < 0)
            err = -EIO;
    close(dir);
    return err;
}

static void discard(const char *beside)
{
    int dir = open(beside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    for (unsigned i = 0; i < PKI_NFILES && dir >= 0; i++)
        unlinkat(dir, pki_name(i), 0);
    if (dir >= 0)
        close(dir);
    rmdir(beside);
}

int pin_make(const char *uri, const char *fingerprint, const char *pem)
{
    char path[PIN_PATH_MAX], beside[PIN_PATH_MAX + 8];
    int err = pin_path(uri, fingerprint, path);

    if (err < 0 || access(path, F_OK) == 0)
        return err;
    snprintf(beside, sizeof beside, "%s.XXXXXX", path);
    if (!mkdtemp(beside))
        return -errno;
    err = fill(uri, beside, pem);
    if (!err && rename(beside, path) < 0)
        err = access(path, F_OK) == 0 ? 0 : -EIO; /* another thread was quicker */
    if (access(beside, F_OK) == 0)
        discard(beside);
    return err;
}

bool pin_uri(const char *uri, const char *fingerprint, char pinned[PIN_URI_MAX])
{
    char path[PIN_PATH_MAX];

    return pin_path(uri, fingerprint, path) == 0 && access(path, F_OK) == 0 &&
           uri_with_pki(uri, path, pinned, PIN_URI_MAX);
}
