/*
 * bind [-lps] [-q name] [-r key] [-u name] ['"key": name' | '"key": "text"']... - which key of the line editor does what.
 */
#include "builtins/builtins.h"
#include "shell/arena.h"
#include "shell/builtin.h"
#include "shell/edit_binding.h"
#include "shell/error.h"
#include "shell/out.h"
#include "shell/shell.h"
#include <stdlib.h>
#include <string.h>

/* ---- printing ---- */

struct search {
    struct shell *sh;
    edit_function *run; /* NULL: macros */
    bool whole;         /* the line that binds it, not the key alone */
    bool found;
};

static void print_macro(struct shell *sh, const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            out_printf(sh, *text == 0x1b ? "\\e" : "\\C-%c", edit_binding_letter((unsigned char)*text));
        else
            out_printf(sh, strchr("\"\\", *text) ? "\\%c" : "%c", *text);
}

static void print_binding(const struct edit_binding *binding, void *context)
{
    struct search *search = context;
    char key[EDIT_KEY_TEXT];

    if (binding->run != search->run || (!search->run && !binding->macro))
        return;
    search->found = true;
    edit_binding_write_key(binding->key, key);
    if (!*key) /* a paste */
        return;
    out_printf(search->sh, search->whole ? "\"%s\": " : "\"%s\"", key);
    if (binding->macro) {
        out_printf(search->sh, "\"");
        print_macro(search->sh, binding->macro);
        out_printf(search->sh, "\"");
    } else if (search->whole) {
        out_printf(search->sh, "%s", edit_function_name(binding->run));
    }
    out_printf(search->sh, "\n");
}

static bool print_keys(struct shell *sh, edit_function *run, bool whole)
{
    struct search search = {sh, run, whole, false};

    edit_binding_each(sh, print_binding, &search);
    return search.found;
}

static void print_names(struct shell *sh)
{
    for (size_t i = 0; edit_function_at(i); i++)
        out_printf(sh, "%s\n", edit_function_at(i));
}

/* Such that reading it again binds the same. */
static void print_all(struct shell *sh)
{
    for (size_t i = 0; edit_function_at(i); i++) {
        edit_function *run = edit_function_named(edit_function_at(i));
        if (strcmp(edit_function_name(run), edit_function_at(i)) != 0)
            continue; /* another name of the same */
        if (!print_keys(sh, run, true))
            out_printf(sh, "# %s (not bound)\n", edit_function_at(i));
    }
}

/* ---- binding ---- */

static void unbind(const struct edit_binding *binding, void *context)
{
    struct search *search = context;

    if (binding->run == search->run)
        edit_binding_set(search->sh, binding->key, NULL, NULL);
}

/* The end of what begins behind a double-quote; NULL: there is none. */
static const char *closing_quote(const char *text)
{
    for (; *text && *text != '"'; text++)
        if (*text == '\\' && text[1])
            text++;
    return *text ? text : NULL;
}

static int bind_macro(struct shell *sh, uint32_t key, const char *text, const char *operand)
{
    const char *end = closing_quote(text);
    size_t len;
    char *bytes = end && end[1] == '\0' ? edit_binding_unescape(text, (size_t)(end - text), &len) : NULL;

    if (!bytes || strlen(bytes) != len) {
        error_print(sh, "bind: %s: the text must be in double-quotes, with known escapes", operand);
        free(bytes);
        return 1;
    }
    edit_binding_set(sh, key, NULL, bytes);
    free(bytes);
    return 0;
}

/* "key": name */
static int bind_operand(struct shell *sh, const char *operand)
{
    const char *end = operand[0] == '"' ? closing_quote(operand + 1) : NULL;
    uint32_t key;

    if (!end || end[1] != ':') {
        error_print(sh, "bind: %s: must be '\"KEY\": NAME' or '\"KEY\": \"TEXT\"'", operand);
        return 1;
    }
    if (!edit_binding_read_key(operand + 1, (size_t)(end - operand - 1), &key)) {
        error_print(sh, "bind: %s: not one key, nor \\C-x and another one", operand);
        return 1;
    }
    const char *name = end + 2 + strspn(end + 2, " \t");
    if (*name == '"')
        return bind_macro(sh, key, name + 1, operand);
    edit_function *run = edit_function_named(name);
    if (!run) {
        error_print(sh, "bind: %s: no such function; bind -l lists them", name);
        return 1;
    }
    edit_binding_set(sh, key, run, NULL);
    return 0;
}

static int with_function(struct shell *sh, int letter, const char *name)
{
    edit_function *run = edit_function_named(name);

    if (!run) {
        error_print(sh, "bind: %s: no such function; bind -l lists them", name);
        return 1;
    }
    if (letter == 'q')
        return print_keys(sh, run, false) ? 0 : 1;
    struct search search = {.sh = sh, .run = run};
    edit_binding_each(sh, unbind, &search);
    return 0;
}

static int remove_key(struct shell *sh, const char *text)
{
    uint32_t key;

    if (!edit_binding_read_key(text, strlen(text), &key)) {
        error_print(sh, "bind: %s: not one key, nor \\C-x and another one", text);
        return 1;
    }
    edit_binding_set(sh, key, NULL, NULL);
    return 0;
}

static int run_option(struct shell *sh, int letter, const char *argument)
{
    switch (letter) {
    case 'l':
        print_names(sh);
        return 0;
    case 'p':
        print_all(sh);
        return 0;
    case 's':
        print_keys(sh, NULL, true);
        return 0;
    case 'r':
        return remove_key(sh, argument);
    default:
        return with_function(sh, letter, argument);
    }
}

int builtin_bind(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    int letter, status = 0;

    while ((letter = builtin_option(sh, &options, argc, argv, "lpsq:r:u:")) != -1) {
        if (letter == '?')
            return 2;
        if (run_option(sh, letter, options.argument) != 0)
            status = 1;
    }
    for (int i = options.index; i < argc; i++)
        if (bind_operand(sh, argv[i]) != 0)
            status = 1;
    if (argc == 1)
        print_all(sh);
    return status;
}
