/* exec.c - replaces a forked child of the shell by the shim. */
#include "vmproc/parts.h"
#include "vmproc/shim_args.h"
#include "vmproc/vmproc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int keep_over_exec(int fd)
{
    if (fd >= 0 && fcntl(fd, F_SETFD, 0) < 0)
        return -errno;
    return 0;
}

int vmproc_exec(const struct vmproc_command *command)
{
    struct shim_args args = {
        .lease_fd = command->lease_fd,
        .wire_in = command->wire_in,
        .wire_out = command->wire_out,
        .pipeline = command->pipeline,
        .lifeline_fd = command->lifeline_fd,
        .usage_fd = command->usage_fd,
        .shell_pid = command->shell_pid,
        .trace = command->trace,
        .last = command->last,
        .own_files = command->own_files,
        .events_fd = command->events_fd,
        .parcel_fd = -1,
        .policy_fd = -1,
        .program_fd = -1,
        .strace_fd = command->strace_fd,
        .strace_flags = command->strace_flags,
        .boot_fd = -1,
    };
    char shim[PATH_MAX], options[SHIM_ARGS_MAX];
    char **argv;
    size_t argc = 0;
    int err = part_find(command->spec ? PART_SPEC : PART_SHIM, shim);
    if (!err && command->policy && !policy_is_ordinary(command->policy)) {
        args.policy_fd = policy_write(command->policy);
        if (args.policy_fd < 0)
            err = args.policy_fd;
    }
    if (err)
        return err;
    while (command->argv[argc])
        argc++;
    argv = malloc((argc + 4) * sizeof *argv);
    if (!argv)
        return -ENOMEM;
    shim_args_format(&args, options);
    argv[0] = command->spec ? "vmproc-spec" : "vmproc-run";
    argv[1] = options;
    argv[2] = (char *)(command->spec ? command->spec : command->path);
    memcpy(argv + 3, command->argv, (argc + 1) * sizeof *argv);
    err = keep_over_exec(command->lease_fd);
    if (!err)
        err = keep_over_exec(command->lifeline_fd);
    if (!err)
        err = keep_over_exec(command->usage_fd);
    if (!err)
        err = keep_over_exec(command->events_fd);
    if (!err)
        err = keep_over_exec(command->strace_fd);
    if (!err)
        err = keep_over_exec(args.policy_fd);
    if (!err) {
        execve(shim, argv, command->envp);
        err = -errno;
    }
    free(argv);
    return err;
}
