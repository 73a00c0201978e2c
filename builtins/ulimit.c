/*
 * ulimit [-H | -S] [-a | -c | -d ...] [limit] - XCU ulimit, with the letters that Linux shells add.
 */
#include "builtins/builtins.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/out.h"
#include "vmproc/vmproc.h"
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const struct resource {
    char letter;
    int resource;
    unsigned unit; /* bytes (or what the kernel counts in) per unit shown */
    const char *what;
} resources[] = {
    {'c', RLIMIT_CORE, 512, "core file size (512-byte blocks)"},
    {'d', RLIMIT_DATA, 1024, "data segment size (KiB)"},
    {'e', RLIMIT_NICE, 1, "scheduling priority"},
    {'f', RLIMIT_FSIZE, 512, "file size (512-byte blocks)"},
    {'i', RLIMIT_SIGPENDING, 1, "pending signals"},
    {'l', RLIMIT_MEMLOCK, 1024, "locked memory (KiB)"},
    {'m', RLIMIT_RSS, 1024, "resident set size (KiB)"},
    {'n', RLIMIT_NOFILE, 1, "open file descriptors"},
    {'q', RLIMIT_MSGQUEUE, 1, "bytes in message queues"},
    {'r', RLIMIT_RTPRIO, 1, "real-time priority"},
    {'s', RLIMIT_STACK, 1024, "stack size (KiB)"},
    {'t', RLIMIT_CPU, 1, "CPU time (seconds)"},
    {'u', RLIMIT_NPROC, 1, "processes"},
    {'v', RLIMIT_AS, 1024, "address space (KiB)"},
    {'x', RLIMIT_LOCKS, 1, "file locks"},
};

#define RESOURCES (sizeof resources / sizeof resources[0])

struct request {
    bool hard, soft, all;
    const struct resource *resource;
};

static const struct resource *find_resource(int letter)
{
    for (size_t i = 0; i < RESOURCES; i++)
        if (resources[i].letter == letter)
            return &resources[i];
    return NULL;
}

static int print_limit(struct shell *sh, const struct resource *resource, const struct request *request)
{
    struct rlimit limit;

    if (getrlimit((__rlimit_resource_t)resource->resource, &limit) != 0) {
        error_print_errno(sh, errno, "ulimit: -%c", resource->letter);
        return 1;
    }
    rlim_t value = request->hard && !request->soft ? limit.rlim_max : limit.rlim_cur;
    if (request->all)
        out_printf(sh, "-%c: %-34s", resource->letter, resource->what);
    if (value == RLIM_INFINITY)
        out_puts(sh, "unlimited\n");
    else
        out_printf(sh, "%ju\n", (uintmax_t)(value / resource->unit));
    return 0;
}

/* A number in the resource's unit, or one of the words; false: neither. */
static bool parse_limit(const char *text, const struct resource *resource, const struct rlimit *old,
                        rlim_t *value)
{
    if (strcmp(text, "unlimited") == 0) {
        *value = RLIM_INFINITY;
        return true;
    }
    if (strcmp(text, "hard") == 0 || strcmp(text, "soft") == 0) {
        *value = text[0] == 'h' ? old->rlim_max : old->rlim_cur;
        return true;
    }
    uintmax_t number = 0;
    const char *digit = text;
    for (; isdigit((unsigned char)*digit); digit++)
        if (__builtin_mul_overflow(number, 10u, &number) ||
            __builtin_add_overflow(number, (unsigned)(*digit - '0'), &number))
            return false;
    if (digit == text || *digit || __builtin_mul_overflow(number, resource->unit, &number))
        return false;
    *value = (rlim_t)number;
    return *value == number && *value != RLIM_INFINITY;
}

/* vmprocd serves all of the user's shells, and would inherit a hard limit: it is started before that is lowered. */
static void start_vmprocd_before(const struct shell *sh, const struct resource *resource,
                                 const struct rlimit *old, const struct rlimit *new)
{
    int fd;

    if (shell_executes(sh) || !strchr("dfntuv", resource->letter) || new->rlim_max >= old->rlim_max)
        return;
    fd = vmproc_connect(true);
    if (fd >= 0)
        close(fd);
}

static int set_limit(struct shell *sh, const struct request *request, const char *text)
{
    const struct resource *resource = request->resource;
    bool both = request->hard == request->soft;
    struct rlimit limit, old;
    rlim_t value;

    if (getrlimit((__rlimit_resource_t)resource->resource, &limit) != 0) {
        error_print_errno(sh, errno, "ulimit: -%c", resource->letter);
        return 1;
    }
    if (!parse_limit(text, resource, &limit, &value)) {
        error_print(sh, "ulimit: %s: not a limit", text);
        return 2;
    }
    old = limit;
    if (both || request->hard)
        limit.rlim_max = value;
    if (both || request->soft)
        limit.rlim_cur = value;
    start_vmprocd_before(sh, resource, &old, &limit);
    if (setrlimit((__rlimit_resource_t)resource->resource, &limit) != 0) {
        error_print_errno(sh, errno, "ulimit: -%c %s", resource->letter, text);
        return 1;
    }
    return 0;
}

int builtin_ulimit(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    struct request request = {.resource = find_resource('f')};
    int letter, status = 0;

    while ((letter = builtin_option(sh, &options, argc, argv, "HSacdefilmnqrstuvx")) != -1) {
        if (letter == '?')
            return 2;
        if (letter == 'H')
            request.hard = true;
        else if (letter == 'S')
            request.soft = true;
        else if (letter == 'a')
            request.all = true;
        else
            request.resource = find_resource(letter);
    }
    int operands = argc - options.index;
    if (operands > 1 || (operands == 1 && request.all)) {
        error_print(sh, "ulimit: usage: ulimit [-H | -S] [-a | -cdefilmnqrstuvx] [limit]");
        return 2;
    }
    if (operands == 1)
        return set_limit(sh, &request, argv[options.index]);
    if (!request.all)
        return print_limit(sh, request.resource, &request);
    for (size_t i = 0; i < RESOURCES; i++)
        if (print_limit(sh, &resources[i], &request) != 0)
            status = 1;
    return status;
}
