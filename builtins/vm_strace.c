/* vm_strace.c - shims write the lines; here it is decided where to, and what runs already is waited for. */
#include "builtins/vm_programs.h"
#include "builtins/vm_select.h"
#include "shell/error.h"
#include "shell/shell.h"
#include "shell/trap.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OWN_FD 10 /* descriptors below are the user's */

struct strace_options {
    const char *file;   /* NULL: standard error */
    const char *target; /* of -p; NULL: none */
    unsigned flags;
};

/* Takes the options off; false: usage error. */
static bool take_options(struct strace_options *options, int *argc, char ***argv)
{
    *options = (struct strace_options){0};
    for (; *argc > 0 && (**argv)[0] == '-' && (**argv)[1]; --*argc, ++*argv) {
        const char *option = **argv;
        if (strcmp(option, "--") == 0) {
            --*argc;
            ++*argv;
            break;
        }
        if ((strcmp(option, "-o") == 0 || strcmp(option, "-p") == 0) && *argc > 1) {
            *(option[1] == 'o' ? &options->file : &options->target) = (*argv)[1];
            --*argc;
            ++*argv;
        } else if (option[1 + strspn(option + 1, "tT")] == '\0') {
            options->flags |= strchr(option, 't') ? STRACE_TIME : 0;
            options->flags |= strchr(option, 'T') ? STRACE_TOOK : 0;
        } else {
            return false;
        }
    }
    return options->target ? *argc == 0 : *argc > 0;
}

/* Close-on-exec, above the user's own. */
static int move_up(int fd)
{
    int own = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, OWN_FD), error = errno;

    if (fd > STDERR_FILENO)
        close(fd);
    errno = error;
    return own;
}

static int open_output(struct shell *sh, const char *file)
{
    int fd =
        move_up(file ? open(file, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666) : STDERR_FILENO);

    if (fd < 0)
        error_print_errno(sh, errno, "vm: %s", file ? file : "strace");
    return fd;
}

/* ---- a command of this shell ---- */

static int trace_command(struct shell *sh, const struct strace_options *options, int output, int argc,
                         char **argv)
{
    int outer_fd = sh->strace.fd;
    unsigned outer_flags = sh->strace.flags;

    sh->strace.fd = output;
    sh->strace.flags = options->flags | STRACE_PID;
    vm_run_operands(sh, argc, argv);
    sh->strace.fd = outer_fd;
    sh->strace.flags = outer_flags;
    return sh->status;
}

/* ---- what runs already ---- */

static bool write_until_told(int fd, const char *bytes, ssize_t len)
{
    while (len > 0 && !trap_pending) {
        ssize_t n = write(fd, bytes, (size_t)len);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            bytes += n;
            len -= n;
        }
    }
    return true;
}

/* Until the last of them has ended, or the user has seen enough: then the pipe is closed, and they write no more. */
static int copy_lines(struct shell *sh, int from, int to)
{
    struct pollfd waiting = {.fd = from, .events = POLLIN};
    char bytes[16384];
    ssize_t n = 1;

    while (n > 0 && !trap_pending) {
        if (poll(&waiting, 1, -1) < 0)
            continue;
        n = read(from, bytes, sizeof bytes);
        if (n > 0 && !write_until_told(to, bytes, n)) {
            error_print_errno(sh, errno, "vm: strace");
            return 1;
        }
    }
    return 0;
}

static int request_all(struct shell *sh, const struct strace_options *options, struct vm_list *list, int fd)
{
    unsigned flags = options->flags | STRACE_PIPE | (list->count > 1 ? STRACE_PID : 0);
    int status = 0;

    for (size_t i = 0; i < list->count; i++)
        status |= vm_request_strace(sh, list->items[i].vm, fd, flags);
    return status;
}

static int trace_running(struct shell *sh, const struct strace_options *options, int output)
{
    struct vm_selector selector;
    struct vm_list list;
    int pipe_fds[2], status;

    if (!vm_select(sh, options->target, &selector) || vm_fetch_list(sh, &list) != 0)
        return 1;
    list.count = vm_filter(&list, &selector);
    status = list.count == 0;
    if (status)
        error_print(sh, "vm: %s: no such VM", options->target);
    else if (pipe2(pipe_fds, O_CLOEXEC) < 0) {
        error_print_errno(sh, errno, "vm: strace");
        status = 1;
    } else {
        status = request_all(sh, options, &list, pipe_fds[1]);
        close(pipe_fds[1]);
        if (status == 0)
            status = copy_lines(sh, pipe_fds[0], output);
        close(pipe_fds[0]);
    }
    free(list.items);
    return status;
}

int vm_strace(struct shell *sh, int argc, char **argv)
{
    struct strace_options options;
    int output, status;

    if (!take_options(&options, &argc, &argv)) {
        error_print(sh, "vm: usage: vm strace [-tT] [-o FILE] COMMAND... | -p VM|%%job");
        return 2;
    }
    output = open_output(sh, options.file);
    if (output < 0)
        return 1;
    status = options.target ? trace_running(sh, &options, output)
                            : trace_command(sh, &options, output, argc, argv);
    close(output);
    return status;
}
