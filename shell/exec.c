/* exec.c - command search (XCU 2.9.1.4) and becoming the command found. */
#include "shell/exec.h"
#include "shell/authority.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/out.h"
#include "shell/readahead.h"
#include "shell/shell.h"
#include "shell/simple.h"
#include "shell/symbol.h"
#include "shell/tmpdir.h"
#include "shell/trap.h"
#include "vmproc/events.h"
#include "vmproc/parts.h"
#include "vmproc/toolbox.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SELF            "/proc/self/exe"
#define MAX_INTERPRETER 4   /* #! whose interpreter is a #! script itself, and so on */
#define SCRIPT_HEAD     256 /* bytes of a #! line that count, as for the kernel */

struct command_path {
    char text[1]; /* NUL-terminated, as long as it is */
};

/* 0 when path is a file that may be executed, else errno. */
static int check_executable(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return errno;
    if (!S_ISREG(status.st_mode))
        return S_ISDIR(status.st_mode) ? EISDIR : EACCES;
    return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0 ? 0 : errno;
}

/* Whether path, which ends in the command's name, is a link to the toolbox's program in the toolbox. */
static bool is_applet(const char *path)
{
    const char *toolbox = vmproc_toolbox();
    size_t len = toolbox ? strlen(toolbox) : 0;

    return toolbox && strncmp(path, toolbox, len) == 0 && path[len] == '/' && !strchr(path + len + 1, '/') &&
           part_is_toolbox_program(path);
}

/*
 * Searches the directories of path for the command that argv calls; the result is in sh->scratch. An applet that is no
 * substitute for the program of its name (vmproc/toolbox.h) is found where there is no other.
 */
static const char *search(struct shell *sh, char *const *argv, const char *path, int *error)
{
    const char *name = argv[0], *applet = NULL;
    size_t name_len = strlen(name), size = strlen(path) + name_len + sizeof "/.vm";
    char *candidate = arena_alloc(&sh->scratch, size);

    *error = ENOENT;
    for (;; path++) {
        size_t len = strcspn(path, ":"), at = len;

        memcpy(candidate, path, len);
        if (len > 0 && candidate[len - 1] != '/')
            candidate[at++] = '/';
        memcpy(candidate + at, name, name_len + 1);
        int problem = check_executable(candidate);
        if (problem == ENOENT && !shell_executes(sh)) {
            /* An image of that name. */
            memcpy(candidate + at + name_len, ".vm", sizeof ".vm");
            problem = check_executable(candidate);
        }
        if (problem == 0 && (applet || toolbox_fits(argv) || !is_applet(candidate)))
            return candidate;
        if (problem == 0)
            applet = strcpy(arena_alloc(&sh->scratch, size), candidate);
        /* A file that may not be executed counts only when no later directory has a better one. */
        if (problem == EACCES && *error == ENOENT)
            *error = EACCES;
        path += len;
        if (*path == '\0')
            return applet;
    }
}

static void remember(struct symbol *symbol, const char *path)
{
    size_t size = strlen(path) + 1;

    symbol->path = xmalloc(sizeof *symbol->path + size);
    memcpy(symbol->path->text, path, size);
}

static void forget(struct symbol *symbol, void *context)
{
    (void)context;
    free(symbol->path);
    symbol->path = NULL;
    symbol->builtin_found = false;
}

const char *exec_find(struct shell *sh, struct symbol *symbol, const char *path_override, int *error)
{
    const char *path = path_override ? path_override : var_get_name(sh, "PATH");
    const char *found;

    if (strchr(symbol->name, '/')) {
        *error = check_executable(symbol->name);
        return *error == 0 ? symbol->name : NULL;
    }
    if (symbol->path && !path_override) {
        if (check_executable(symbol->path->text) == 0)
            return symbol->path->text;
        forget(symbol, NULL);
    }
    if (*symbol->name == '\0') {
        *error = ENOENT;
        return NULL;
    }
    found = search(sh, (char *[]){symbol->name, NULL}, path ? path : "", error);
    if (!found || path_override || found[0] != '/')
        return found; /* relative to a directory that may change: not remembered */
    remember(symbol, found);
    return symbol->path->text;
}

