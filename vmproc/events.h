/*
 * events.h - what `vm trace` records: the Trace Event Format that ui.perfetto.dev and chrome://tracing read.
 *
 * Shell, shims and vmprocd append lines to one file that the shell made (O_APPEND, one write(2) a line, so
 * that lines do not mix): each line is a JSON object and a comma. The shell puts "[" before and an end behind
 * them. Times are CLOCK_MONOTONIC, which all processes of a machine share.
 *
 *   process of a command   its shim's pid; tracks: what the shell does for it, the shim, the guest
 *   process of vmprocd     its pid; a track per VM, its number
 *
 * fd is -1 where nothing is recorded: then all of these do nothing. A write that fails leaves its line out.
 */
#ifndef VMPROC_EVENTS_H
#define VMPROC_EVENTS_H

#include <stdint.h>

enum event_track { EVENT_SHELL = 1, EVENT_SHIM = 2, EVENT_GUEST = 3 };

uint64_t event_now_ns(void);

/* From one time to another; what: its name, plain ASCII without quotes. */
void event_slice(int fd, int pid, uint64_t track, const char *what, uint64_t from_ns, uint64_t to_ns);
/* A slice whose ends are told by two processes. */
void event_begin(int fd, int pid, uint64_t track, const char *what, uint64_t at_ns);
void event_end(int fd, int pid, uint64_t track, uint64_t at_ns);
void event_instant(int fd, int pid, uint64_t track, const char *what, uint64_t at_ns);

/* Names for people; name: any bytes, cut when long. */
void event_name_process(int fd, int pid, const char *name);
void event_name_track(int fd, int pid, uint64_t track, const char *name);

#endif
