/* . file [argument...] - XCU dot: special built-in utility; arguments are an extension of other shells'. */
#include "builtins/builtins.h"
#include "shell/arena.h"
#include "shell/error.h"
#include "shell/eval.h"
#include "shell/input.h"
#include "shell/redir.h"
#include "shell/shell.h"
#include "shell/var.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_file(const char *path)
{
    struct stat status;
    int fd;

    do
        fd = open(path, O_RDONLY | O_CLOEXEC);
    while (fd < 0 && errno == EINTR); /* a FIFO; a trap's action runs between commands */
    if (fd >= 0 && fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
        close(fd);
        errno = EISDIR;
        return -1;
    }
    return fd < 0 ? fd : redir_move_high(fd);
}

/* A name without a slash is looked for in PATH; it need only be readable. */
static int open_by_path(struct shell *sh, const char *name)
{
    const char *path = var_get_name(sh, "PATH");
    char *candidate;

    if (strchr(name, '/'))
        return open_file(name);
    path = path ? path : "";
    candidate = arena_alloc(&sh->scratch, strlen(path) + strlen(name) + 2);
    for (;; path++) {
        size_t len = strcspn(path, ":"), at = len;

        memcpy(candidate, path, len);
        if (len > 0)
            candidate[at++] = '/';
        strcpy(candidate + at, name);
        int fd = open_file(candidate);
        if (fd >= 0)
            return fd;
        path += len;
        if (*path == '\0') {
            errno = ENOENT;
            return -1;
        }
    }
}

static int run(struct shell *sh, const char *name, int fd, bool shielded, int argc, char **argv)
{
    struct positional outer = sh->positional;
    struct input *input = input_from_fd(fd, false);
    char *copy = xstrdup(name); /* what it was an argument of may be gone by then */

    if (argc > 0)
        sh->positional = (struct positional){.items = argv, .count = (unsigned)argc, .borrowed = true};
    input_set_name(input, copy);
    sh->call_depth++;
    eval_input(sh, input, 0); /* break and continue reach the loops around it, as in other shells */
    sh->call_depth--;
    if (argc > 0) {
        positional_free(&sh->positional);
        sh->positional = outer;
    }
    if (sh->unwind == UNWIND_RETURN || (shielded && input_error(input) != 0))
        sh->unwind = UNWIND_NONE;
    input_free(input);
    free(copy);
    return sh->status;
}

int builtin_dot(struct shell *sh, int argc, char **argv)
{
    int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1, fd;
    bool shielded = sh->shielded;

    sh->shielded = false; /* not what the file does */
    if (first >= argc) {
        error_unwind(sh, 2, ".: a file is missing");
        goto failed;
    }
    if (sh->call_depth == SHELL_MAX_CALLS) {
        error_unwind(sh, 2, ".: %s: files are nested more than %d deep", argv[first], SHELL_MAX_CALLS);
        return sh->status;
    }
    fd = open_by_path(sh, argv[first]);
    if (fd >= 0)
        return run(sh, argv[first], fd, shielded, argc - first - 1, argv + first + 1);
    error_unwind(sh, 1, ".: %s: %s", argv[first], strerror(errno));
failed:
    if (shielded)
        sh->unwind = UNWIND_NONE;
    return sh->status;
}
