/* exit [n], return [n] - XCU exit, return: special built-in utilities. */
#include "builtins/builtins.h"
#include "builtins/number.h"
#include "shell/error.h"
#include "shell/job.h"
#include "shell/shell.h"
#include "shell/trap.h"

/* The operand, or $? (before the trap action, if this ends it). -1: reported. */
static int status_operand(struct shell *sh, int argc, char **argv, bool returns)
{
    const char *operand = number_operand(argc, argv);
    long value;
    int status = sh->status;

    if (!operand) {
        trap_status_before(sh, returns, &status);
        return status;
    }
    if (!number_parse(operand, &value)) {
        error_unwind(sh, 2, "%s: %s: not a number", argv[0], operand);
        return -1;
    }
    return (int)(value & 0xff);
}

int builtin_exit(struct shell *sh, int argc, char **argv)
{
    int status = status_operand(sh, argc, argv, false);

    if (status < 0)
        return 2;
    if (sh->subshell_depth == 0 && job_warn_stopped(sh))
        return 1;
    sh->unwind = UNWIND_EXIT;
    return status;
}

/* Outside of functions and dot scripts it ends the script, as in other shells' practice. */
int builtin_return(struct shell *sh, int argc, char **argv)
{
    int status = status_operand(sh, argc, argv, true);

    if (status < 0)
        return 2;
    sh->unwind = UNWIND_RETURN;
    return status;
}
