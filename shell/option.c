/* option.c - the table of options, sorted by name. */
#include "shell/option.h"
#include "shell/job.h"
#include "shell/out.h"
#include "shell/shell.h"
#include <string.h>

#define FIELD(field)                                                                                         \
    static bool *of_##field(struct options *options)                                                         \
    {                                                                                                        \
        return &options->field;                                                                              \
    }

FIELD(allexport)
FIELD(ambient)
FIELD(emacs)
FIELD(errexit)
FIELD(explain)
FIELD(hashall)
FIELD(host)
FIELD(ignoreeof)
FIELD(monitor)
FIELD(noclobber)
FIELD(noexec)
FIELD(noglob)
FIELD(nolog)
FIELD(notify)
FIELD(nounset)
FIELD(pipefail)
FIELD(pola)
FIELD(posix)
FIELD(verbose)
FIELD(vi)
FIELD(vmtrace)
FIELD(xtrace)

const struct option_row option_table[] = {
    {'a', "allexport", of_allexport},
    {0, "ambient", of_ambient},
    {0, "emacs", of_emacs},
    {'e', "errexit", of_errexit},
    {0, "explain", of_explain},
    {'h', "hashall", of_hashall},
    {0, "host", of_host},
    {0, "ignoreeof", of_ignoreeof},
    {'m', "monitor", of_monitor},
    {'C', "noclobber", of_noclobber},
    {'n', "noexec", of_noexec},
    {'f', "noglob", of_noglob},
    {0, "nolog", of_nolog},
    {'b', "notify", of_notify},
    {'u', "nounset", of_nounset},
    {0, "pipefail", of_pipefail},
    {0, "pola", of_pola},
    {0, "posix", of_posix},
    {'v', "verbose", of_verbose},
    {0, "vi", of_vi},
    {0, "vmtrace", of_vmtrace},
    {'x', "xtrace", of_xtrace},
    {0, NULL, NULL},
};

static const struct option_row *find(char letter, const char *name)
{
    for (const struct option_row *row = option_table; row->name; row++)
        if (name ? strcmp(row->name, name) == 0 : row->letter == letter)
            return row;
    return NULL;
}

bool option_set(struct shell *sh, char letter, const char *name, bool on)
{
    const struct option_row *row = find(letter, name);
    bool *option;

    if (!row)
        return false;
    option = row->of(&sh->options);
    if (option == &sh->options.noexec && sh->interactive)
        return true; /* XCU set -n: ignored when interactive */
    *option = on;
    if (option == &sh->options.vi && on)
        sh->options.emacs = false;
    if (option == &sh->options.emacs && on)
        sh->options.vi = false;
    if (option == &sh->options.pola && on)
        sh->options.ambient = false;
    if (option == &sh->options.ambient && on)
        sh->options.pola = false;
    if (option == &sh->options.monitor)
        job_set_monitor(sh, on);
    return true;
}

void option_print(struct shell *sh, bool as_commands)
{
    for (const struct option_row *row = option_table; row->name; row++) {
        bool on = *row->of(&sh->options);

        if (as_commands)
            out_printf(sh, "set %co %s\n", on ? '-' : '+', row->name);
        else
            out_printf(sh, "%-16s%s\n", row->name, on ? "on" : "off");
    }
}

char *option_letters(struct shell *sh, char buffer[32])
{
    char *next = buffer;

    for (const struct option_row *row = option_table; row->name; row++)
        if (row->letter && *row->of(&sh->options))
            *next++ = row->letter;
    if (sh->options.interactive)
        *next++ = 'i';
    if (sh->options.stdin_input)
        *next++ = 's';
    *next = '\0';
    return buffer;
}
