/* file_text.h - what an editor has left in a file, for fc and the line editor's external editor. */
#ifndef SHELL_FILE_TEXT_H
#define SHELL_FILE_TEXT_H

#include <stddef.h>

/* The file's text up to its first NUL, malloc'ed and the caller's, ended by NUL; NULL with errno. */
char *file_text(const char *path, size_t *len);

#endif
