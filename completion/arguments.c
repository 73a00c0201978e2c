/* arguments.c - which commands take what for arguments. */
#include "completion/sources.h"
#include "completion/word.h"
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum source {
    NOTHING = 0,
    ALIASES = 0x1,
    BUILTINS = 0x2,
    COMMANDS = 0x4,
    DIRECTORIES = 0x8,
    FILES = 0x10,
    FUNCTIONS = 0x20,
    HOSTS = 0x40,
    JOBS = 0x80,
    OPTIONS = 0x100,
    SIGNALS = 0x200,
    USERS = 0x400,
    VARIABLES = 0x800,
    IMAGES = 0x1000,
    ROUTERS = 0x2000,
    EDITOR = 0x4000, /* its functions */
    VMS = 0x8000,
    APPLETS = 0x10000,
};

/* The first row that fits. after: the word before this one; NULL: any. from: the first argument that it is
 * for. */
static const struct rule {
    const char *command, *after;
    unsigned from;
    unsigned sources;
} rules[] = {
    {"alias", NULL, 1, ALIASES},
    {"bg", NULL, 1, JOBS},
    {"bind", "-q", 1, EDITOR},
    {"bind", "-u", 1, EDITOR},
    {"busybox", NULL, 1, APPLETS},
    {"cd", NULL, 1, DIRECTORIES},
    {"chown", NULL, 1, USERS | FILES},
    {"command", NULL, 1, COMMANDS},
    {"exec", NULL, 1, COMMANDS},
    {"export", NULL, 1, VARIABLES},
    {"fg", NULL, 1, JOBS},
    {"fleetsh", "-o", 1, OPTIONS},
    {"groups", NULL, 1, USERS},
    {"hash", NULL, 1, COMMANDS},
    {"help", NULL, 1, BUILTINS},
    {"host", NULL, 1, COMMANDS},
    {"id", NULL, 1, USERS},
    {"jobs", NULL, 1, JOBS},
    {"kill", "-s", 1, SIGNALS},
    {"kill", NULL, 1, JOBS},
    {"local", NULL, 1, VARIABLES},
    {"nc", NULL, 1, HOSTS},
    {"nslookup", NULL, 1, HOSTS},
    {"on", NULL, 2, COMMANDS},
    {"on", NULL, 1, ROUTERS},
    {"ping", NULL, 1, HOSTS},
    {"read", NULL, 1, VARIABLES},
    {"readonly", NULL, 1, VARIABLES},
    {"rmdir", NULL, 1, DIRECTORIES},
    {"scp", NULL, 1, HOSTS | FILES},
    {"set", "+o", 1, OPTIONS},
    {"set", "-o", 1, OPTIONS},
    {"sftp", NULL, 1, HOSTS},
    {"ssh", NULL, 1, HOSTS},
    {"su", NULL, 1, USERS},
    {"telnet", NULL, 1, HOSTS},
    {"traceroute", NULL, 1, HOSTS},
    {"trap", NULL, 2, SIGNALS},
    {"type", NULL, 1, COMMANDS},
    {"unalias", NULL, 1, ALIASES},
    {"unset", "-f", 1, FUNCTIONS},
    {"unset", NULL, 1, VARIABLES | FUNCTIONS},
    {"vm debug", "--socket", 1, FILES},
    {"vm debug", NULL, 1, JOBS | VMS},
    {"vm image add", "-n", 1, NOTHING},
    {"vm image add", NULL, 1, FILES},
    {"vm image apply", NULL, 1, FILES},
    {"vm image check", NULL, 1, FILES},
    {"vm image probe", NULL, 1, FILES},
    {"vm image rm", NULL, 1, IMAGES},
    {"vm image show", NULL, 1, IMAGES},
    {"vm info", NULL, 1, JOBS | VMS},
    {"vm kill", NULL, 1, JOBS | VMS},
    {"vm log", "-n", 1, NOTHING},
    {"vm log", NULL, 1, VMS},
    {"vm policy test", NULL, 1, FILES},
    {"vm router drain", NULL, 1, ROUTERS},
    {"vm router forget", NULL, 1, ROUTERS},
    {"vm router info", NULL, 1, ROUTERS},
    {"vm router trust", NULL, 1, ROUTERS},
    {"vm router use", NULL, 1, ROUTERS},
    {"vm strace", "-o", 1, FILES},
    {"vm strace", "-p", 1, JOBS | VMS},
    {"vm strace", NULL, 1, COMMANDS},
    {"vm trace", "-o", 1, FILES},
    {"vm trace", NULL, 1, COMMANDS},
    {"wait", NULL, 1, JOBS},
    {"which", NULL, 1, COMMANDS},
    {"with", "-e", 1, VARIABLES},
    {"with", "-n", 1, NOTHING},
    {"with", "-r", 1, FILES},
    {"with", "-w", 1, FILES},
    {"with", NULL, 1, COMMANDS},
    {NULL, NULL, 0, 0},
};

/*
 * Whose arguments are completed: the command, with the names of its subcommands, or the command that it runs; and what
 * stands between that and the word.
 */
