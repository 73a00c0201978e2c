/* arguments.c - which commands take what for arguments. */
#include "completion/sources.h"
#include "completion/word.h"
#include <stddef.h>
#include <string.h>

enum source {
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
    IMAGE_WORDS = 0x2000,  /* subcommands of vm image */
    ROUTER_WORDS = 0x4000, /* of vm router */
    ROUTERS = 0x8000,
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
    {"host", NULL, 2, FILES},
    {"host", NULL, 1, COMMANDS},
    {"id", NULL, 1, USERS},
    {"jobs", NULL, 1, JOBS},
    {"kill", "-s", 1, SIGNALS},
    {"kill", NULL, 1, JOBS},
    {"local", NULL, 1, VARIABLES},
    {"nc", NULL, 1, HOSTS},
    {"nslookup", NULL, 1, HOSTS},
    {"on", NULL, 3, FILES},
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
    {"vm", "add", 3, FILES},
    {"vm", "apply", 3, FILES},
    {"vm", "check", 3, FILES},
    {"vm", "drain", 3, ROUTERS},
    {"vm", "forget", 3, ROUTERS},
    {"vm", "image", 2, IMAGE_WORDS},
    {"vm", "info", 3, ROUTERS},
    {"vm", "probe", 3, FILES},
    {"vm", "rm", 3, IMAGES},
    {"vm", "router", 2, ROUTER_WORDS},
    {"vm", "show", 3, IMAGES},
    {"vm", "strace", 1, COMMANDS},
    {"vm", "trace", 1, COMMANDS},
    {"vm", "trust", 3, ROUTERS},
    {"vm", "use", 3, ROUTERS},
    {"vm", NULL, 2, JOBS},
    {"wait", NULL, 1, JOBS},
    {"which", NULL, 1, COMMANDS},
    {"with", "-e", 1, VARIABLES},
    {"with", "-r", 1, FILES},
    {"with", "-w", 1, FILES},
    {"with", NULL, 1, COMMANDS},
    {NULL, NULL, 0, 0},
};

static const struct rule *find_rule(const struct word_context *word)
{
    for (const struct rule *rule = rules; rule->command; rule++)
        if (strcmp(rule->command, word->command) == 0 && word->number >= rule->from &&
            (!rule->after || (word->previous && strcmp(rule->after, word->previous) == 0)))
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
    if (sources & (DIRECTORIES | FILES))
        complete_files(sh, prefix, sources & FILES ? FILES_ALL : FILES_DIRECTORIES, out);
    if (sources & FUNCTIONS)
        complete_functions(sh, prefix, out);
    if (sources & HOSTS)
        complete_hosts(sh, prefix, out);
    if (sources & IMAGES)
        complete_images(prefix, out);
    if (sources & IMAGE_WORDS)
        complete_options("vm image", prefix, out);
    if (sources & ROUTER_WORDS)
        complete_options("vm router", prefix, out);
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
    if (sources & VARIABLES)
        complete_variables(sh, prefix, out);
}

bool complete_arguments(struct shell *sh, const struct word_context *word, struct completions *out)
{
    const struct rule *rule = word->command && !word->after_equals ? find_rule(word) : NULL;
    const char *text = word->text;

    if (word->command && !word->after_equals && text[0] == '-') {
        if (strcmp(word->command, "kill") == 0)
            complete_signals(text + 1, "-", out);
        complete_options(word->command, text, out);
        if (out->count > 0)
            return true;
    }
    if (!rule && word->command && word->number == 1 && !word->after_equals && text[0] != '-') {
        complete_options(word->command, text, out); /* words that are no options: vm's */
        if (out->count > 0)
            return true;
    }
    if (!rule)
        return false;
    ask(sh, rule->sources, text, out);
    return true;
}
