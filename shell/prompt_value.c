/* prompt_value.c - a table of values, one of their letters, and one of colours. */
#include "shell/prompt_value.h"
#include "shell/job.h"
#include "shell/shell.h"
#include "shell/terminal.h"
#include "shell/var.h"
#include "vmproc/vmproc.h"
#include <limits.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SLOW_MS   2000 /* a command that took as long is told of */
#define ROUTER_MS 20   /* for vmprocd's answer: a prompt does not wait for a router */

struct question {
    struct shell *sh;
    const struct prompt_facts *facts;
    struct prompt_value *value;
};

__attribute__((format(printf, 3, 4))) static void tell(const struct question *q, bool notable,
                                                       const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(q->value->text, sizeof q->value->text, format, arguments);
    va_end(arguments);
    q->value->notable = notable;
}

static void tell_cwd(const struct question *q)
{
    const char *pwd = var_get_name(q->sh, "PWD"), *home = var_get_name(q->sh, "HOME");
    size_t len = home ? strlen(home) : 0;
    bool at_home = pwd && len > 1 && strncmp(pwd, home, len) == 0 && (pwd[len] == '/' || pwd[len] == '\0');

    tell(q, true, "%s%s", at_home ? "~" : "", pwd ? pwd + (at_home ? len : 0) : "?");
}

static void tell_directory(const struct question *q)
{
    tell_cwd(q);
    char *slash = strrchr(q->value->text, '/');
    if (slash && slash[1])
        memmove(q->value->text, slash + 1, strlen(slash));
}

static void tell_host(const struct question *q)
{
    char name[HOST_NAME_MAX + 1] = "";

    gethostname(name, sizeof name - 1);
    tell(q, var_get_name(q->sh, "SSH_CONNECTION") != NULL, "%s", name);
}

static void tell_short_host(const struct question *q)
{
    tell_host(q);
    q->value->text[strcspn(q->value->text, ".")] = '\0';
}

static void tell_user(const struct question *q)
{
    const char *name = var_get_name(q->sh, "LOGNAME");
    const struct passwd *entry = name && *name ? NULL : getpwuid(geteuid());

    tell(q, geteuid() == 0, "%s", entry ? entry->pw_name : name && *name ? name : "?");
}

static void tell_privilege(const struct question *q)
{
    tell(q, geteuid() == 0, "%s", geteuid() == 0 ? "#" : "$");
}

static void tell_status(const struct question *q)
{
    tell(q, q->sh->status != 0, "%d", q->sh->status);
}

static void count_job(struct shell *sh, struct job *job, void *context)
{
    (void)sh;
    (void)job;
    ++*(unsigned *)context;
}

static void tell_jobs(const struct question *q)
{
    unsigned count = 0;

    job_each(q->sh, count_job, &count);
    tell(q, count > 0, "%u", count);
}

static void tell_mode(const struct question *q)
{
    const struct options *options = &q->sh->options;
    const char *mode = options->host ? "host" : options->ambient ? "ambient" : options->pola ? "pola" : "vm";

    tell(q, strcmp(mode, "vm") != 0, "%s", mode);
}

static void tell_router(const struct question *q)
{
    static const char *const words[] = {
        [VMPROC_ROUTER_UNKNOWN] = "router unknown",
        [VMPROC_ROUTER_CONNECTING] = "connecting",
        [VMPROC_ROUTER_READY] = "ready",
        [VMPROC_ROUTER_FAILED] = "no router",
    };
    enum vmproc_router state =
        shell_executes(q->sh) ? VMPROC_ROUTER_UNKNOWN : vmproc_router_state(ROUTER_MS, NULL);

    tell(q, state == VMPROC_ROUTER_FAILED, "%s", shell_executes(q->sh) ? "none needed" : words[state]);
}

static void tell_took(const struct question *q)
{
    long ms = (long)q->facts->took_ms;

    if (ms < 60000)
        tell(q, ms >= SLOW_MS, "%ld.%ld s", ms / 1000, ms % 1000 / 100);
    else if (ms < 3600000)
        tell(q, true, "%ld min %02ld s", ms / 60000, ms / 1000 % 60);
    else
        tell(q, true, "%ld h %02ld min", ms / 3600000, ms / 60000 % 60);
}

static void tell_clock(const struct question *q, const char *format)
{
    time_t now = time(NULL);
    struct tm local;

    q->value->notable =
        localtime_r(&now, &local) && strftime(q->value->text, sizeof q->value->text, format, &local) > 0;
}

static void tell_time(const struct question *q)
{
    tell_clock(q, "%H:%M");
}

static void tell_seconds(const struct question *q)
{
    tell_clock(q, "%H:%M:%S");
}

static const struct row {
    const char *name;
    char letter; /* \w for \{cwd}; 0: none */
    void (*tell)(const struct question *q);
} rows[] = {
    {"clock", 't', tell_seconds},
    {"cwd", 'w', tell_cwd},
    {"directory", 'W', tell_directory},
    {"fullhost", 'H', tell_host},
    {"host", 'h', tell_short_host},
    {"jobs", 'j', tell_jobs},
    {"mode", 0, tell_mode},
    {"privilege", '$', tell_privilege},
    {"router", 0, tell_router},
    {"status", '?', tell_status},
    {"time", 'A', tell_time},
    {"took", 0, tell_took},
    {"user", 'u', tell_user},
    {NULL, 0, NULL},
};

bool prompt_value_find(struct shell *sh, const struct prompt_facts *facts, const char *name, size_t len,
                       struct prompt_value *value)
{
    const struct question q = {sh, facts, value};

    value->text[0] = '\0';
    value->notable = false;
    for (const struct row *row = rows; row->name; row++)
        if (strlen(row->name) == len && strncmp(row->name, name, len) == 0) {
            row->tell(&q);
            return true;
        }
    return false;
}

const char *prompt_value_of_letter(char letter)
{
    for (const struct row *row = rows; row->name; row++)
        if (row->letter && row->letter == letter)
            return row->name;
    return NULL;
}

const char *prompt_colour(struct shell *sh, const char *name, size_t len)
{
    static const struct {
        const char *name, *sequence;
    } colours[] = {
        {"black", "\033[30m"},   {"blue", "\033[34m"},   {"bold", "\033[1m"},  {"cyan", "\033[36m"},
        {"dim", "\033[2m"},      {"green", "\033[32m"},  {"grey", "\033[90m"}, {"italic", "\033[3m"},
        {"magenta", "\033[35m"}, {"plain", "\033[m"},    {"red", "\033[31m"},  {"reverse", "\033[7m"},
        {"white", "\033[37m"},   {"yellow", "\033[33m"}, {NULL, NULL},
    };
    const char *no_color = var_get_name(sh, "NO_COLOR");

    for (size_t i = 0; colours[i].name; i++)
        if (strlen(colours[i].name) == len && strncmp(colours[i].name, name, len) == 0)
            return (no_color && *no_color) || !terminal_has_screen(sh) ? "" : colours[i].sequence;
    return NULL;
}
