/* arguments.c - the command line of sh. */
#include "shell/arguments.h"
#include "shell/error.h"
#include "shell/shell.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: fleetsh [-abCefhilmnuvx] [-o option]... [+...] [command_file [argument...]]\n"
    "       fleetsh -c [options] command_string [command_name [argument...]]\n"
    "       fleetsh -s [options] [argument...]\n"
    "External commands run in virtual machines; -o host makes them ordinary processes.\n";

_Noreturn static void say(const char *text)
{
    ssize_t n = write(STDOUT_FILENO, text, strlen(text));

    _exit(n == (ssize_t)strlen(text) ? 0 : 1);
}

_Noreturn static void refuse(struct shell *sh, const char *what)
{
    error_print(sh, "%s: no such option", what);
    _exit(2);
}

static void set_letter(struct shell *sh, struct arguments *arguments, char letter, bool on, bool *command)
{
    char text[3] = {on ? '-' : '+', letter, '\0'};

    switch (letter) {
    case 'c':
        *command = on;
        break;
    case 's':
        sh->options.stdin_input = on;
        break;
    case 'i':
        arguments->wants_interactive = on;
        arguments->no_interactive = !on;
        break;
    case 'l':
        arguments->login = on;
        break;
    case 'm':
        arguments->wants_monitor = on;
        arguments->no_monitor = !on;
        break;
    default:
        if (!option_set(sh, letter, NULL, on))
            refuse(sh, text);
    }
}

static void set_name(struct shell *sh, struct arguments *arguments, const char *name, bool on)
{
    if (!name)
        refuse(sh, "-o");
    if (strcmp(name, "monitor") == 0)
        set_letter(sh, arguments, 'm', on, NULL);
    else if (!option_set(sh, '\0', name, on))
        refuse(sh, name);
}

/* Returns the index of the first operand. */
static int parse_options(struct shell *sh, int argc, char **argv, struct arguments *arguments, bool *command)
{
    int i = 1;

    for (; i < argc && (argv[i][0] == '-' || argv[i][0] == '+') && argv[i][1] != '\0'; i++) {
        bool on = argv[i][0] == '-';

        if (strcmp(argv[i], "--") == 0)
            return i + 1;
        if (strcmp(argv[i], "--version") == 0)
            say("fleetsh " FLEETSH_VERSION "\n");
        if (strcmp(argv[i], "--help") == 0)
            say(usage);
        if (strncmp(argv[i], "--", 2) == 0)
            refuse(sh, argv[i]);
        for (const char *letter = argv[i] + 1, *word = argv[i]; *letter; letter++) {
            if (*letter != 'o') {
                set_letter(sh, arguments, *letter, on, command);
            } else {
                i = i + 1 < argc ? i + 1 : argc;
                set_name(sh, arguments, argv[i], on);
            }
            if (i >= argc)
                refuse(sh, word);
        }
    }
    if (i < argc && strcmp(argv[i], "-") == 0) /* as -- (XCU sh) */
        i++;
    return i;
}

void arguments_parse(struct shell *sh, int argc, char **argv, struct arguments *arguments)
{
    bool command = false;
    int next;

    *arguments = (struct arguments){.login = argc > 0 && argv[0][0] == '-'};
    next = parse_options(sh, argc, argv, arguments, &command);
    if (command) {
        sh->options.stdin_input = false;
        if (next >= argc) {
            error_print(sh, "-c: a command string is missing");
            _exit(2);
        }
        arguments->command = argv[next++];
        if (next < argc)
            sh->name = argv[next++];
    } else if (!sh->options.stdin_input && next < argc) {
        sh->name = arguments->file = argv[next++];
    } else {
        sh->options.stdin_input = true;
    }
    arguments->operands = argv + next;
    arguments->count = next < argc ? argc - next : 0;
}