const struct builtin *exec_builtin(struct shell *sh, struct symbol *symbol)
{
    const struct builtin *builtin = symbol->builtin;
    struct arena_mark mark;
    const char *path, *found;
    int error;

    if (!builtin || !sh->options.posix || symbol->builtin_found ||
        builtin->flags & (BUILTIN_SPECIAL | BUILTIN_INTRINSIC))
        return builtin;
    path = var_get_name(sh, "PATH");
    if (!path)
        return builtin;
    mark = arena_mark(&sh->scratch);
    found = search(sh, (char *[]){symbol->name, NULL}, path, &error);
    symbol->builtin_found = found && found[0] == '/'; /* what is relative may be elsewhere the next time */
    arena_release(&sh->scratch, mark);
    return found ? builtin : NULL;
}

void exec_forget_all(struct shell *sh, struct symbol *path_symbol)
{
    (void)sh;
    (void)path_symbol;
    symbol_each(forget, NULL);
}

/* ---- becoming the command ---- */

struct command {
    const char *path;
    char **argv;
    char **envp;
};

_Noreturn static void fail(struct shell *sh, const char *name, int error, const char *reason)
{
    if (reason)
        error_print(sh, "%s: %s", name, reason);
    else
        error_print_errno(sh, error, "%s", name);
    sh->status = error == ENOENT ? 127 : 126;
    shell_exit(sh);
}

static size_t count(char **argv)
{
    size_t n = 0;

    while (argv[n])
        n++;
    return n;
}

/* The words of head (NULL-terminated), then argv[1...]. */
static char **prepend(struct shell *sh, const char *const *head, char **argv)
{
    size_t n = 0, rest = count(argv);
    char **result;

    while (head[n])
        n++;
    result = arena_alloc(&sh->scratch, (n + rest) * sizeof *result);
    memcpy(result, head, n * sizeof *result);
    memcpy(result + n, argv + 1, rest * sizeof *result); /* the NULL as well */
    return result;
}

/* A shell in a new process image goes on where this one is (the on utility). */
static char **with_router(struct shell *sh, char **envp)
{
    size_t n = count(envp);
    char **result, *text;

    if (!sh->router)
        return envp;
    result = arena_alloc(&sh->scratch, (n + 2) * sizeof *result);
    text = arena_alloc(&sh->scratch, sizeof SHELL_ON "=" + strlen(sh->router));
    strcpy(stpcpy(text, SHELL_ON "="), sh->router);
    memcpy(result, envp, n * sizeof *result);
    result[n] = text;
    result[n + 1] = NULL;
    return result;
}

/* The script is run by this shell in a new process image (2.9.1.4 1.b.ii). argument: of the #! line, or NULL.
 */
_Noreturn static void become_shell(struct shell *sh, const struct command *command, const char *argument)
{
    const char *head[12] = {"fleetsh"}, *modes[4];
    size_t n = 1;

    if (sh->options.host) {
        head[n++] = "-o";
        head[n++] = "host";
    }
    authority_options(sh, modes);
    for (size_t i = 0; modes[i]; i++) {
        head[n++] = "-o";
        head[n++] = modes[i];
    }
    if (argument)
        head[n++] = argument;
    head[n] = command->path;
    execve(SELF, prepend(sh, head, command->argv), with_router(sh, command->envp));
    fail(sh, command->argv[0], errno, NULL);
}

/* The interpreter and its one argument from a #! line. Returns false when there is none. */
static bool parse_interpreter(const char *path, char line[SCRIPT_HEAD], char **interpreter, char **argument)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : read(fd, line, SCRIPT_HEAD - 1);

    if (fd >= 0)
        close(fd);
    if (len < 2)
        return false;
    line[len] = '\0';
    line[strcspn(line, "\n")] = '\0';
    for (char *end = line + strlen(line); end > line && strchr(" \t\r", end[-1]);)
        *--end = '\0';
    *interpreter = line + 2 + strspn(line + 2, " \t");
    char *after = *interpreter + strcspn(*interpreter, " \t");
    *argument = NULL;
    if (*after) {
        *after++ = '\0';
        after += strspn(after, " \t");
        *argument = after;
    }
    return **interpreter != '\0';
}

