/*
 * parcel.h - what a shim hands to one that it starts for its program: that command's environment, which must
 * not be the new shim's own, and the limit of its authority. A sealed memory file, option f of shim_args.h.
 *
 *   limit entries: a letter (d: and all below, r: the same, read only; e: the name, n: the same, read only),
 * the path, NUL; then a NUL; then the environment's strings, each ended by NUL
 */
#ifndef SHIM_PARCEL_H
#define SHIM_PARCEL_H

#include "limit.h"

struct parcel {
    struct limit limit;
    char **envp; /* NULL-terminated */
    char *bytes; /* what both point into */
};

/* A descriptor, close-on-exec, or -errno. */
int parcel_pack(const struct limit *limit, char *const envp[]);

/* Closes fd. 0, or -errno; the parcel then holds for the life of the process. */
int parcel_unpack(struct parcel *parcel, int fd);

#endif
