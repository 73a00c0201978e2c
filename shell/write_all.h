/* write_all.h - write(2) until all is written. */
#ifndef SHELL_WRITE_ALL_H
#define SHELL_WRITE_ALL_H

#include <stdbool.h>
#include <stddef.h>

/* Goes on after a short write and a signal. False with errno: what was written before that stays written. */
bool write_all(int fd, const char *text, size_t len);

#endif
