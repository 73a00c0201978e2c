/* main.c - vmproc-store SUBCOMMAND ARGUMENT...: executed by `vm image`, whose subcommands these are. */
#include "image_store.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const struct subcommand {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *usage;
} subcommands[] = {
    {"add", run_add, "vm image add [-n NAME] FILE|SPEC.vm..."},
    {"apply", run_apply, "vm image apply [--dry-run] FILE"},
    {"gc", run_gc, "vm image gc [-k GENERATIONS] [--dry-run]"},
    {"ls", run_ls, "vm image ls [-g] [--json]"},
    {"path", run_path, "vm image path"},
    {"rm", run_rm, "vm image rm NAME..."},
    {"rollback", run_rollback, "vm image rollback [GENERATION]"},
    {"show", run_show, "vm image show [--json] NAME"},
    {"verify", run_verify, "vm image verify [--json]"},
};

#define SUBCOMMANDS (sizeof subcommands / sizeof subcommands[0])

static const struct subcommand *running;

int usage(void)
{
    fprintf(stderr, "vm: usage: %s\n", running->usage);
    return 2;
}

bool complain(const char *format, ...)
{
    va_list args;
    fprintf(stderr, "vm: image: ");
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return false;
}

bool complain_errno(int error, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "vm: image: ");
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, ": %s\n", strerror(error));
    return false;
}

/* What would end it waits until nothing is half done. */
void hold_signals(bool hold)
{
    static const int enders[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof enders / sizeof enders[0]; i++)
        sigaddset(&set, enders[i]);
    sigprocmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

int main(int argc, char **argv)
{
    int status;
    umask(022);
    opterr = 0; /* usage() says it better */
    for (size_t i = 0; argc > 1 && i < SUBCOMMANDS; i++)
        if (strcmp(subcommands[i].name, argv[1]) == 0)
            running = &subcommands[i];
    if (!running) {
        fprintf(stderr, "vmproc-store: is started by fleetsh; use `vm image help`\n");
        return 2;
    }
    status = running->run(argc - 1, argv + 1);
    if (fflush(stdout) || ferror(stdout)) {
        complain_errno(errno, "standard output");
        status = status ? status : 1;
    }
    return status;
}
