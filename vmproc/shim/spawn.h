/*
 * spawn.h - CALL_SPAWN: the program's child executes a program, which gets a shim and a VM of its own.
 *
 * The new command's authority is what its own words name, within what this one may name (limit.h), and the
 * programs that every command may run (grants_is_public_program()). Its environment is the program's, the new
 * shim's is ours: what a guest says never configures a shim.
 */
#ifndef SHIM_SPAWN_H
#define SHIM_SPAWN_H

#include "shim.h"

/* The pieces with one id that have come so far. */
struct pending_spawn {
    struct pending_spawn *next;
    uint32_t id;
    size_t len, room;
    uint8_t *bytes;
};

/* CTL_SPAWN. 0, or -EPROTO when it is too much. */
int spawn_piece(struct shim *shim, uint32_t id, const uint8_t *bytes, uint32_t len);

/* CALL_SPAWN of len bytes in pieces: the new process's id, or -errno as execve(2) has it. */
int64_t spawn_perform(struct shim *shim, uint32_t id, uint64_t len);

void spawn_forget(struct shim *shim, uint32_t id);

#endif
