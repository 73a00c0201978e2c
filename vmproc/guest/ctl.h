/*
 * ctl.h - the control port: framed messages (vmproc/guest_abi.h).
 *
 *   state     legal from the host                      leaves by
 *   BOOTING   - (dropped)                              ctl_ready()
 *   READY     EXEC ASK_TSC                             EXEC
 *   CALLED    SIGNAL BROKEN CLOCK TRACE                  ctl_wait_exec()
 *   RUNNING   SIGNAL RET BROKEN CLOCK ROOM TRACE         ctl_exited()
 *   DONE      the same (ignored)                         the host closes the port: off
 *
 * Anything else is a broken host: one log line, and the machine is off. READY lasts while rehearsals are
 * held; CALLED is until the one under way has made room.
 */
#ifndef GUEST_CTL_H
#define GUEST_CTL_H

#include "types.h"
#include "vmproc/guest_abi.h"

struct exec_message {
    struct ctl_exec *exec; /* followed by the tables and strings */
    uint32_t len;          /* of the whole; checked: at least sizeof *exec */
    uint64_t received;     /* TSC */
};

void ctl_init(void);

/* Sends READY once somebody listens, then waits: until EXEC, or so many nanoseconds. */
void ctl_ready(const struct ctl_ready *ready, uint64_t wait_ns);
bool ctl_exec_has_come(void);
/* Waits for EXEC. The message is the caller's (ctl_free_exec()). */
struct exec_message ctl_wait_exec(void);
void ctl_free_exec(struct exec_message *m);

/* A message without an answer; waits for room in the port. */
void ctl_send(enum ctl_type type, const void *body, uint32_t len);

/* CTL_SPAWN: n bytes, at most CTL_MAX_PIECE, of what CALL_SPAWN will start. */
void ctl_send_piece(uint32_t id, const void *bytes, uint32_t n);

/* CTL_TRACED with n bytes of text; waits for room in the port. */
void ctl_send_traced(const struct ctl_traced *traced, const char *text, uint32_t n);

/* CTL_LOG. Never waits: a line that finds no room is dropped. */
void ctl_log(const char *line, size_t n);

/* Waits, bounded, until the host has taken everything; for a panic. */
void ctl_drain(void);

/*
 * CTL_CALL and its answer. data_in bytes of data are sent; up to data_cap bytes of the answer's data are
 * stored in data, zero-padded. Returns the host's result, or -EINTR after a signal (the host has given up the
 * call).
 */
struct ctl_request {
    enum ctl_call_op op;
    uint32_t fd;
    int64_t a, b;
    void *data;
    uint32_t data_in, data_cap;
};
int64_t ctl_call(const struct ctl_request *request);

/* The same in parts, for poll(2): several may be under way; `done` is set and `wake` woken by the answer. */
struct waitq;
struct ctl_pending {
    struct ctl_pending *next;
    uint32_t id;
    bool done, cancelled;
    bool posted; /* freed when it is answered */
    int64_t result;
    void *data;
    uint32_t data_cap;
};
void ctl_call_start(struct ctl_pending *p, const struct ctl_request *request);
void ctl_call_cancel(struct ctl_pending *p);    /* the answer still comes: ctl_call_finish() */
int64_t ctl_call_finish(struct ctl_pending *p); /* waits for it, not interruptible */
struct waitq *ctl_call_waitq(void);

/* A call whose answer is of no interest. */
void ctl_call_post(const struct ctl_request *request);

/* Counts bytes written to port out or err (marks of CTL_CALL, counts of CTL_EXITED). */
void ctl_count_output(enum ctl_via via, uint64_t n);
bool ctl_output_broken(enum ctl_via via); /* CTL_BROKEN came: EPIPE */

/* Something has been written to a port: for first_out_ns. */
void ctl_note_output(void);

/* The program begins to end: no SIGNAL reaches it any more. fatal: those that would have ended it, by SIGNAL_BIT(). */
void ctl_exiting(uint64_t fatal);
/* Sends EXITED with the counters filled in. */
void ctl_exited(enum ctl_exit_how how, uint32_t value, uint64_t max_rss_bytes);

#endif
