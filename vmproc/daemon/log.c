#include "log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOG_MAX_BYTES (1 << 20)

void log_line(const char *format, ...)
{
    char text[1024], stamp[32];
    struct timespec now;
    struct tm tm;
    va_list ap;

    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &tm);
    strftime(stamp, sizeof stamp, "%F %T", &tm);
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    for (char *p = text; *p; p++)
        if ((unsigned char)*p < ' ')
            *p = ' '; /* libvirt's messages may have several lines */
    dprintf(STDERR_FILENO, "%s.%03ld vmprocd[%d]: %s\n", stamp, now.tv_nsec / 1000000, (int)getpid(), text);
}

void log_limit(int dir_fd, const char *name)
{
    struct stat ours, file;
    char old[64];
    int fd;

    if (fstat(STDERR_FILENO, &ours) < 0 || ours.st_size < LOG_MAX_BYTES)
        return;
    if (fstatat(dir_fd, name, &file, 0) < 0 || file.st_dev != ours.st_dev || file.st_ino != ours.st_ino)
        return;
    snprintf(old, sizeof old, "%s.old", name);
    renameat(dir_fd, name, dir_fd, old);
    fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return;
    dup2(fd, STDERR_FILENO);
    dup2(fd, STDOUT_FILENO);
    close(fd);
}