struct subject {
    char name[256];
    char **arguments;
    size_t count;
};

/* These run the command that their operands are. with_argument: letters of options that take one. */
static const struct runner {
    const char *command, *with_argument;
    unsigned operands; /* that stand before the command */
} runners[] = {
    {"busybox", "", 0},     {"command", "", 0},   {"exec", "", 0},     {"host", "", 0}, {"on", "", 1},
    {"vm strace", "op", 0}, {"vm trace", "o", 0}, {"with", "enrw", 0}, {NULL, NULL, 0},
};

static const char *const have_subcommands[] = {"vm", "vm image", "vm router", NULL};

static void skip(struct subject *subject, size_t count)
{
    subject->arguments += count;
    subject->count -= count;
}

static bool go_to_subcommand(struct subject *subject)
{
    size_t len = strlen(subject->name);

    for (const char *const *name = have_subcommands; *name; name++)
        if (strcmp(*name, subject->name) == 0 && subject->count > 0) {
            snprintf(subject->name + len, sizeof subject->name - len, " %s", subject->arguments[0]);
            skip(subject, 1);
            return true;
        }
    return false;
}

/* Where the command stands among the runner's arguments; their count, or more, when it does not yet. */
static size_t find_command(const struct subject *subject, const struct runner *runner)
{
    size_t i = 0;

    for (; i < subject->count && subject->arguments[i][0] == '-'; i++) {
        const char *option = subject->arguments[i] + 1;
        if (strcmp(option, "-") == 0) {
            i++;
            break;
        }
        if (option[0] && !option[1] && strchr(runner->with_argument, option[0]))
            i++;
    }
    return i + runner->operands;
}

static bool go_to_command(struct subject *subject)
{
    for (const struct runner *runner = runners; runner->command; runner++)
        if (strcmp(runner->command, subject->name) == 0) {
            size_t at = find_command(subject, runner);
            if (at >= subject->count)
                return false;
            snprintf(subject->name, sizeof subject->name, "%s", subject->arguments[at]);
            skip(subject, at + 1);
            return true;
        }
    return false;
}

static struct subject find_subject(const struct word_context *word)
{
    struct subject subject = {.arguments = word->arguments, .count = word->count};

    snprintf(subject.name, sizeof subject.name, "%s", word->command);
    while (go_to_subcommand(&subject) || go_to_command(&subject))
        continue;
    return subject;
}

static const struct rule *find_rule(const struct subject *subject)
{
    const char *before = subject->count > 0 ? subject->arguments[subject->count - 1] : "";

    for (const struct rule *rule = rules; rule->command; rule++)
        if (strcmp(rule->command, subject->name) == 0 && subject->count + 1 >= rule->from &&
            (!rule->after || strcmp(rule->after, before) == 0))
            return rule;
    return NULL;
}

static void ask(struct shell *sh, unsigned sources, const char *prefix, struct completions *out)
{
    if (sources & ALIASES)
        complete_aliases(sh, prefix, out);
    if (sources & BUILTINS)
        complete_builtins(sh, prefix, out);
    if (sources & COMMANDS)
        complete_commands(sh, prefix, out);
    if (sources & APPLETS)
        complete_applets(prefix, out);
    if (sources & (DIRECTORIES | FILES))
        complete_files(sh, prefix, sources & FILES ? FILES_ALL : FILES_DIRECTORIES, out);
    if (sources & EDITOR)
        complete_editor(prefix, out);
    if (sources & FUNCTIONS)
        complete_functions(sh, prefix, out);
    if (sources & HOSTS)
        complete_hosts(sh, prefix, out);
    if (sources & IMAGES)
        complete_images(prefix, out);
    if (sources & ROUTERS)
        complete_routers(prefix, out);
    if (sources & JOBS)
        complete_jobs(sh, prefix, out);
    if (sources & OPTIONS)
        complete_shell_options(prefix, out);
    if (sources & SIGNALS)
        complete_signals(prefix, "", out);
    if (sources & USERS)
        complete_users(prefix, "", "", out);
    if (sources & VMS)
        complete_vms(prefix, out);
    if (sources & VARIABLES)
        complete_variables(sh, prefix, out);
}

bool complete_arguments(struct shell *sh, const struct word_context *word, struct completions *out)
{
    const char *text = word->text;

    if (!word->command)
        return false;
    const struct subject subject = find_subject(word);
    const struct rule *rule = word->after_equals ? NULL : find_rule(&subject);
    if (text[0] == '-' && !word->after_equals && strcmp(subject.name, "kill") == 0)
        complete_signals(text + 1, "-", out);
    if (!word->after_equals &&
        (text[0] == '-' || (!rule && subject.count == 0))) /* or words that are no options: vm's */
        complete_options(subject.name, text, out);
    if (out->count > 0)
        return true;
    if (!rule)
        return complete_by_spec(sh, subject.name, subject.arguments, subject.count, word, out);
    ask(sh, rule->sources, text, out);
    return true;
}
