/* vm_print.c - the table, the details, and JSON. */
#include "builtins/vm_print.h"
#include "builtins/json.h"
#include "shell/arena.h"
#include "shell/job.h"
#include "shell/out.h"
#include "shell/shell.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CELL 320 /* longer than any field of struct vmp_vm */

static const char *state_name(uint32_t state)
{
    static const char *const names[] = {
        [VM_STARTING] = "starting", [VM_WARM] = "warm",     [VM_LEASED] = "running",
        [VM_SUSPENDED] = "stopped", [VM_ENDING] = "ending",
    };

    return state < sizeof names / sizeof names[0] ? names[state] : "unknown";
}

/* ---- which job is it? ---- */

struct job_search {
    pid_t pgid;
    unsigned number;
};

static void compare_job(struct shell *sh, struct job *job, void *context)
{
    struct job_search *search = context;

    if (job_pgid(job) == search->pgid)
        search->number = job_number(job);
}

/* The number of this shell's job in which vm runs; 0: none. */
static unsigned job_of(struct shell *sh, const struct vmp_vm *vm)
{
    struct job_search search = {(pid_t)vm->pgid, 0};

    if (vm->pgid != 0)
        job_each(sh, compare_job, &search);
    return search.number;
}

/* ---- cells ---- */

static void format_job(struct shell *sh, const struct vmp_vm *vm, char cell[CELL])
{
    unsigned number = job_of(sh, vm);

    if (number > 0)
        snprintf(cell, CELL, "%%%u", number);
    else
        snprintf(cell, CELL, "-");
}

static void format_age(uint64_t ms, char cell[CELL])
{
    uint64_t s = ms / 1000;

    if (s < 60)
        snprintf(cell, CELL, "%" PRIu64 ".%" PRIu64 "s", s, ms % 1000 / 100);
    else if (s < 3600)
        snprintf(cell, CELL, "%" PRIu64 "m%02us", s / 60, (unsigned)(s % 60));
    else
        snprintf(cell, CELL, "%" PRIu64 "h%02um", s / 3600, (unsigned)(s / 60 % 60));
}

static void format_memory(uint64_t bytes, char cell[CELL])
{
    snprintf(cell, CELL, "%" PRIu64 "M", (bytes + 524288) / 1048576);
}

static void format_text(const char *text, char cell[CELL])
{
    snprintf(cell, CELL, "%s", *text ? text : "-");
}

enum column {
    COLUMN_VM,
    COLUMN_JOB,
    COLUMN_STATE,
    COLUMN_MEMORY,
    COLUMN_AGE,
    COLUMN_ROUTER,
    COLUMN_IMAGE,
    COLUMN_COMMAND,
    COLUMNS_OF_TABLE
};

/* COMMAND is last: it is the one that is cut on a narrow terminal. */
static const char *const headings[COLUMNS_OF_TABLE] = {"VM",  "JOB",    "STATE", "MEMORY",
                                                       "AGE", "ROUTER", "IMAGE", "COMMAND"};

static void format_row(struct shell *sh, const struct vmp_vm *vm, char cells[COLUMNS_OF_TABLE][CELL])
{
    snprintf(cells[COLUMN_VM], CELL, "%" PRIu64, vm->vm);
    format_job(sh, vm, cells[COLUMN_JOB]);
    format_text(state_name(vm->state), cells[COLUMN_STATE]);
    format_memory(vm->memory_bytes, cells[COLUMN_MEMORY]);
    format_age(vm->age_ms, cells[COLUMN_AGE]);
    format_text(vm->router, cells[COLUMN_ROUTER]);
    format_text(vm->image, cells[COLUMN_IMAGE]);
    format_text(vm->command, cells[COLUMN_COMMAND]);
}

