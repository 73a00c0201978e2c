/* plain.c - the same figures once, for people and for programs. */
#include "top.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BETWEEN_MS 250 /* the two samples that a rate needs */

/* Nothing to show is no failure when it is known that there is nothing. */
static int sample_twice(struct fleet *fleet)
{
    if (fleet_sample(fleet))
        return fleet->fd < 0 && strncmp(fleet->problem, "no VMs", 6) == 0 ? 0 : -1;
    if (fleet->count > 0) {
        poll(NULL, 0, BETWEEN_MS);
        if (fleet_sample(fleet))
            return -1;
    }
    return 0;
}

static int end(const struct fleet *fleet, int error)
{
    if (error)
        fprintf(stderr, "vm top: %s\n", fleet->problem);
    else if (fflush(stdout) || ferror(stdout))
        return perror("vm top: standard output"), 1;
    return error ? 1 : 0;
}

static int terminal_width(void)
{
    struct winsize size;

    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int plain_table(struct fleet *fleet)
{
    int error = sample_twice(fleet), width = terminal_width();
    char line[2 * TOP_CELL];

    rows_sort(fleet, 0, false);
    for (size_t i = 0; i <= fleet->count && fleet->count > 0; i++) {
        line_format(i == 0 ? NULL : &fleet->rows[i - 1], width, line, sizeof line);
        if (width > 0)
            line[text_fit(line, width)] = '\0';
        puts(line);
    }
    return end(fleet, error);
}

/* ---- JSON (RFC 8259) ---- */

/* Bytes above 127 are passed on when they are UTF-8; what is not becomes U+FFFD. */
static size_t utf8_length(const unsigned char *s)
{
    size_t n = s[0] < 0x80                   ? 1
               : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
               : s[0] >= 0xe0 && s[0] < 0xf0 ? 3
               : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
                                             : 0;

    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf0 && s[1] < 0x90) ||
        (s[0] == 0xf4 && s[1] > 0x8f))
        return 0; /* overlong, a surrogate, beyond U+10FFFF */
    return n;
}

static void put_string(const char *key, const char *text)
{
    printf(", \"%s\": \"", key);
    for (const unsigned char *s = (const unsigned char *)text; *s;) {
        size_t n = utf8_length(s);

        if (n == 0)
            fputs("\xef\xbf\xbd", stdout);
        else if (*s == '"' || *s == '\\')
            printf("\\%c", *s);
        else
            fwrite(s, 1, n, stdout);
        s += n ? n : 1;
    }
    putchar('"');
}

static void put_number(const char *key, uint64_t value)
{
    printf(", \"%s\": %" PRIu64, key, value);
}

static void put_row(const struct row *row)
{
    const struct vmp_vm *vm = &row->vm;

    printf("{\"vm\": %" PRIu64, vm->vm);
    if (row->job)
        put_number("job", row->job);
    else
        printf(", \"job\": null");
    put_string("state", state_name(vm->state));
    if (row->cpu_percent < 0)
        printf(", \"cpu_percent\": null");
    else
        printf(", \"cpu_percent\": %.1f", row->cpu_percent);
    put_number("cpu_ms", vm->cpu_ns / 1000000);
    put_number("memory_bytes", vm->memory_bytes);
    put_number("resident_bytes", vm->resident_bytes);
    put_number("in_bytes", vm->in_bytes);
    put_number("out_bytes", vm->out_bytes);
    put_number("age_ms", vm->age_ms);
    put_number("run_ms", vm->run_ms);
    put_number("pid", vm->pid);
    put_number("pgid", vm->pgid);
    put_number("shell_pid", vm->shell_pid);
    put_string("image", vm->image);
    put_string("command", vm->command);
    put_string("domain", vm->domain);
    put_string("router", vm->router);
    putchar('}');
}

int plain_json(struct fleet *fleet)
{
    int error = sample_twice(fleet);

    if (!error) {
        rows_sort(fleet, 0, false);
        putchar('[');
        for (size_t i = 0; i < fleet->count; i++) {
            fputs(i ? ",\n " : "", stdout);
            put_row(&fleet->rows[i]);
        }
        puts("]");
    }
    return end(fleet, error);
}
