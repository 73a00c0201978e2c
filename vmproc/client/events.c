/* events.c - lines of a trace. */
#include "vmproc/events.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define LINE      1024
#define NAME_ROOM 400 /* bytes of a name, escaped */

uint64_t event_now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

__attribute__((format(printf, 2, 3))) static void put_line(int fd, const char *format, ...)
{
    char line[LINE];
    va_list args;
    int len;

    if (fd < 0)
        return;
    va_start(args, format);
    len = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (len > 0 && len < LINE && write(fd, line, (size_t)len) < 0)
        return; /* there is nobody to tell */
}

/* Of JSON; what is not ASCII becomes '?', so that no encoding matters. */
static void escape(const char *text, char out[NAME_ROOM])
{
    size_t len = 0;

    for (; *text && len < NAME_ROOM - 2; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            out[len++] = '\\';
        out[len++] = c < 0x20 || c >= 0x7f ? '?' : (char)c;
    }
    out[len] = '\0';
}

/* The format's unit is a microsecond. */
#define US      "%" PRIu64 ".%03u"
#define us(ns_) (ns_) / 1000, (unsigned)((ns_) % 1000)

void event_slice(int fd, int pid, uint64_t track, const char *what, uint64_t from_ns, uint64_t to_ns)
{
    uint64_t length = to_ns > from_ns ? to_ns - from_ns : 0;

    put_line(fd,
             "{\"name\":\"%s\",\"ph\":\"X\",\"pid\":%d,\"tid\":%" PRIu64 ",\"ts\":" US ",\"dur\":" US "},\n",
             what, pid, track, us(from_ns), us(length));
}

void event_begin(int fd, int pid, uint64_t track, const char *what, uint64_t at_ns)
{
    put_line(fd, "{\"name\":\"%s\",\"ph\":\"B\",\"pid\":%d,\"tid\":%" PRIu64 ",\"ts\":" US "},\n", what, pid,
             track, us(at_ns));
}

void event_end(int fd, int pid, uint64_t track, uint64_t at_ns)
{
    put_line(fd, "{\"ph\":\"E\",\"pid\":%d,\"tid\":%" PRIu64 ",\"ts\":" US "},\n", pid, track, us(at_ns));
}

void event_instant(int fd, int pid, uint64_t track, const char *what, uint64_t at_ns)
{
    put_line(fd, "{\"name\":\"%s\",\"ph\":\"i\",\"s\":\"t\",\"pid\":%d,\"tid\":%" PRIu64 ",\"ts\":" US "},\n",
             what, pid, track, us(at_ns));
}

void event_name_process(int fd, int pid, const char *name)
{
    char text[NAME_ROOM];

    escape(name, text);
    put_line(fd, "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":%d,\"args\":{\"name\":\"%s\"}},\n", pid,
             text);
}

void event_name_track(int fd, int pid, uint64_t track, const char *name)
{
    char text[NAME_ROOM];

    escape(name, text);
    put_line(fd,
             "{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":%d,\"tid\":%" PRIu64
             ",\"args\":{\"name\":\"%s\"}},\n",
             pid, track, text);
}
