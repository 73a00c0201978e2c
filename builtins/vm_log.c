/* vm_log.c - the end of vmprocd's log, or what it says of one VM. */
#include "builtins/vm_programs.h"
#include "shell/error.h"
#include "shell/out.h"
#include "shell/trap.h"
#include "vmproc/rundir.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_LINES 50
#define MAX_LINES     1000000

/* The last lines that were chosen: a ring. */
struct tail {
    char **lines;
    size_t size, count; /* count: ever added */
};

static void keep(struct tail *tail, char *line)
{
    char **place = &tail->lines[tail->count++ % tail->size];

    free(*place);
    *place = line;
}

/* A line about the VM begins, after its time and process, with the domain's name: fsh-INSTANCE-NUMBER. */
static bool is_about(const char *line, unsigned long vm)
{
    const char *name = strstr(line, "]: fsh-"), *end = name ? strpbrk(name + 3, ": ") : NULL;
    char number[24];
    size_t len = (size_t)snprintf(number, sizeof number, "-%lu", vm);

    return end && (size_t)(end - name) > len && memcmp(end - len, number, len) == 0;
}

static bool read_file(int dir_fd, const char *name, unsigned long vm, struct tail *tail)
{
    int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
    char *line = NULL;
    size_t room = 0;

    if (!file) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    while (!trap_pending && getline(&line, &room, file) > 0) {
        if (vm > 0 && !is_about(line, vm))
            continue;
        keep(tail, line);
        line = NULL;
        room = 0;
    }
    free(line);
    fclose(file);
    return true;
}

/* Control characters in what programs are called have been replaced by who wrote the line. */
static void print(struct shell *sh, const struct tail *tail)
{
    size_t from = tail->count > tail->size ? tail->count - tail->size : 0;

    for (size_t i = from; i < tail->count; i++)
        out_puts(sh, tail->lines[i % tail->size]);
}

static bool parse(int argc, char **argv, unsigned long *lines, unsigned long *vm)
{
    for (int i = 0; i < argc; i++) {
        bool is_lines = strcmp(argv[i], "-n") == 0;
        const char *text = is_lines ? argv[++i] : argv[i];
        unsigned long *number = is_lines ? lines : vm;
        char *end;

        if (!text || *text < '0' || *text > '9' || (!is_lines && *vm > 0))
            return false;
        errno = 0;
        *number = strtoul(text, &end, 10);
        if (*end || errno || *number == 0 || *lines > MAX_LINES)
            return false;
    }
    return true;
}

static int show(struct shell *sh, int dir_fd, unsigned long lines, unsigned long vm)
{
    struct tail tail = {.lines = calloc(lines, sizeof *tail.lines), .size = lines};
    bool found;

    if (!tail.lines) {
        error_print_errno(sh, ENOMEM, "vm: log");
        return 1;
    }
    found = read_file(dir_fd, RUNDIR_LOG ".old", vm, &tail);
    found |= read_file(dir_fd, RUNDIR_LOG, vm, &tail);
    print(sh, &tail);
    for (size_t i = 0; i < lines; i++)
        free(tail.lines[i]);
    free(tail.lines);
    if (!found)
        error_print(sh, "vm: there is no log; a vmprocd that systemd has started writes to its journal: "
                        "journalctl --user -u fleetsh-vmprocd");
    return found ? 0 : 1;
}

int vm_log(struct shell *sh, int argc, char **argv)
{
    unsigned long lines = DEFAULT_LINES, vm = 0;
    char directory[RUNDIR_PATH_MAX];
    int dir_fd, status;

    if (!parse(argc, argv, &lines, &vm)) {
        error_print(sh, "vm: usage: vm log [-n LINES] [VM]");
        return 2;
    }
    dir_fd = rundir_open(directory);
    if (dir_fd < 0) {
        error_print_errno(sh, -dir_fd, "vm: the runtime directory");
        return 1;
    }
    status = show(sh, dir_fd, lines, vm);
    close(dir_fd);
    return status;
}