/* Whether a #! line names the language that this shell runs: .../sh, .../fleetsh, /usr/bin/env sh. */
static bool is_our_language(const char *interpreter, char **argument)
{
    const char *base = strrchr(interpreter, '/');

    base = base ? base + 1 : interpreter;
    if (strcmp(base, "env") == 0 && *argument) {
        bool ours = strcmp(*argument, "sh") == 0 || strcmp(*argument, "fleetsh") == 0;

        if (ours)
            *argument = NULL;
        return ours;
    }
    return strcmp(base, "sh") == 0 || strcmp(base, "fleetsh") == 0;
}

/* What `with` gives is for one command: it would not reach those of a script. */
_Noreturn static void become_script(struct shell *sh, const struct command *command, const char *argument,
                                    const struct external *how)
{
    if (how->given_count > 0)
        fail(sh, command->argv[0], ENOEXEC,
             "is a script: use `with` inside it, for the command that needs it");
    become_shell(sh, command, argument);
}

/* The spec that a command is, or that lies beside it; an image is its own. NULL: none. */
static const char *find_spec(struct shell *sh, const char *path, int kind)
{
    char beside[PATH_MAX];

    if (kind == VMPROC_SPEC)
        return path;
    if ((kind != VMPROC_PROGRAM && kind != VMPROC_FOREIGN && kind != VMPROC_IMAGE) ||
        !vmproc_spec_beside(path, beside))
        return kind == VMPROC_IMAGE ? path : NULL;
    return strcpy(arena_alloc(&sh->scratch, strlen(beside) + 1), beside);
}

/* What all commands of a shell have in common, that are wired so. */
static struct vmproc_command of_this_shell(const struct shell *sh, const struct exec_wiring *wiring)
{
    return (struct vmproc_command){
        .lease_fd = wiring->lease_fd,
        .wire_in = wiring->wire_in,
        .wire_out = wiring->wire_out,
        .pipeline = wiring->pipeline,
        /* At the top level the shim takes this very process's place: nobody is left to watch. */
        .lifeline_fd = sh->subshell_depth > 0 ? sh->lifeline.read_fd : -1,
        .usage_fd = sh->usage.fd,
        .shell_pid = sh->pid,
        .trace = sh->options.vmtrace,
        .events_fd = sh->events.fd,
        .strace_fd = -1,
    };
}

_Noreturn static void become_vm(struct shell *sh, struct command command, const struct exec_wiring *wiring,
                                const struct external *how)
{
    const char *name = command.argv[0], *reason = NULL;

    for (int depth = 0; depth < MAX_INTERPRETER; depth++) {
        char *line, *interpreter, *argument;
        int kind = vmproc_kind(command.path, &reason);

        if (kind < 0)
            fail(sh, name, -kind, NULL);
        if (kind == VMPROC_NOT_RUNNABLE)
            fail(sh, name, ENOEXEC, reason);
        if (kind == VMPROC_TEXT)
            become_script(sh, &command, NULL, how);
        const char *spec = find_spec(sh, command.path, kind);
        if (kind == VMPROC_PROGRAM || kind == VMPROC_FOREIGN || spec) {
            struct policy policy;
            if (!authority_policy(sh, how, &policy))
                fail(sh, name, ENOMEM, NULL);
            struct vmproc_command vm = of_this_shell(sh, wiring);
            vm.path = command.path;
            vm.argv = command.argv;
            vm.envp = command.envp;
            vm.own_files = how->own_files;
            vm.last = sh->subshell_depth == 0 && tmpdir_is_ours(sh);
            vm.strace_fd = sh->strace.fd;
            vm.strace_flags = sh->strace.flags;
            vm.spec = spec;
            vm.policy = &policy;

            /* The shim ends it: from fork(2) to its first instruction. */
            event_begin(sh->events.fd, getpid(), EVENT_SHELL, "fork, exec",
                        sh->events.forked_ns ? sh->events.forked_ns : event_now_ns());

            int error = -vmproc_exec(&vm);
            fail(sh, name, error == ENOENT ? EIO : error,
                 error != ENOENT ? NULL
                 : spec ? "vmproc-spec is missing; FLEETSH_LIBEXEC_DIR can say where fleetsh's parts are"
                        : "vmproc-run is missing; FLEETSH_LIBEXEC_DIR can say where fleetsh's parts are");
        }
        line = arena_alloc(&sh->scratch, SCRIPT_HEAD);
        if (!parse_interpreter(command.path, line, &interpreter, &argument))
            fail(sh, name, ENOEXEC, "bad #! line");
        if (is_our_language(interpreter, &argument))
            become_script(sh, &command, argument, how);
        command.argv = prepend(sh,
                               (const char *[]){interpreter, argument ? argument : command.path,
                                                argument ? command.path : NULL, NULL},
                               command.argv);
        command.path = interpreter;
    }
    fail(sh, name, ELOOP, NULL);
}

