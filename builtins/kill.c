/* kill -s name pid..., kill -l [status...], kill [-name|-number] pid... - XCU kill. */
#include "builtins/builtins.h"
#include "builtins/number.h"
#include "shell/error.h"
#include "shell/job.h"
#include "shell/out.h"
#include "shell/readahead.h"
#include "shell/shell.h"
#include "shell/trap.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] = "kill: usage: kill [-s signal] process|%job..., kill -l [status...]";

/* kill -l: a name for each operand, a number for a name; without operands all names. */
static int list(struct shell *sh, char **operands)
{
    int status = 0;

    if (!*operands)
        for (int number = 1; number < NSIG; number++)
            if (signal_name(number))
                out_printf(sh, "%s\n", signal_name(number));
    for (; *operands; operands++) {
        long value;
        bool is_number = number_parse(*operands, &value);
        int number = is_number ? 0 : signal_number(*operands);
        const char *name = NULL;

        if (is_number && value < 256 + NSIG)
            name = signal_name((int)(value > 128 ? value & 127 : value));
        if (name)
            out_printf(sh, "%s\n", name);
        else if (!is_number && number >= 0)
            out_printf(sh, "%d\n", number);
        else {
            error_print(sh, "kill: %s: no such signal", *operands);
            status = 1;
        }
    }
    return status;
}

/* Returns 0, errno, or -1 after a report. */
static int send_to_job(struct shell *sh, int number, const char *operand)
{
    bool ambiguous;
    struct job *job = job_find(sh, operand, &ambiguous);
    bool stopped;
    int error;

    if (!job) {
        error_print(sh, "kill: %s: %s", operand, ambiguous ? "ambiguous" : "no such job");
        return -1;
    }
    stopped = job_state(job) == JOB_STOPPED;
    error = job_send_signal(job, number);
    if (error == 0 && stopped && (number == SIGTERM || number == SIGHUP))
        job_send_signal(job, SIGCONT); /* a stopped job could not take it */
    return error;
}

static int send_to_process(struct shell *sh, int number, const char *operand)
{
    char *end;
    long pid;

    errno = 0;
    pid = strtol(operand, &end, 10);
    if (end == operand || *end || errno || pid != (pid_t)pid) {
        error_print(sh, "kill: %s: neither a process nor a job", operand);
        return -1;
    }
    return kill((pid_t)pid, number) == 0 ? 0 : errno;
}

static int send_all(struct shell *sh, int number, char **operands)
{
    int status = 0;

    readahead_sync(sh);
    for (; *operands; operands++) {
        bool job = **operands == '%';
        int error = job ? send_to_job(sh, number, *operands) : send_to_process(sh, number, *operands);

        if (error > 0)
            error_print_errno(sh, error, "kill: %s", *operands);
        if (error)
            status = 1;
    }
    return status;
}

/* The signal that an option word like -KILL, -9, -s KILL names; *operands moves behind it. -1: reported. */
static int signal_option(struct shell *sh, char ***operands)
{
    const char *word = **operands + 1, *name = word;
    int number;

    if (word[0] == 's' && (word[1] == '\0' || signal_number(word) < 0)) {
        name = word + 1;
        if (*name == '\0')
            name = *++*operands;
    }
    if (!name) {
        error_print(sh, "%s", usage);
        return -1;
    }
    number = signal_number(name);
    if (number < 0)
        error_print(sh, "kill: %s: no such signal", name);
    ++*operands;
    return number;
}

int builtin_kill(struct shell *sh, int argc, char **argv)
{
    char **operands = argv + 1;
    int number = SIGTERM;

    (void)argc;
    if (*operands && strcmp(*operands, "-l") == 0) {
        operands++;
        return list(sh, *operands && strcmp(*operands, "--") == 0 ? operands + 1 : operands);
    }
    if (*operands && operands[0][0] == '-' && operands[0][1] && strcmp(*operands, "--") != 0) {
        number = signal_option(sh, &operands);
        if (number < 0)
            return 1;
    }
    if (*operands && strcmp(*operands, "--") == 0)
        operands++;
    if (!*operands) {
        error_print(sh, "%s", usage);
        return 2;
    }
    return send_all(sh, number, operands);
}
