/*
 * strace.h - system calls of the program as text, for `vm strace`: TRACED messages, one a call. Costs a test of a flag
 * while nobody looks.
 */
#ifndef GUEST_STRACE_H
#define GUEST_STRACE_H

#include "syscall.h"
#include "vmproc/guest_abi.h"

void strace_set(bool on);
bool strace_is_on(void);

/* The text of a call that is about to be made: what its arguments say before it can change them. */
struct strace_call {
    uint64_t realtime_ns, begun_ns;
    uint64_t nr;
    uint32_t len;
    char text[TRACED_TEXT_MAX];
};

/* name: of the call. */
void strace_enter(struct strace_call *call, uint64_t nr, const char *name, const struct syscall_args *s);

/* What the call has stored goes to the text, and the whole to the host; waits for room in the port. */
void strace_leave(struct strace_call *call, const struct syscall_args *s, long result);

#endif
