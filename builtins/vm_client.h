/*
 * vm_client.h - the vm utility's questions to vmprocd. Waiting is bounded; what comes is checked before it is
 * used.
 */
#ifndef BUILTINS_VM_CLIENT_H
#define BUILTINS_VM_CLIENT_H

#include "vmproc/vmprocd_proto.h"
#include <stdbool.h>
#include <stddef.h>

struct shell;

/* Records that vmprocd answered with, malloc'ed; strings in them are NUL-terminated. */
struct vm_list {
    struct vmp_vm *items; /* sorted by number */
    size_t count;
};

struct vm_routers {
    struct vmp_router *items;
    size_t count;
};

/* Each returns 0, or 1 after a message. Without a running vmprocd the list is empty: none is started for it.
 */
int vm_fetch_list(struct shell *sh, struct vm_list *list);
/* Starts vmprocd when none runs. */
int vm_fetch_routers(struct shell *sh, struct vm_routers *routers);
/* VMP_USE, VMP_DRAIN or VMP_FORGET; starts vmprocd when none runs. */
int vm_request_choice(struct shell *sh, enum vmp_type verb, const char *router);
/* Whether commands can run on that router: 0, or 1 after a message. Starts vmprocd when none runs. */
int vm_request_place(struct shell *sh, const char *router);
/* VMP_TRUST; fingerprint "": only looks. Starts vmprocd when none runs. */
int vm_request_trust(struct shell *sh, const char *router, const char *fingerprint);
int vm_request_kill(struct shell *sh, uint64_t vm);
/*
 * Has vmprocd record what it does in fd (vmproc/events.h), starting vmprocd when none runs. Returns a
 * connection: closing it ends that. -1 after a message.
 */
int vm_request_trace(struct shell *sh, int fd);
/* Has the system calls of that VM's program written to fd, a pipe. flags: STRACE_*. */
int vm_request_strace(struct shell *sh, uint64_t vm, int fd, uint32_t flags);
/* Has the VM's QEMU listen for gdb, at stub->path; with NULL no longer. */
int vm_request_debug(struct shell *sh, uint64_t vm, struct vmp_stub *stub);
/* Returns when vmprocd has gone; at once when there is none. */
int vm_request_shutdown(struct shell *sh);

#endif
