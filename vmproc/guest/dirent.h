/* dirent.h - the records of getdents64(2). */
#ifndef GUEST_DIRENT_H
#define GUEST_DIRENT_H

#include "types.h"

#define DIRENT_NAME_MAX 255u

struct dirent {
    uint64_t ino;
    int64_t off; /* of the entry after it */
    uint8_t type;
};

/* Stores one for a name of len (at most DIRENT_NAME_MAX) bytes: the bytes stored, 0: more than room, -EFAULT.
 */
long dirent_store(uint64_t to, size_t room, const struct dirent *entry, const char *name, size_t len);

#endif
