/*
 * overlay.c - the format is QEMU's docs/interop/qcow2: version 3, clusters of 64 KiB.
 *
 *   cluster 0   header
 *   cluster 1   refcount table: one entry, cluster 2
 *   cluster 2   refcounts, 16 bits each: one for each of these clusters
 *   cluster 3.. level 1 table: 8 bytes for each 512 MiB of the disk, all 0: nothing is written yet
 */
#include "overlay.h"

#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define CLUSTER_BITS 16
#define CLUSTER      (1u << CLUSTER_BITS)
#define L1_COVERS    (512ull << 20)
#define SECTOR       512u
#define DISK_MAX     (4ull << 40)

struct header { /* big-endian */
    uint32_t magic, version;
    uint64_t backing_file_offset;
    uint32_t backing_file_size, cluster_bits;
    uint64_t size;
    uint32_t crypt_method, l1_size;
    uint64_t l1_table_offset, refcount_table_offset;
    uint32_t refcount_table_clusters, nb_snapshots;
    uint64_t snapshots_offset, incompatible_features, compatible_features, autoclear_features;
    uint32_t refcount_order, header_length;
    uint64_t end_of_extensions;
};

_Static_assert(sizeof(struct header) == 112, "104 bytes, then the end of the extensions");

static bool put(int fd, const void *bytes, size_t len, uint64_t at)
{
    return pwrite(fd, bytes, len, (off_t)at) == (ssize_t)len;
}

int overlay_write(int fd, uint64_t disk_bytes)
{
    uint64_t size = (disk_bytes + SECTOR - 1) & ~(uint64_t)(SECTOR - 1),
             l1_entries = (size + L1_COVERS - 1) / L1_COVERS,
             l1_clusters = (l1_entries * 8 + CLUSTER - 1) / CLUSTER, refcount_block = htobe64(2 * CLUSTER);
    uint16_t refcounts[8];
    struct header header = {
        .magic = htobe32(0x514649fb), /* "QFI\xfb" */
        .version = htobe32(3),
        .cluster_bits = htobe32(CLUSTER_BITS),
        .size = htobe64(size),
        .l1_size = htobe32((uint32_t)l1_entries),
        .l1_table_offset = htobe64(3 * CLUSTER),
        .refcount_table_offset = htobe64(CLUSTER),
        .refcount_table_clusters = htobe32(1),
        .refcount_order = htobe32(4),
        .header_length = htobe32(104),
    };

    if (size > DISK_MAX || l1_clusters > 5)
        return -EFBIG;
    for (unsigned i = 0; i < sizeof refcounts / sizeof *refcounts; i++)
        refcounts[i] = htobe16(i < 3 + l1_clusters);
    if (ftruncate(fd, (off_t)((3 + l1_clusters) * CLUSTER)) < 0 || !put(fd, &header, sizeof header, 0) ||
        !put(fd, &refcount_block, sizeof refcount_block, CLUSTER) ||
        !put(fd, refcounts, sizeof refcounts, 2 * CLUSTER))
        return errno ? -errno : -EIO;
    return 0;
}
