/*
 * log.h - vmprocd's log: standard error, which whoever starts vmprocd has led to vmprocd.log in the runtime
 * directory. One line per event, with the time.
 */
#ifndef VMPROC_DAEMON_LOG_H
#define VMPROC_DAEMON_LOG_H

void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * When standard error is the file NAME in the directory and that has grown past the limit, renames it to
 * NAME.old (replacing one) and goes on in a new one.
 */
void log_limit(int dir_fd, const char *name);

#endif
