/* names.c - signals, the options of set -o, functions of the line editor. */
#include "completion/sources.h"
#include "shell/edit_binding.h"
#include "shell/option.h"
#include "shell/trap.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

void complete_signals(const char *prefix, const char *before, struct completions *out)
{
    char text[32];

    for (int number = 1; number < NSIG; number++) {
        const char *name = signal_name(number);
        if (!name || strncmp(name, prefix, strlen(prefix)) != 0)
            continue;
        snprintf(text, sizeof text, "%s%s", before, name);
        completions_add(out, text, strsignal(number));
    }
}

void complete_shell_options(const char *prefix, struct completions *out)
{
    for (const struct option_row *row = option_table; row->name; row++)
        completions_add_matching(out, prefix, row->name, NULL);
}

void complete_editor(const char *prefix, struct completions *out)
{
    for (size_t i = 0; edit_function_at(i); i++)
        completions_add_matching(out, prefix, edit_function_at(i), NULL);
}
