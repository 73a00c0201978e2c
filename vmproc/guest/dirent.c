/* dirent.c - the records of getdents64(2). */
#include <linux/errno.h>

#include "dirent.h"
#include "lib.h"
#include "usercopy.h"

struct dirent64 {
    uint64_t ino;
    int64_t off;
    uint16_t reclen;
    uint8_t type;
} __attribute__((packed));

long dirent_store(uint64_t to, size_t room, const struct dirent *entry, const char *name, size_t len)
{
    char record[sizeof(struct dirent64) + DIRENT_NAME_MAX + 1 + 8] = {0};
    struct dirent64 d = {.ino = entry->ino, .off = entry->off, .type = entry->type};
    d.reclen = (uint16_t)ALIGN_UP(sizeof d + len + 1, 8ul);
    if (d.reclen > room)
        return 0;
    memcpy(record, &d, sizeof d);
    memcpy(record + sizeof d, name, len);
    return copy_to_user(to, record, d.reclen) == 0 ? d.reclen : -EFAULT;
}
