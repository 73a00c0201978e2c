/* vm_trace.c - everybody appends lines to a file in memory; here are its beginning and its end. */
#include "builtins/vm_client.h"
#include "builtins/vm_programs.h"
#include "shell/error.h"
#include "shell/shell.h"
#include "shell/trap.h"
#include "vmproc/events.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define DEFAULT_FILE "vm-trace.json"
#define REFILL_MS    2000 /* for vmprocd to have its VMs ready again, which belongs to what a command costs */
#define REFILL_POLL  20
#define OWN_FD       10 /* descriptors below are the user's */

/* ---- recording ---- */

/* Whoever still runs afterwards may write on: it is not the file that the user gets. */
static int open_memory(struct shell *sh)
{
    int fd = memfd_create("vm-trace", MFD_CLOEXEC), own = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, OWN_FD);

    if (fd >= 0)
        close(fd);
    if (own < 0 || fcntl(own, F_SETFL, O_APPEND) < 0)
        error_print_errno(sh, errno, "vm: trace");
    return own;
}

static bool is_refilling(struct shell *sh)
{
    struct vm_list list;
    bool found = false;

    if (vm_fetch_list(sh, &list) != 0)
        return false;
    for (size_t i = 0; i < list.count; i++)
        found |= list.items[i].state == VM_STARTING;
    free(list.items);
    return found;
}

static void await_refill(struct shell *sh)
{
    for (int waited = 0; waited < REFILL_MS && !trap_pending && is_refilling(sh); waited += REFILL_POLL)
        if (poll(NULL, 0, REFILL_POLL) != 0)
            break;
}

/* ---- the file ---- */

static int copy(int from, FILE *to)
{
    char buffer[65536];
    ssize_t n;

    for (off_t at = 0; (n = pread(from, buffer, sizeof buffer, at)) > 0; at += n)
        if (fwrite(buffer, 1, (size_t)n, to) != (size_t)n)
            return -1;
    return n < 0 ? -1 : 0;
}

/* The last line of a JSON array has no comma behind it. */
static int store(int events, const char *name)
{
    FILE *file = fopen(name, "we");
    bool failed;

    if (!file)
        return -1;
    fputs("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n", file);
    failed = copy(events, file) < 0;
    fprintf(file,
            "{\"name\":\"process_labels\",\"ph\":\"M\",\"pid\":%d,\"args\":{\"labels\":\"vm trace\"}}\n]}\n",
            (int)getpid());
    failed |= ferror(file) != 0;
    return fclose(file) != 0 || failed ? -1 : 0;
}

static void record(struct shell *sh, int events, int argc, char **argv)
{
    int outer = sh->events.fd, pid = (int)getpid();
    uint64_t begun = event_now_ns();

    sh->events.fd = events;
    sh->events.forked_ns = 0;
    vm_run_operands(sh, argc, argv);
    sh->events.fd = outer;
    event_name_process(events, pid, "fleetsh");
    event_slice(events, pid, EVENT_SHELL, "the command", begun, event_now_ns());
}

int vm_trace(struct shell *sh, int argc, char **argv)
{
    const char *name = DEFAULT_FILE;
    int events, connection;

    if (argc >= 2 && strcmp(argv[0], "-o") == 0) {
        name = argv[1];
        argc -= 2;
        argv += 2;
    }
    if (argc > 0 && strcmp(argv[0], "--") == 0) {
        argc--;
        argv++;
    }
    if (argc == 0 || (argv[0][0] == '-' && argv[0][1])) {
        error_print(sh, "vm: usage: vm trace [-o FILE] COMMAND...");
        return 2;
    }
    events = open_memory(sh);
    if (events < 0)
        return 1;
    connection = vm_request_trace(sh, events);
    if (connection < 0) {
        close(events);
        return 1;
    }
    record(sh, events, argc, argv);
    await_refill(sh);
    close(connection);
    if (store(events, name) < 0) {
        error_print_errno(sh, errno, "vm: %s", name);
        sh->status = sh->status ? sh->status : 1;
    }
    close(events);
    return sh->status;
}
