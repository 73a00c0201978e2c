/* time.c - the reserved word time (XCU time): how long a pipeline took. */
#include "shell/eval.h"
#include "shell/out.h"
#include "shell/shell.h"
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

struct times {
    double real, user, system;
};

static double seconds(struct timeval value)
{
    return (double)value.tv_sec + (double)value.tv_usec / 1e6;
}

static struct times take(const struct shell *sh)
{
    struct vmproc_cpu vms = vmproc_usage_read(&sh->usage);
    struct rusage self, children;
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    getrusage(RUSAGE_SELF, &self);
    getrusage(RUSAGE_CHILDREN, &children);
    return (struct times){
        .real = (double)now.tv_sec + (double)now.tv_nsec / 1e9,
        .user = seconds(self.ru_utime) + seconds(children.ru_utime) + (double)vms.user_ns / 1e9,
        .system = seconds(self.ru_stime) + seconds(children.ru_stime) + (double)vms.system_ns / 1e9,
    };
}

static void print_row(const char *name, double value, bool posix_format)
{
    if (posix_format)
        dprintf(STDERR_FILENO, "%s %.2f\n", name, value);
    else
        dprintf(STDERR_FILENO, "%s\t%dm%.3fs\n", name, (int)(value / 60), value - 60 * (int)(value / 60));
}

void eval_time(struct shell *sh, const struct node *node, unsigned flags)
{
    struct times before = take(sh), after;
    bool posix_format = node->u.time.posix_format;

    (void)flags;
    eval_node(sh, node->u.time.child, 0);
    after = take(sh);
    if (!posix_format)
        dprintf(STDERR_FILENO, "\n");
    print_row("real", after.real - before.real, posix_format);
    print_row("user", after.user - before.user, posix_format);
    print_row("sys", after.system - before.system, posix_format);
}