void exec_nothing(struct shell *sh)
{
    char shell[PATH_MAX], end[] = "exit 255";
    char *argv[] = {"sh", "-c", end, NULL}, *envp[] = {NULL};

    if (!sh->wiring || sh->wiring->lease_fd < 0)
        return;
    if ((size_t)snprintf(shell, sizeof shell, "%s/sh", vmproc_toolbox()) >= sizeof shell)
        return;
    snprintf(end, sizeof end, "exit %d", sh->status & 0xff);
    trap_before_exec(sh);
    struct vmproc_command vm = of_this_shell(sh, sh->wiring);
    vm.path = shell;
    vm.argv = argv;
    vm.envp = envp;
    vmproc_exec(&vm);
}

void exec_unwire(struct shell *sh)
{
    struct exec_wiring *wiring = sh->wiring;

    if (!wiring || wiring->lease_fd < 0)
        return;
    close(wiring->lease_fd);
    wiring->lease_fd = -1;
    wiring->wire_in = wiring->wire_out = false;
}

_Noreturn static void become_host_process(struct shell *sh, const struct command *command)
{
    const char *reason = NULL;
    int error, kind;

    execve(command->path, command->argv, command->envp);
    error = errno;
    kind = error == ENOEXEC ? vmproc_kind(command->path, &reason) : VMPROC_NOT_RUNNABLE;
    if (kind == VMPROC_SPEC || kind == VMPROC_IMAGE)
        reason = kind == VMPROC_SPEC ? "an image spec: it runs in a VM only"
                                     : "a bootable image: it runs in a VM only";
    else if (kind != VMPROC_NOT_RUNNABLE)
        become_shell(sh, command, NULL);
    fail(sh, command->argv[0], error, reason);
}

/* What is run for argv, for which a search by the name alone has found path. */
static const char *stand_in(struct shell *sh, const char *path, char **argv, const char *path_override)
{
    const char *list = path_override ? path_override : var_get_name(sh, "PATH"), *found, *reason;
    int error;

    if (strchr(argv[0], '/') || toolbox_fits(argv) || !list || !is_applet(path))
        return path;
    found = search(sh, argv, list, &error);
    /* A stage is wired for a program. */
    return found && vmproc_kind(found, &reason) == VMPROC_PROGRAM ? found : path;
}

_Noreturn void exec_command(struct shell *sh, const char *path, char **argv, char **envp,
                            const struct exec_wiring *wiring, const struct external *how)
{
    const struct command command = {stand_in(sh, path, argv, how->path), argv, envp};

    readahead_sync(sh);
    out_flush(sh);
    trap_before_exec(sh);
    if (sh->subshell_depth == 0)
        vmproc_lifeline_detach(&sh->lifeline); /* what runs in the background outlives this shell */
    if (how->on_host || shell_executes(sh))
        become_host_process(sh, &command);
    become_vm(sh, command, wiring, how);
}