/* Columns of the terminal, 0 when standard output is none: then nothing is cut. */
static size_t terminal_width(void)
{
    struct winsize size;

    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static void put_row(struct shell *sh, const char (*cells)[CELL], const size_t *widths, size_t limit)
{
    char line[COLUMNS_OF_TABLE * CELL];
    size_t len = 0;

    for (int i = 0; i < COLUMNS_OF_TABLE; i++) {
        int width = i < COLUMNS_OF_TABLE - 1 ? (int)widths[i] + 2 : 0;
        len += (size_t)snprintf(line + len, sizeof line - len, "%-*s", width, cells[i]);
    }
    if (limit > 0 && len > limit)
        len = limit;
    out_write(sh, line, len);
    out_putc(sh, '\n');
}

void vm_print_table(struct shell *sh, const struct vm_list *list)
{
    char(*cells)[COLUMNS_OF_TABLE][CELL] = xmalloc((list->count + 1) * sizeof *cells);
    size_t widths[COLUMNS_OF_TABLE] = {0}, limit = terminal_width();

    for (int i = 0; i < COLUMNS_OF_TABLE; i++)
        snprintf(cells[0][i], CELL, "%s", headings[i]);
    for (size_t row = 0; row < list->count; row++)
        format_row(sh, &list->items[row], cells[row + 1]);
    for (size_t row = 0; row <= list->count; row++)
        for (int i = 0; i < COLUMNS_OF_TABLE; i++)
            if (strlen(cells[row][i]) > widths[i])
                widths[i] = strlen(cells[row][i]);
    for (size_t row = 0; list->count > 0 && row <= list->count; row++)
        put_row(sh, (const char(*)[CELL])cells[row], widths, limit);
    free(cells);
}

void vm_print_details(struct shell *sh, const struct vm_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct vmp_vm *vm = &list->items[i];
        char cells[COLUMNS_OF_TABLE][CELL], run[CELL];

        format_row(sh, vm, cells);
        format_age(vm->run_ms, run);
        out_printf(sh, "%svm:       %s\njob:      %s\nstate:    %s\n", i ? "\n" : "", cells[COLUMN_VM],
                   cells[COLUMN_JOB], cells[COLUMN_STATE]);
        out_printf(sh, "command:  %s\nimage:    %s\n", cells[COLUMN_COMMAND], cells[COLUMN_IMAGE]);
        out_printf(sh, "router:   %s\ndomain:   %s\n", cells[COLUMN_ROUTER], vm->domain);
        out_printf(sh, "memory:   %s\nage:      %s\nrunning:  %s\n", cells[COLUMN_MEMORY], cells[COLUMN_AGE],
                   vm->run_ms ? run : "-");
        out_printf(sh, "pid:      %" PRIu32 "\npgid:     %" PRIu32 "\nshell:    %" PRIu32 "\n", vm->pid,
                   vm->pgid, vm->shell_pid);
        out_printf(sh, "wired:    %s\n",
                   (const char *[]){"no", "input", "output", "input and output"}[vm->wired & 3]);
    }
}

/* ---- JSON ---- */

static void print_vm_json(struct json *json, const struct vmp_vm *vm)
{
    unsigned job = job_of(json->sh, vm);

    json_open(json, NULL, '{');
    json_number(json, "vm", vm->vm);
    if (job > 0)
        json_number(json, "job", job);
    else
        json_null(json, "job");
    json_string(json, "state", state_name(vm->state));
    json_string(json, "command", vm->command);
    json_string(json, "image", vm->image);
    json_string(json, "router", vm->router);
    json_string(json, "domain", vm->domain);
    json_number(json, "memory_bytes", vm->memory_bytes);
    json_number(json, "age_ms", vm->age_ms);
    json_number(json, "run_ms", vm->run_ms);
    json_number(json, "pid", vm->pid);
    json_number(json, "pgid", vm->pgid);
    json_number(json, "shell_pid", vm->shell_pid);
    json_bool(json, "wired_in", vm->wired & 1);
    json_bool(json, "wired_out", vm->wired & 2);
    json_close(json, '}');
}

void vm_print_json(struct shell *sh, const struct vm_list *list)
{
    struct json json = {.sh = sh};

    json_open(&json, NULL, '[');
    for (size_t i = 0; i < list->count; i++)
        print_vm_json(&json, &list->items[i]);
    json_close(&json, ']');
}

/* ---- routers ---- */

static const char *trust_name(uint32_t trust)
{
    static const char *const names[] = {[VMP_TRUST_NONE] = "none",
                                        [VMP_TRUST_KNOWN] = "known",
                                        [VMP_TRUST_UNKNOWN] = "unknown",
                                        [VMP_TRUST_CHANGED] = "changed"};

    return trust < sizeof names / sizeof *names ? names[trust] : "none";
}

static void print_time(struct shell *sh, const char *what, uint64_t us)
{
    if (us > 0)
        out_printf(sh, "%s%" PRIu64 ".%02u ms (median of recent)\n", what, us / 1000,
                   (unsigned)(us % 1000 / 10));
    else
        out_printf(sh, "%snot measured yet\n", what);
}

static void print_text(struct shell *sh, const char *what, const char *text)
{
    out_printf(sh, "%s%s\n", what, *text ? text : "-");
}

