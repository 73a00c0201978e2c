/* digest.h - SHA-256 of files, by nettle, which brings the processor's instructions for it. */
#ifndef VMPROC_SPEC_DIGEST_H
#define VMPROC_SPEC_DIGEST_H

#include "vmproc/store.h"

#include <stddef.h>
#include <stdint.h>

#define DIGEST_PREFIX "sha256:" /* in front of the digits wherever a user sees them */

void digest_bytes(const void *bytes, size_t len, char hex[STORE_HEX]);

/*
 * Of all that can be read from fd, from its offset on. Unless to is -1, it is written there as well. size, unless
 * NULL: the bytes. 0 or -errno.
 */
int digest_file(int fd, int to, char hex[STORE_HEX], uint64_t *size);

#endif
