/*
 * getopts optstring name [arg...] - XCU getopts. OPTIND names the operand, sh->getopts_char the letter within
 * it; assigning OPTIND starts anew.
 */
#include "builtins/builtins.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/shell.h"
#include "shell/symbol.h"
#include "shell/var.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct getopts {
    struct shell *sh;
    char **args;
    unsigned count;
    unsigned index;     /* of the operand; OPTIND - 1 */
    unsigned next_char; /* of the letter in it; 0: not yet begun */
    const char *argument;
    bool failed; /* a variable could not be set */
};

static void set(struct getopts *g, const char *name, const char *value)
{
    if (!var_set_name(g->sh, name, value, 0))
        g->failed = true;
}

static void unset_argument(struct getopts *g)
{
    if (!var_unset(g->sh, symbol_intern("OPTARG", 6)))
        g->failed = true;
}

static int finish(struct getopts *g, const char *name, const char *value, int status)
{
    char number[16];
    snprintf(number, sizeof number, "%u", g->index + 1);
    set(g, "OPTIND", number);
    g->sh->getopts_char = g->next_char; /* after OPTIND's hook has cleared it */
    if (g->argument)
        set(g, "OPTARG", g->argument);
    else
        unset_argument(g);
    set(g, name, value);
    return g->failed ? 2 : status;
}

static int complain(struct getopts *g, const char *name, const char *optstring, char letter, const char *why)
{
    char text[2] = {letter, '\0'};
    bool missing = why[0] == 'o';
    if (optstring[0] == ':') {
        g->argument = text;
        return finish(g, name, missing ? ":" : "?", 0);
    }
    error_print(g->sh, "%s -- %c", why, letter);
    return finish(g, name, "?", 0);
}

/* The operand's letters are used up: on to the next operand. */
static void next_operand(struct getopts *g)
{
    g->index++;
    g->next_char = 0;
}

/* An option with its letter is at hand, or status 1. */
static bool find_letter(struct getopts *g)
{
    if (g->next_char) {
        if (g->index < g->count && g->next_char < strlen(g->args[g->index]))
            return true;
        g->next_char = 0;
    }
    if (g->index >= g->count || g->args[g->index][0] != '-' || !g->args[g->index][1])
        return false;
    if (!strcmp(g->args[g->index], "--")) {
        g->index++;
        return false;
    }
    g->next_char = 1;
    return true;
}

static int take_letter(struct getopts *g, const char *optstring, const char *name)
{
    char letter = g->args[g->index][g->next_char++];
    const char *rest = g->args[g->index] + g->next_char;
    const char *known = letter == ':' ? NULL : strchr(optstring, letter);
    if (!*rest)
        next_operand(g);
    if (!known)
        return complain(g, name, optstring, letter, "illegal option");
    if (known[1] == ':') {
        if (*rest) {
            g->argument = rest;
            next_operand(g);
        } else if (g->index < g->count) {
            g->argument = g->args[g->index];
            next_operand(g);
        } else {
            return complain(g, name, optstring, letter, "option requires an argument");
        }
    }
    return finish(g, name, (char[]){letter, '\0'}, 0);
}

int builtin_getopts(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    if (builtin_option(sh, &options, argc, argv, "") != -1)
        return 2;
    char **operands = argv + options.index;
    if (argc - options.index < 2) {
        error_print(sh, "getopts: usage: getopts optstring name [arg...]");
        return 2;
    }
    if (!var_is_name(operands[1], strlen(operands[1]))) {
        error_print(sh, "getopts: %s: not a valid name", operands[1]);
        return 2;
    }
    const char *optind = var_get_name(sh, "OPTIND");
    long first = optind ? strtol(optind, NULL, 10) : 1;
    bool own = argc - options.index > 2;
    struct getopts g = {
        .sh = sh,
        .args = own ? operands + 2 : sh->positional.items,
        .count = own ? (unsigned)(argc - options.index - 2) : sh->positional.count,
        .index = first > 0 && first < 1000000000 ? (unsigned)first - 1 : 0,
        .next_char = sh->getopts_char,
    };
    if (!find_letter(&g))
        return finish(&g, operands[1], "?", 1);
    return take_letter(&g, operands[0], operands[1]);
}
