/* options.c - options of built-in utilities, and the words that some take for them. */
#include "completion/sources.h"
#include <stddef.h>
#include <string.h>

static const struct row {
    const char *command, *option, *about;
} rows[] = {
    {"cd", "-L", "keeps symbolic links in the directory's name"},
    {"cd", "-P", "takes the directory's name without symbolic links"},
    {"cd", "-e", "with -P: fails if the name cannot be told"},
    {"command", "-V", "tells what a name means"},
    {"command", "-p", "searches the standard utilities' directories"},
    {"command", "-v", "prints how a name is found"},
    {"export", "-p", "prints what is exported"},
    {"fc", "-e", "edits with this editor"},
    {"fc", "-l", "lists"},
    {"fc", "-n", "lists without numbers"},
    {"fc", "-r", "in reverse order"},
    {"fc", "-s", "runs again, without an editor"},
    {"fc", "-t", "lists with time, status and directory"},
    {"fleetsh", "--help", "prints a summary"},
    {"fleetsh", "--version", "prints the version"},
    {"fleetsh", "-c", "runs a command string"},
    {"fleetsh", "-i", "is interactive"},
    {"fleetsh", "-l", "is a login shell"},
    {"fleetsh", "-o", "sets an option"},
    {"fleetsh", "-s", "reads standard input"},
    {"hash", "-r", "forgets where commands are"},
    {"jobs", "-l", "with process numbers"},
    {"jobs", "-p", "process groups only"},
    {"kill", "-l", "lists the names of signals"},
    {"kill", "-s", "sends the signal of this name"},
    {"pwd", "-L", "with symbolic links"},
    {"pwd", "-P", "without symbolic links"},
    {"read", "-d", "reads to this delimiter"},
    {"read", "-r", "takes a backslash as it is"},
    {"readonly", "-p", "prints what is constant"},
    {"set", "-C", "> does not overwrite a file"},
    {"set", "-a", "exports what is assigned"},
    {"set", "-b", "tells the end of jobs at once"},
    {"set", "-e", "ends when a command fails"},
    {"set", "-f", "expands no pathnames"},
    {"set", "-m", "job control"},
    {"set", "-n", "reads commands and runs none"},
    {"set", "-o", "sets an option by its name"},
    {"set", "-u", "a variable that is not set is an error"},
    {"set", "-v", "prints input as it is read"},
    {"set", "-x", "prints commands before they run"},
    {"trap", "-p", "prints the actions"},
    {"ulimit", "-H", "the hard limit"},
    {"ulimit", "-S", "the soft limit"},
    {"ulimit", "-a", "all limits"},
    {"ulimit", "-c", "core file, in 512 bytes"},
    {"ulimit", "-d", "data segment, in KiB"},
    {"ulimit", "-f", "file size, in 512 bytes"},
    {"ulimit", "-n", "open files"},
    {"ulimit", "-s", "stack, in KiB"},
    {"ulimit", "-t", "CPU seconds"},
    {"ulimit", "-v", "address space, in KiB"},
    {"umask", "-S", "in symbolic form"},
    {"unalias", "-a", "all"},
    {"unset", "-f", "functions"},
    {"unset", "-v", "variables"},
    {"vm", "help", "tells what it can do"},
    {"vm", "image", "checks image specs"},
    {"vm", "info", "tells all about one VM"},
    {"vm", "kill", "destroys a VM"},
    {"vm", "log", "tells what went wrong lately"},
    {"vm", "ls", "lists VMs"},
    {"vm", "router", "tells where VMs run"},
    {"vm", "stop", "ends all VMs and vmprocd"},
    {"vm", "top", "shows VMs at work"},
    {"vm", "trace", "tells what a command's VM did"},
    {"with", "-e", "hands on this variable"},
    {"with", "-r", "gives this path to read"},
    {"with", "-w", "gives this path to read and write"},
    {NULL, NULL, NULL},
};

void complete_options(const char *command, const char *prefix, struct completions *out)
{
    for (const struct row *row = rows; row->command; row++)
        if (strcmp(row->command, command) == 0 && (row->option[0] != '-' || prefix[0] == '-'))
            completions_add_matching(out, prefix, row->option, row->about);
    if (prefix[0] == '-')
        applets_complete_options(command, prefix, out);
}
