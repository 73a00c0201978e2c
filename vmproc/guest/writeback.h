/*
 * writeback.h - files that are mapped shared: what is written to memory goes to the file, and what others
 * have written to the file comes into memory.
 *
 * Within this machine a mapping, read(2) and write(2) see the same bytes at once. To the rest of the world
 * (other VMs, the host) both happen at certain moments only, as with a network file system:
 *
 *   to the file    msync, munmap, exit, fsync, read and write of that file, flock and fcntl locks (before one
 *                  is given up or asked for), execve in a fork
 *   to memory      when flock or fcntl has got a lock, and what is touched for the first time
 *
 * So programs that write to a file's mapping under its locks, on however many machines, see each other as if
 * they had one memory, also when they write to the same page: only the words (32 bits) that differ from what the
 * file had are written. Who shares without locks has to msync. A machine that is killed has written what it had until
 * the last of these moments.
 */
#ifndef GUEST_WRITEBACK_H
#define GUEST_WRITEBACK_H

#include "types.h"

struct file;
struct mm;

/* All of these may wait. */

/* Of the mappings in a range of mm. 0 or the first -errno. */
int writeback_range(struct mm *mm, uint64_t start, uint64_t len);
int writeback_all(void);
/* Of what is mapped of f's file. true: something is. */
bool writeback_of(struct file *f);

/* The file has changed, or may have. */
void writeback_reload(struct file *f);
void writeback_reload_all(void);

#endif
