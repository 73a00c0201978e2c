/* device.h - /dev/null and the like, for special.c and hostfd.c. */
#ifndef GUEST_DEVICE_H
#define GUEST_DEVICE_H

#include "file.h"

enum device { DEVICE_NULL, DEVICE_ZERO, DEVICE_FULL, DEVICE_RANDOM, DEVICE_URANDOM };

bool device_is_zero(const struct file *f); /* f may be NULL */
int device_open(enum device which, uint32_t flags, struct file **file);

#endif
