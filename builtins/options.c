/* options.c - builtin_option(): the utility syntax guidelines (XBD 12.2) for built-in utilities. */
#include "shell/builtin.h"
#include "shell/error.h"
#include <string.h>

int builtin_option(struct shell *sh, struct builtin_options *state, int argc, char **argv,
                   const char *letters)
{
    const char *letter;

    if (state->index == 0)
        state->index = 1;
    if (!state->next || !*state->next) {
        const char *word = state->index < argc ? argv[state->index] : NULL;

        if (!word || word[0] != '-' || word[1] == '\0')
            return -1;
        state->index++;
        if (strcmp(word, "--") == 0)
            return -1;
        state->next = word + 1;
    }
    letter = *state->next == ':' ? NULL : strchr(letters, *state->next);
    if (!letter) {
        error_print(sh, "%s: -%c: no such option", argv[0], *state->next);
        return '?';
    }
    state->next++;
    if (letter[1] != ':')
        return *letter;
    if (*state->next) {
        state->argument = state->next;
        state->next = NULL;
    } else if (state->index < argc) {
        state->argument = argv[state->index++];
    } else {
        error_print(sh, "%s: -%c: an argument is missing", argv[0], *letter);
        return '?';
    }
    return *letter;
}
