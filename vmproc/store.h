/*
 * store.h - where images are kept, and how a start knows that one is still what was put there.
 *
 *   $XDG_DATA_HOME/fleetsh/             ~/.local/share/fleetsh; the user's own
 *     store/HEX                         a file's bytes, read-only, named by their SHA-256
 *     verified/HEX                      the identity (struct stat) that the file had when it was last hashed
 *     profile -> profile-N              what counts; switched by rename(2)
 *     profile-N/bin/NAME, NAME.vm       links to a program and its image spec in store/, one generation
 *     lock                              flock(2) of whoever changes any of it
 *
 * A start compares the file's identity with the record and hashes the file only when they differ. Every way of
 * changing a file's bytes or putting another one in its place changes its ctime or its inode, and neither can be set
 * by a system call; who could forge the record could as well replace the links, so that it is trusted as much as they
 * are. No program in a VM may change any of it, whatever it was given (shim/kept.c). Functions return 0 or -errno.
 */
#ifndef VMPROC_STORE_H
#define VMPROC_STORE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#define STORE_HEX 65 /* bytes of a digest in hexadecimal, NUL included */

/* The directory, which need not exist. -ENOENT: neither XDG_DATA_HOME nor HOME names one. */
int store_root(char path[PATH_MAX]);

/* Opens it to search in: O_PATH. -ENOENT: no store; -EPERM: others than the user may change it. */
int store_open(void);

/* Whether 64 lower-case hexadecimal digits, and nothing else, stand there. */
bool store_is_hex(const char *text);

/* Whether path, links followed, is a file in store/ of the user's store, whose name is then put into hex. */
bool store_holds(const char *path, char hex[STORE_HEX]);

/* Whether the record of hex in the store behind root says that the file with this identity was hashed. */
bool store_is_verified(int root, const char *hex, const struct stat *st);

/* Records that it has been. The bytes must have been read after the file's last change. */
int store_set_verified(int root, const char *hex, const struct stat *st);

#endif
