/*
 * help [name...] - how the built-in utilities are called.
 */
#include "builtins/builtins.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/out.h"
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const struct synopsis {
    const char *name, *operands, *does;
} synopses[] = {
    {".", "file", "runs the commands of file in this shell"},
    {":", "[argument...]", "does nothing, with status 0"},
    {"[", "expression ]", "tells by its status whether expression is true"},
    {"alias", "[name[=value]...]", "defines or prints aliases"},
    {"bg", "[job...]", "continues stopped jobs in the background"},
    {"bind", "[-lps] [-q name] [-r key] [-u name] ['\"key\": name'...]",
     "tells or says which key of the line editor does what"},
    {"break", "[n]", "leaves n loops"},
    {"cd", "[-L | -P [-e]] [directory | -]", "changes the working directory"},
    {"command", "[-p] [-v | -V] name [argument...]", "runs name, but no function, or tells what it is"},
    {"continue", "[n]", "begins the next turn of the nth loop"},
    {"echo", "[string...]", "writes its arguments"},
    {"eval", "[argument...]", "runs its arguments as a command"},
    {"exec", "[command [argument...]]", "becomes command, or makes redirections stay"},
    {"exit", "[n]", "ends the shell with status n"},
    {"export", "[-p] [name[=value]...]", "puts variables into the environment of commands"},
    {"false", "", "fails with status 1"},
    {"fc", "[-r] [-e editor] | -l [-nrt] | -s [old=new] [first [last]]",
     "lists, edits or runs earlier commands"},
    {"fg", "[job]", "continues a job in the foreground"},
    {"getopts", "optstring name [argument...]", "parses options"},
    {"hash", "[-r] [name...]", "remembers, forgets or lists where commands are"},
    {"help", "[name...]", "prints this"},
    {"host", "command [argument...]", "runs command as an ordinary process, not in a VM"},
    {"id", "[-G | -g | -u] [-nr] [user]", "prints a user's numbers and names, and the groups'"},
    {"jobs", "[-l | -p] [job...]", "lists jobs"},
    {"kill", "[-s signal] process... | -l [status]", "sends signals"},
    {"local", "name[=value]...", "makes variables of the running function"},
    {"on", "router command [argument...]", "runs command on that router, and what it starts"},
    {"printf", "format [argument...]", "writes formatted text"},
    {"pwd", "[-L | -P]", "prints the working directory"},
    {"read", "[-r] [-d delimiter] name...", "reads a line into variables"},
    {"readonly", "[-p] [name[=value]...]", "makes variables constant"},
    {"return", "[n]", "leaves a function or a file run by ."},
    {"set", "[-abCefhmnuvx] [-o option] [argument...]", "sets options and positional parameters"},
    {"shift", "[n]", "drops n positional parameters"},
    {"test", "[expression]", "tells by its status whether expression is true"},
    {"times", "", "prints the time used"},
    {"trap", "[-p] [action condition...]", "runs action when a signal arrives"},
    {"true", "", "succeeds"},
    {"type", "name...", "tells what a command name means"},
    {"ulimit", "[-H | -S] [-a | -c -d -f -n -s -t -v...] [limit]", "prints or sets limits of resources"},
    {"umask", "[-S] [mask]", "prints or sets the file mode creation mask"},
    {"unalias", "-a | name...", "removes aliases"},
    {"unset", "[-f | -v] name...", "removes variables or functions"},
    {"vm", "ls | info | top | trace | strace | debug | log | router | kill | image | policy | stop | help",
     "looks at and ends VMs"},
    {"wait", "[process | job...]", "waits until they end"},
    {"with", "[-r path]... [-w path]... [-n grant]... [-e name]... command [argument...]",
     "gives command files to read, to write, and variables, beside the ordinary"},
};

#define SYNOPSES (sizeof synopses / sizeof synopses[0])

static bool help_print(struct shell *sh, const char *name)
{
    bool found = false;

    for (size_t i = 0; i < SYNOPSES; i++) {
        if (name && strcmp(name, synopses[i].name) != 0)
            continue;
        found = true;
        if (name)
            out_printf(sh, "%s %s\n    %s\n", name, synopses[i].operands, synopses[i].does);
        else
            out_printf(sh, "%-10s %s\n", synopses[i].name, synopses[i].does);
    }
    return found;
}

const char *builtin_about(const char *name)
{
    for (size_t i = 0; i < SYNOPSES; i++)
        if (strcmp(name, synopses[i].name) == 0)
            return synopses[i].does;
    return NULL;
}

int builtin_help(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    int status = 0;

    if (builtin_option(sh, &options, argc, argv, "") != -1)
        return 2;
    if (options.index >= argc)
        help_print(sh, NULL);
    for (int i = options.index; i < argc; i++) {
        if (!help_print(sh, argv[i])) {
            error_print(sh, "help: %s: not a built-in utility", argv[i]);
            status = 1;
        }
    }
    return status;
}
