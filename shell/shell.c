/* shell.c - the beginning and the end of a shell execution environment (XCU 2.13). */
#include "shell/shell.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/exec.h"
#include "shell/job.h"
#include "shell/out.h"
#include "shell/readahead.h"
#include "shell/symbol.h"
#include "shell/tmpdir.h"
#include "shell/trap.h"
#include "shell/var.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"
#define MAX_STACK    (64ul << 20) /* as much as is counted on when there is no limit */
#define MAX_PATH     4096

/* A quarter is left for the parser and the expansions of the deepest command. */
static const char *stack_limit(void)
{
    const char *here = __builtin_frame_address(0);
    struct rlimit limit;

    if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur > MAX_STACK)
        limit.rlim_cur = MAX_STACK;
    return here - limit.rlim_cur / 4 * 3;
}

static void set_default(struct shell *sh, const char *name, const char *value)
{
    if (!var_get_name(sh, name))
        var_set_name(sh, name, value, 0);
}

/* PWD from the environment holds when it names the working directory (XCU sh, XBD 8.3). */
static void init_pwd(struct shell *sh)
{
    const char *pwd = var_get_name(sh, "PWD");
    struct stat named, here;
    char path[MAX_PATH];
    bool valid = pwd && pwd[0] == '/' && !strstr(pwd, "/./") && !strstr(pwd, "/../") &&
                 stat(pwd, &named) == 0 && stat(".", &here) == 0 && named.st_dev == here.st_dev &&
                 named.st_ino == here.st_ino;

    if (!valid && getcwd(path, sizeof path))
        var_set_name(sh, "PWD", path, VAR_EXPORT);
}

void shell_init(struct shell *sh, int argc, char **argv, char **environment)
{
    struct symbol *path = symbol_intern("PATH", 4);

    memset(sh, 0, sizeof *sh);
    sh->pid = getpid();
    sh->nested = vmproc_in_guest();
    sh->name = argc > 0 ? argv[0] : "fleetsh";
    sh->status_of_command_substitution = -1;
    sh->stack_limit = stack_limit();
    sh->lifeline = (struct vmproc_lifeline)VMPROC_LIFELINE_INIT;
    sh->usage = (struct vmproc_usage)VMPROC_USAGE_INIT;
    sh->events.fd = -1;
    sh->strace.fd = -1;
    out_init(sh);
    trap_init(sh);
    job_init(sh);
    builtin_register();
    var_import(sh, environment);
    set_default(sh, "PATH", DEFAULT_PATH);
    path->var.changed = exec_forget_all;
    set_default(sh, "PS4", "+ ");
    init_pwd(sh);
}

void shell_use_toolbox(struct shell *sh)
{
    const char *directory = vmproc_toolbox(), *wish = var_get_name(sh, "FLEETSH_TOOLBOX");
    const char *path = var_get_name(sh, "PATH");
    struct arena_mark mark = arena_mark(&sh->scratch);
    size_t len;
    char *joined;

    if (!directory || !path || (wish && !*wish))
        return;
    len = strlen(directory);
    for (const char *at = path; (at = strstr(at, directory)) != NULL; at += len)
        if ((at == path || at[-1] == ':') && (at[len] == ':' || at[len] == '\0'))
            return; /* a shell above has put it there, or the user elsewhere */
    joined = arena_alloc(&sh->scratch, len + strlen(path) + 2);
    stpcpy(stpcpy(stpcpy(joined, directory), ":"), path);
    var_set_name(sh, "PATH", joined, 0);
    arena_release(&sh->scratch, mark);
}

_Noreturn void shell_exit(struct shell *sh)
{
    sh->unwind = UNWIND_NONE;
    trap_run_exit(sh);
    out_flush(sh);
    readahead_sync(sh);
    if (sh->subshell_depth == 0) {
        if (trap_hung_up(sh))
            job_hang_up(sh);
        job_set_monitor(sh, false);
        tmpdir_end(sh);
        vmproc_lifeline_detach(&sh->lifeline);
    }
    if (trap_hung_up(sh)) { /* and so it is seen to end */
        signal(SIGHUP, SIG_DFL);
        raise(SIGHUP);
    }
    exec_nothing(sh);
    _exit(sh->status & 0xff);
}
