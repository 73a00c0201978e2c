/*
 * vm - looks at and ends the VMs behind this user's commands.
 */
#include "builtins/builtins.h"
#include "builtins/vm_client.h"
#include "builtins/vm_print.h"
#include "builtins/vm_programs.h"
#include "builtins/vm_router.h"
#include "builtins/vm_select.h"
#include "shell/error.h"
#include "shell/out.h"
#include "shell/shell.h"
#include "vmproc/vmproc.h"
#include <stdlib.h>
#include <string.h>

static int run_help(struct shell *sh, int argc, char **argv, bool json);

static int run_ls(struct shell *sh, int argc, char **argv, bool json)
{
    struct vm_list list;

    if (vm_fetch_list(sh, &list) != 0)
        return 1;
    (json ? vm_print_json : vm_print_table)(sh, &list);
    free(list.items);
    return 0;
}

static int run_info(struct shell *sh, int argc, char **argv, bool json)
{
    struct vm_selector selector;
    struct vm_list list;
    int status = 0;

    if (!vm_select(sh, argv[0], &selector) || vm_fetch_list(sh, &list) != 0)
        return 1;
    list.count = vm_filter(&list, &selector);
    if (list.count == 0) {
        error_print(sh, "vm: %s: no such VM", argv[0]);
        status = 1;
    } else {
        (json ? vm_print_json : vm_print_details)(sh, &list);
    }
    free(list.items);
    return status;
}

static int run_router(struct shell *sh, int argc, char **argv, bool json)
{
    return vm_router(sh, argc, argv);
}

static int kill_job(struct shell *sh, const struct vm_selector *selector, const char *operand)
{
    struct vm_list list;
    int status = 0;

    if (vm_fetch_list(sh, &list) != 0)
        return 1;
    list.count = vm_filter(&list, selector);
    if (list.count == 0) {
        error_print(sh, "vm: %s: no such VM", operand);
        status = 1;
    }
    for (size_t i = 0; i < list.count; i++)
        status |= vm_request_kill(sh, list.items[i].vm);
    free(list.items);
    return status;
}

static int run_kill(struct shell *sh, int argc, char **argv, bool json)
{
    int status = 0;

    for (int i = 0; i < argc; i++) {
        struct vm_selector selector;
        if (!vm_select(sh, argv[i], &selector))
            status = 1;
        else if (selector.pgid != 0)
            status |= kill_job(sh, &selector, argv[i]);
        else
            status |= vm_request_kill(sh, selector.vm);
    }
    return status;
}

static int run_top(struct shell *sh, int argc, char **argv, bool json)
{
    return vm_top(sh, argv);
}

static int run_trace(struct shell *sh, int argc, char **argv, bool json)
{
    return vm_trace(sh, argc, argv);
}

static int run_strace(struct shell *sh, int argc, char **argv, bool json)
{
    return vm_strace(sh, argc, argv);
}

static int run_debug(struct shell *sh, int argc, char **argv, bool json)
{
    return vm_debug(sh, argc, argv);
}

static int run_log(struct shell *sh, int argc, char **argv, bool json)
{
    return vm_log(sh, argc, argv);
}

static int run_image(struct shell *sh, int argc, char **argv, bool json)
{
    return vm_image(sh, argc, argv);
}

static int run_policy(struct shell *sh, int argc, char **argv, bool json)
{
    return vm_policy(sh, argc, argv);
}

static int run_stop(struct shell *sh, int argc, char **argv, bool json)
{
    return vm_request_shutdown(sh);
}

static const struct subcommand {
    const char *name;
    int (*run)(struct shell *sh, int argc, char **argv, bool json);
    int min_operands, max_operands; /* max -1: any number */
    bool json;
    bool own_options; /* takes its options itself */
    const char *usage, *does;
} subcommands[] = {
    {"ls", run_ls, 0, 0, true, false, "vm ls [--json]", "lists your VMs"},
    {"info", run_info, 1, 1, true, false, "vm info [--json] VM|%job", "tells all about one VM or a job's"},
    {"top", run_top, 0, -1, false, true, "vm top [--once | --json] [-d SECONDS]", "shows VMs at work"},
    {"trace", run_trace, 0, -1, false, true, "vm trace [-o FILE] COMMAND...",
     "records what VMs do, for Perfetto"},
    {"strace", run_strace, 0, -1, false, true, "vm strace [-tT] [-o FILE] COMMAND...",
     "tells the system calls of a command, or with -p VM"},
    {"debug", run_debug, 0, -1, false, true, "vm debug [--socket PATH] VM|%job",
     "lets gdb look into a VM; with -d no longer"},
    {"log", run_log, 0, -1, false, true, "vm log [-n LINES] [VM]", "tells what went wrong lately"},
    {"router", run_router, 0, -1, false, true, "vm router [SUBCOMMAND...]",
     "tells where VMs run, or says where they are to"},
    {"kill", run_kill, 1, -1, false, false, "vm kill VM|%job...", "destroys VMs"},
    {"image", run_image, 0, -1, false, true, "vm image SUBCOMMAND...",
     "keeps images and their specs; try `vm image help`"},
    {"policy", run_policy, 0, -1, false, true, "vm policy test FILE [WHO... IMAGE...]",
     "checks a router's policy, or tells what it says"},
    {"stop", run_stop, 0, 0, false, false, "vm stop", "ends vmprocd and all your VMs"},
    {"help", run_help, 0, 0, false, false, "vm help", "prints this"},
};

#define SUBCOMMANDS (sizeof subcommands / sizeof subcommands[0])

static int run_help(struct shell *sh, int argc, char **argv, bool json)
{
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        out_printf(sh, "%-37s %s\n", subcommands[i].usage, subcommands[i].does);
    return 0;
}

static const struct subcommand *find_subcommand(const char *name)
{
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        if (strcmp(subcommands[i].name, name) == 0)
            return &subcommands[i];
    return NULL;
}

/* Options may stand on both sides of the operands, as users of such tools expect. false: usage error. */
static bool take_options(const struct subcommand *subcommand, int *argc, char **argv, bool *json)
{
    int operands = 0;
    bool only_operands = false;

    for (int i = 0; i < *argc; i++) {
        if (only_operands || argv[i][0] != '-')
            argv[operands++] = argv[i];
        else if (strcmp(argv[i], "--") == 0)
            only_operands = true;
        else if (subcommand->json && strcmp(argv[i], "--json") == 0)
            *json = true;
        else
            return false;
    }
    *argc = operands;
    return operands >= subcommand->min_operands &&
           (subcommand->max_operands < 0 || operands <= subcommand->max_operands);
}

int builtin_vm(struct shell *sh, int argc, char **argv)
{
    const struct subcommand *subcommand = argc > 1 ? find_subcommand(argv[1]) : NULL;
    bool json = false;

    if (!subcommand) {
        if (argc > 1)
            error_print(sh, "vm: %s: no such subcommand; try `vm help`", argv[1]);
        else
            error_print(
                sh, "vm: usage: vm ls|info|top|trace|strace|debug|log|router|kill|image|policy|stop|help");
        return 2;
    }
    argc -= 2;
    argv += 2;
    if (!subcommand->own_options && !take_options(subcommand, &argc, argv, &json)) {
        error_print(sh, "vm: usage: %s", subcommand->usage);
        return 2;
    }
    return subcommand->run(sh, argc, argv, json);
}