void vm_print_routers_table(struct shell *sh, const struct vm_routers *routers)
{
    int name_width = 4, state_width = 5;

    for (size_t i = 0; i < routers->count; i++) {
        int name = (int)strlen(routers->items[i].name), state = (int)strlen(routers->items[i].state);

        name_width = name > name_width ? name : name_width;
        state_width = state > state_width ? state : state_width;
    }
    state_width = state_width < 7 ? 7 : state_width; /* drained */
    out_printf(sh, "  %-*s  %-*s  ACCEL  %4s  %6s  %7s  URI\n", name_width, "NAME", state_width, "STATE",
               "WARM", "IN USE", "STARTED");
    for (size_t i = 0; i < routers->count; i++) {
        const struct vmp_router *router = &routers->items[i];

        out_printf(sh, "%c %-*s  %-*s  %-5s  %4" PRIu32 "  %6" PRIu32 "  %7" PRIu64 "  %s\n",
                   router->chosen ? '*' : ' ', name_width, router->name[0] ? router->name : "-", state_width,
                   router->drained ? "drained" : router->state,
                   router->accelerator[0] ? router->accelerator : "-", router->warm, router->leased,
                   router->started_total, router->uri[0] ? router->uri : "-");
    }
}

void vm_print_routers(struct shell *sh, const struct vm_routers *routers)
{
    for (size_t i = 0; i < routers->count; i++) {
        const struct vmp_router *router = &routers->items[i];

        if (i > 0)
            out_putc(sh, '\n');
        print_text(sh, "router:       ", router->name);
        print_text(sh, "uri:          ", router->uri);
        print_text(sh, "found by:     ", router->found_by);
        print_text(sh, "state:        ", router->state);
        if (router->error[0])
            print_text(sh, "error:        ", router->error);
        if (router->fingerprint[0])
            out_printf(sh, "certificate:  %s (%s)\n", router->fingerprint, trust_name(router->trust));
        if (router->chosen)
            print_text(sh, "commands:     ", "all go here (vm router use)");
        if (router->drained)
            print_text(sh, "commands:     ", "none comes here any more (vm router drain)");
        print_text(sh, "accelerator:  ", router->accelerator[0] ? router->accelerator : "not known yet");
        out_printf(sh, "VMs:          %" PRIu32 " warm, %" PRIu32 " in use, %" PRIu64 " started\n",
                   router->warm, router->leased, router->started_total);
        if (router->architecture[0])
            out_printf(sh, "machine:      %s, %" PRIu32 " processors, %" PRIu64 " MiB%s\n",
                       router->architecture, router->processors, router->memory_bytes >> 20,
                       router->far ? ", over the network" : "");
        if (router->images[0])
            print_text(sh, "images:       ", router->images);
        if (router->labels[0])
            print_text(sh, "labels:       ", router->labels);
        out_printf(sh,
                   "placement:    %" PRIu64 " ms: start %" PRIu64 ", load %" PRIu64 ", data %" PRIu64
                   " (the least is taken)\n",
                   (router->start_us + router->load_us + router->data_us) / 1000, router->start_us / 1000,
                   router->load_us / 1000, router->data_us / 1000);
        print_time(sh, "cold start:   ", router->cold_start_us);
        print_time(sh, "warm start:   ", router->warm_grant_us);
    }
}

void vm_print_routers_json(struct shell *sh, const struct vm_routers *routers)
{
    struct json json = {.sh = sh};

    json_open(&json, NULL, '[');
    for (size_t i = 0; i < routers->count; i++) {
        const struct vmp_router *router = &routers->items[i];

        json_open(&json, NULL, '{');
        json_string(&json, "name", router->name);
        json_string(&json, "uri", router->uri);
        json_string(&json, "found_by", router->found_by);
        json_string(&json, "state", router->state);
        json_string(&json, "error", router->error);
        json_string(&json, "accelerator", router->accelerator);
        json_number(&json, "warm", router->warm);
        json_number(&json, "in_use", router->leased);
        json_number(&json, "started", router->started_total);
        json_number(&json, "cold_start_us", router->cold_start_us);
        json_number(&json, "warm_start_us", router->warm_grant_us);
        json_string(&json, "architecture", router->architecture);
        json_number(&json, "processors", router->processors);
        json_number(&json, "memory_bytes", router->memory_bytes);
        json_bool(&json, "far", router->far);
        json_string(&json, "images", router->images);
        json_string(&json, "labels", router->labels);
        json_number(&json, "waiting", router->waiting);
        json_number(&json, "placement_start_us", router->start_us);
        json_number(&json, "placement_load_us", router->load_us);
        json_number(&json, "placement_data_us", router->data_us);
        json_number(&json, "round_trip_us", router->rtt_us);
        json_bool(&json, "chosen", router->chosen);
        json_bool(&json, "drained", router->drained);
        json_string(&json, "fingerprint", router->fingerprint);
        json_string(&json, "certificate", trust_name(router->trust));
        json_close(&json, '}');
    }
    json_close(&json, ']');
}
