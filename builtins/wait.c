/* wait [pid|%job...] - XCU wait. */
#include "builtins/builtins.h"
#include "builtins/number.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/job.h"
#include "shell/shell.h"
#include "shell/trap.h"

/* An unknown job or process counts as one that ended with 127 (XCU wait). */
static int wait_one(struct shell *sh, const char *operand)
{
    bool ambiguous;
    struct job *job;
    long pid;

    if (operand[0] != '%') {
        if (number_parse(operand, &pid))
            return job_wait_pid(sh, (pid_t)pid);
        error_print(sh, "wait: %s: neither a process nor a job", operand);
        return 2;
    }
    job = job_find(sh, operand, &ambiguous);
    if (job && job_is_own(sh, job))
        return job_wait(sh, job);
    if (ambiguous)
        error_print(sh, "wait: %s: ambiguous", operand);
    return 127;
}

int builtin_wait(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    int status = 0;

    if (builtin_option(sh, &options, argc, argv, "") != -1)
        return 2;
    if (options.index >= argc)
        return job_wait_all(sh);
    for (int i = options.index; i < argc; i++) {
        status = wait_one(sh, argv[i]);
        if (trap_signal_was_taken(sh))
            break;
    }
    return status;
}
