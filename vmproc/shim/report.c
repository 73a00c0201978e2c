/* report.c - messages, the trace line, and the end of the process. */
#include "boot.h"
#include "shim.h"
#include "vmproc/vmproc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void write_line(int fd, const char *line, size_t len)
{
    /* One write, so that lines of several commands do not mix; there is nobody to tell if it fails. */
    if (write(fd, line, len) < 0)
        return;
}

void report(const struct shim *shim, const char *format, ...)
{
    char line[1024];
    va_list args;
    int len = snprintf(line, sizeof line, "fleetsh: %.200s: ", shim->name);
    va_start(args, format);
    len += vsnprintf(line + len, sizeof line - (size_t)len, format, args);
    va_end(args);
    if (len > (int)sizeof line - 2)
        len = sizeof line - 2;
    line[len++] = '\n';
    write_line(2, line, (size_t)len);
}

static double ms(uint64_t from, uint64_t to)
{
    return to > from && from ? (double)(to - from) / 1e6 : 0;
}

void report_open_trace(struct shim *shim)
{
    const char *file = getenv("FLEETSH_VMTRACE_FILE");
    if (!shim->args.trace)
        return;
    shim->trace_fd = file && file[0] ? open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : -1;
    if (shim->trace_fd < 0)
        shim->trace_fd = fcntl(2, F_DUPFD_CLOEXEC, 3);
}

void report_trace(const struct shim *shim, const char *status)
{
    char line[1024];
    uint64_t end = now_ns();
    double first =
        shim->end.first_out_ns ? ms(shim->at.begun, shim->at.sent) + (double)shim->end.first_out_ns / 1e6 : 0;
    int len = snprintf(line, sizeof line,
                       "vmtrace: vm=%llu domain=%.63s command=%.100s wired=%s%s lease=%.2fms started=%.2fms "
                       "first-byte=%.2fms total=%.2fms files=%llu status=%s%s\n",
                       (unsigned long long)shim->grant.vm, shim->grant.domain, shim->name,
                       shim->args.wire_in ? "i" : "-", shim->args.wire_out ? "o" : "-",
                       ms(shim->at.begun, shim->at.granted), ms(shim->at.sent, shim->at.started), first,
                       ms(shim->at.begun, end), (unsigned long long)shim->p9.requests, status,
                       shim->grant.warm ? "" : " cold");
    if (shim->trace_fd >= 0)
        write_line(shim->trace_fd, line, (size_t)(len < (int)sizeof line ? len : (int)sizeof line - 1));
}

/* Where the shell became this command, what it would do at its end is ours to do. */
static void end_session(const struct shim *shim)
{
    const char *tmpdir = grants_tmpdir(shim);
    if (shim->args.last && tmpdir)
        rmdir(tmpdir);
}

static void end_reports(struct shim *shim, const char *status)
{
    report_trace(shim, status);
    events_report(shim);
    end_session(shim);
}

_Noreturn void report_failure(struct shim *shim, int status)
{
    char text[16];
    snprintf(text, sizeof text, "%d", status);
    end_reports(shim, text);
    if (shim->boot)
        boot_net_end(&shim->boot->net);
    _exit(status);
}

static _Noreturn void end_not_executed(struct shim *shim)
{
    int err = (int)shim->end.value;
    report(shim, "%s%s%s", shim->last_log[0] ? shim->last_log : "cannot be run",
           shim->last_log[0] ? ": " : ": ", strerror(err));
    report_failure(shim, err == ENOENT ? 127 : 126);
}

_Noreturn void report_end(struct shim *shim)
{
    char text[32];
    if (!shim->exited) {
        bool told = shim->last_log[0];
        report(shim, "%s%s%s%s", shim->lost, told ? " (the guest said: " : "", shim->last_log,
               told ? ")" : "");
        lease_log(shim, shim->lost);
        report_failure(shim, STATUS_LOST);
    }
    if (!shim->cut_short)
        lease_done(shim);
    vmproc_usage_add(shim->args.usage_fd, &(struct vmproc_cpu){shim->end.user_ns, shim->end.system_ns});
    switch (shim->end.how) {
    case CTL_EXIT_STATUS:
        report_failure(shim, (int)(shim->end.value & 0xff));
    case CTL_EXIT_SIGNAL:
        snprintf(text, sizeof text, "signal-%u", shim->end.value);
        end_reports(shim, text);
        signals_die_of((int)shim->end.value);
    default:
        end_not_executed(shim);
    }
}
