#include "store.h"
#include "log.h"
#include "vmproc/parts.h"
#include "workdir.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <libvirt/virterror.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define POOL_NAME "fleetsh"
#define WHOLE     ".whole"
#define HASH_LEN  32 /* hexadecimal digits */
#define NAME_LEN  96
#define PIECE     65536u

/* A file here. */
struct content {
    const char *bytes;
    size_t size;
    struct stat st;
    char hash[HASH_LEN + 1];
};

/* ---- the file here ---- */

static int content_open(const char *path, struct content *content)
{
    unsigned char digest[32];
    void *map;
    int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;

    if (fd < 0 || fstat(fd, &content->st) < 0) {
        err = -errno;
    } else {
        content->size = (size_t)content->st.st_size;
        map = mmap(NULL, content->size, PROT_READ, MAP_PRIVATE, fd, 0);
        err = map == MAP_FAILED ? -errno : 0;
        content->bytes = map;
    }
    if (fd >= 0)
        close(fd);
    if (err < 0)
        return err;
    if (gnutls_hash_fast(GNUTLS_DIG_SHA256, content->bytes, content->size, digest) < 0) {
        munmap((void *)content->bytes, content->size);
        return -EIO;
    }
    for (unsigned i = 0; i < HASH_LEN / 2; i++)
        sprintf(content->hash + 2 * i, "%02x", digest[i]);
    return 0;
}

static void content_close(struct content *content)
{
    munmap((void *)content->bytes, content->size);
}

/* ---- the pool there ---- */

static virStoragePoolPtr open_pool(virConnectPtr conn)
{
    static const char xml[] =
        "<pool type='dir'><name>" POOL_NAME "</name><target><path>" STORE_DIR "</path></target></pool>";
    virStoragePoolPtr pool = virStoragePoolLookupByName(conn, POOL_NAME);

    if (!pool)
        pool = virStoragePoolCreateXML(conn, xml, VIR_STORAGE_POOL_CREATE_WITH_BUILD);
    if (!pool)
        pool = virStoragePoolLookupByName(conn, POOL_NAME); /* somebody else was quicker */
    if (pool && virStoragePoolIsActive(pool) == 0)
        virStoragePoolCreate(pool, 0);
    if (pool)
        virStoragePoolRefresh(pool, 0); /* what is there from before libvirtd was started */
    return pool;
}

static virStorageVolPtr make_volume(virStoragePoolPtr pool, const char *name, size_t size)
{
    char xml[512];

    snprintf(xml, sizeof xml,
             "<volume><name>%s</name><capacity>%zu</capacity><target><format type='raw'/>"
             "<permissions><mode>0644</mode></permissions></target></volume>",
             name, size);
    return virStorageVolCreateXML(pool, xml, 0);
}

static bool send_bytes(virStreamPtr stream, const struct content *content)
{
    for (size_t done = 0; done < content->size;) {
        size_t left = content->size - done;
        int n = virStreamSend(stream, content->bytes + done, left < PIECE ? left : PIECE);

        if (n < 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

static bool upload(virConnectPtr conn, virStorageVolPtr volume, const struct content *content)
{
    virStreamPtr stream = virStreamNew(conn, 0);
    bool good = stream && virStorageVolUpload(volume, stream, 0, content->size, 0) == 0;

    if (good) {
        good = send_bytes(stream, content);
        if (good)
            good = virStreamFinish(stream) == 0;
        else
            virStreamAbort(stream);
    }
    if (stream)
        virStreamFree(stream);
    return good;
}

/* Of the volumes of that contents one that is whole; its name without WHOLE goes to name. */
static bool find_whole(virStoragePoolPtr pool, const char *prefix, char name[NAME_LEN])
{
    virStorageVolPtr *volumes;
    int n = virStoragePoolListAllVolumes(pool, &volumes, 0);
    bool found = false;

    for (int i = 0; i < n; i++) {
        const char *its = virStorageVolGetName(volumes[i]);
        size_t len = strlen(its), end = strlen(WHOLE);

        if (!found && len > end && len - end < NAME_LEN && strncmp(its, prefix, strlen(prefix)) == 0 &&
            strcmp(its + len - end, WHOLE) == 0) {
            snprintf(name, NAME_LEN, "%.*s", (int)(len - end), its);
            found = true;
        }
        virStorageVolFree(volumes[i]);
    }
    if (n >= 0)
        free(volumes);
    return found;
}

static bool put(virConnectPtr conn, virStoragePoolPtr pool, const char *name, const struct content *content)
{
    char mark_name[NAME_LEN + sizeof WHOLE];
    virStorageVolPtr mark = NULL, volume = virStorageVolLookupByName(pool, name);
    bool good;

    if (volume) { /* an earlier attempt of ours came to nothing */
        virStorageVolDelete(volume, 0);
        virStorageVolFree(volume);
    }
    volume = make_volume(pool, name, content->size);
    good = volume && upload(conn, volume, content);
    if (good) {
        snprintf(mark_name, sizeof mark_name, "%s" WHOLE, name);
        mark = make_volume(pool, mark_name, 0);
        good = mark != NULL;
    }
    if (volume && !good)
        virStorageVolDelete(volume, 0);
    if (mark)
        virStorageVolFree(mark);
    if (volume)
        virStorageVolFree(volume);
    return good;
}

static bool see_to(virConnectPtr conn, virStoragePoolPtr pool, const char *kind, const char *instance,
                   const struct content *content, char path[128])
{
    char prefix[NAME_LEN], name[NAME_LEN];

    snprintf(prefix, sizeof prefix, "%s-%s.", kind, content->hash);
    if (!find_whole(pool, prefix, name)) {
        snprintf(name, sizeof name, "%s%s", prefix, instance);
        if (!put(conn, pool, name, content))
            return false;
        log_line("%s sent to the router: %zu bytes", name, content->size);
    }
    snprintf(path, 128, STORE_DIR "/%s", name);
    return true;
}

static bool store_file(virConnectPtr conn, virStoragePoolPtr pool, const char *kind, const char *instance,
                       const char *file, char path[128], struct stat *st, char error[256])
{
    struct content content;
    int err = content_open(file, &content);
    bool good;

    if (err < 0) {
        snprintf(error, 256, "%.150s cannot be read: %s", file, strerror(-err));
        return false;
    }
    good = see_to(conn, pool, kind, instance, &content, path);
    if (!good)
        snprintf(error, 256, "the %s cannot be stored on the router: %.180s", kind, virGetLastErrorMessage());
    *st = content.st;
    content_close(&content);
    return good;
}

bool store_fill(virConnectPtr conn, const char *instance, struct router_facts *facts, char error[256])
{
    char file[PATH_MAX];
    struct stat ignored;
    virStoragePoolPtr pool = open_pool(conn);
    bool good = false;

    if (!pool) {
        snprintf(error, 256, "%.60s: no storage pool for the guest: %.150s", facts->name,
                 virGetLastErrorMessage());
        return false;
    }
    if (part_find(PART_GUEST, file) < 0)
        snprintf(error, 256, "the guest is not there; run make guest");
    else
        good = store_file(conn, pool, "guest", instance, file, facts->guest, &ignored, error);
    if (good && workdir_find_resident(file) == 0)
        good =
            store_file(conn, pool, "resident", instance, file, facts->resident, &facts->resident_file, error);
    virStoragePoolFree(pool);
    return good;
}
