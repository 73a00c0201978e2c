/* events.c - this command's part of a trace (vm trace), told at its end so that telling does not slow it. */
#include "vmproc/events.h"
#include "shim.h"

#include <stdio.h>
#include <unistd.h>

static void name_all(const struct shim *shim, int fd, int pid)
{
    char name[160];

    snprintf(name, sizeof name, "VM %llu: %.100s", (unsigned long long)shim->grant.vm, shim->name);
    event_name_process(fd, pid, name);
    event_name_track(fd, pid, EVENT_SHELL, "shell");
    event_name_track(fd, pid, EVENT_SHIM, "shim");
    event_name_track(fd, pid, EVENT_GUEST, "guest");
}

/* A step that was not reached has the time 0, and so have all after it. */
static void slice(int fd, int pid, enum event_track track, const char *what, uint64_t from, uint64_t to)
{
    if (from && to)
        event_slice(fd, pid, track, what, from, to);
}

void events_report(const struct shim *shim)
{
    int fd = shim->args.events_fd, pid = getpid();
    uint64_t end = event_now_ns(), last = shim->at.exited ? shim->at.exited : end;

    if (fd < 0)
        return;
    name_all(shim, fd, pid);
    event_end(fd, pid, EVENT_SHELL, shim->at.begun); /* what the shell began before its exec */
    slice(fd, pid, EVENT_SHIM, "start", shim->at.begun, shim->at.asked);
    slice(fd, pid, EVENT_SHIM, "LEASE to GRANT", shim->at.asked, shim->at.granted);
    slice(fd, pid, EVENT_SHIM, "EXEC sent", shim->at.granted, shim->at.sent);
    slice(fd, pid, EVENT_SHIM, "serving", shim->at.sent, last);
    slice(fd, pid, EVENT_SHIM, "delivery, DONE", shim->at.exited, end);
    slice(fd, pid, EVENT_GUEST, "EXEC to STARTED", shim->at.sent, shim->at.started);
    slice(fd, pid, EVENT_GUEST, "STARTED to EXITED", shim->at.started, shim->at.exited);
    if (shim->end.first_out_ns)
        event_instant(fd, pid, EVENT_GUEST, "first byte", shim->at.sent + shim->end.first_out_ns);
}
