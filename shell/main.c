/* main.c - sh (XCU sh): from the command line to the commands. */
#include "shell/arguments.h"
#include "shell/error.h"
#include "shell/eval.h"
#include "shell/exec.h"
#include "shell/expand.h"
#include "shell/input.h"
#include "shell/job.h"
#include "shell/prompt.h"
#include "shell/redir.h"
#include "shell/shell.h"
#include "shell/symbol.h"
#include "shell/tmpdir.h"
#include "shell/trap.h"
#include "shell/var.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A start-up file: commands run in this environment. One that cannot be read is no error. */
static void run_file(struct shell *sh, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct input *input;

    if (fd < 0)
        return;
    input = input_from_fd(redir_move_high(fd), false);
    input_set_name(input, path);
    eval_input(sh, input, 0);
    input_free(input);
    if (sh->unwind != UNWIND_EXIT)
        sh->unwind = UNWIND_NONE;
}

static void run_profiles(struct shell *sh)
{
    const char *home;
    char path[4096];

    run_file(sh, "/etc/profile");
    prompt_after_profile(sh);
    home = var_get_name(sh, "HOME");
    if (sh->unwind == UNWIND_NONE && home && *home &&
        snprintf(path, sizeof path, "%s/.profile", home) < (int)sizeof path)
        run_file(sh, path);
    if (!sh->options.host)
        shell_use_toolbox(sh); /* profiles set PATH for any shell */
}

/* XCU sh, ENV: expanded, an absolute pathname, and only when nobody else's rights are in use. */
static void run_env(struct shell *sh)
{
    const char *env = var_get_name(sh, "ENV");
    struct arena_mark mark = arena_mark(&sh->scratch);

    if (!env || geteuid() != getuid() || getegid() != getgid())
        return;
    env = expand_prompt(sh, env);
    if (env[0] == '/')
        run_file(sh, env);
    arena_release(&sh->scratch, mark);
}

/* The commands of a user: an error comes back to the prompt (2.8.1). */
static void run_interactive(struct shell *sh)
{
    struct input *input = input_interactive(sh);

    do {
        sh->unwind = UNWIND_NONE;
        sh->tested = sh->loop_depth = sh->call_depth = 0;
        eval_input(sh, input, EVAL_MORE);
        if (sh->unwind == UNWIND_ERROR &&
            sh->status == 128 + SIGINT) /* behind the ^C that the terminal shows */
            dprintf(STDERR_FILENO, "\n");
    } while (sh->unwind == UNWIND_NONE ? job_warn_stopped(sh) : sh->unwind != UNWIND_EXIT);
    input_free(input);
}

static int open_script(struct shell *sh, const char *name)
{
    int fd = open(name, O_RDONLY | O_CLOEXEC), error = errno;
    const char *reason;

    if (fd < 0 && error == ENOENT && !strchr(name, '/')) {
        const char *found = exec_find(sh, symbol_intern(name, strlen(name)), NULL, &(int){0});

        if (found)
            fd = open(name = found, O_RDONLY | O_CLOEXEC);
    }
    if (fd < 0) {
        error_print_errno(sh, error, "%s", name);
        sh->status = error == ENOENT || error == ENOTDIR ? 127 : 126;
        shell_exit(sh);
    }
    switch (vmproc_kind(name, &reason)) {
    case -EISDIR:
        error_print_errno(sh, EISDIR, "%s", name);
        break;
    case VMPROC_PROGRAM:
    case VMPROC_FOREIGN:
    case VMPROC_IMAGE:
    case VMPROC_SPEC:
    case VMPROC_NOT_RUNNABLE:
        error_print(sh, "%s: not a shell script", name);
        break;
    default:
        return redir_move_high(fd);
    }
    sh->status = 126;
    shell_exit(sh);
}

static void run_input(struct shell *sh, const struct arguments *arguments)
{
    struct input *input;

    if (arguments->command) {
        eval_string(sh, arguments->command, strlen(arguments->command), 1, EVAL_EXIT);
        return;
    }
    input = arguments->file ? input_from_fd(open_script(sh, arguments->file), false)
                            : input_from_fd(STDIN_FILENO, true);
    eval_input(sh, input, 0);
    input_free(input);
}

static void begin_session(struct shell *sh, const struct arguments *arguments)
{
    bool terminal = !arguments->command && !arguments->file && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);

    sh->login = arguments->login;
    sh->interactive = arguments->wants_interactive || (terminal && !arguments->no_interactive);
    sh->options.interactive = sh->interactive;
    positional_set(sh, (unsigned)arguments->count, arguments->operands);
    if (!sh->options.host)
        shell_use_toolbox(sh);
    if (!shell_executes(sh))
        tmpdir_begin(sh);
    if (sh->interactive) {
        trap_set_interactive(sh);
        prompt_set_defaults(sh);
        if (!shell_executes(sh))
            vmproc_wake();
    }
    if (arguments->wants_monitor || (sh->interactive && !arguments->no_monitor && !sh->nested))
        option_set(sh, 'm', NULL, true);
}

int main(int argc, char **argv)
{
    static struct shell shell;
    struct shell *sh = &shell;
    struct arguments arguments;
    extern char **environ;

    const char *router = getenv(SHELL_ON);

    unsetenv(SHELL_ON);
    shell_init(sh, argc, argv, environ);
    sh->router = router && *router ? router : NULL;
    arguments_parse(sh, argc, argv, &arguments);
    begin_session(sh, &arguments);
    if (sh->login)
        run_profiles(sh);
    if (sh->interactive && sh->unwind == UNWIND_NONE)
        run_env(sh);
    if (sh->unwind == UNWIND_EXIT)
        shell_exit(sh);
    if (sh->interactive && !arguments.command && !arguments.file)
        run_interactive(sh);
    else
        run_input(sh, &arguments);
    shell_exit(sh);
}
