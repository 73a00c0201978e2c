/*
 * cwd.h - the logical working directory (XBD 8.3 PWD, XCU cd, pwd).
 */
#ifndef BUILTINS_CWD_H
#define BUILTINS_CWD_H

#include <stdbool.h>

struct shell;

/* The value of PWD if it is an absolute pathname of the working directory without . and .. components, else
 * NULL. */
const char *cwd_logical(struct shell *sh);

/* The working directory without symbolic links, malloc'ed; NULL with errno. */
char *cwd_physical(void);

/* A descriptor (O_PATH) of the directory path, which may be longer than PATH_MAX; -1 with errno. */
int cwd_open(const char *path);

/*
 * XCU cd, step 8, on the absolute pathname path, in place: removes . components, and .. components together
 * with what stands before them; joins slashes. Returns 0, or errno when what stands before a .. is no
 * directory; then path is cut to that pathname, for the message.
 */
int cwd_canonicalize(char *path);

#endif
