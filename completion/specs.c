/*
 * specs.c - options and operands of images, from "completion" in their specs (fleetsh-image(5)).
 *
 * vmproc-spec reads the spec, as this shell links no JSON library: lines of option|operand, NAME, ARGUMENT, ABOUT with
 * tabs between them. ARGUMENT is a kind, or = and words, or nothing: it takes none. Nothing of the image itself is run.
 */
#include "completion/sources.h"
#include "completion/word.h"
#include "shell/arena.h"
#include "shell/exec.h"
#include "shell/fork.h"
#include "shell/shell.h"
#include "shell/symbol.h"
#include "vmproc/vmproc.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIELDS 4

struct line {
    char *text; /* malloc'ed */
    const char *name, *argument, *about;
    bool is_option;
};

struct spec {
    struct line *lines;
    size_t count;
};

/* ---- reading it ---- */

static bool find_spec(struct shell *sh, const char *command, char spec[PATH_MAX])
{
    struct symbol *symbol = symbol_intern(command, strlen(command));
    const char *path, *reason;
    int error;

    if (strchr(command, ' ') || symbol->builtin || symbol->function)
        return false;
    path = exec_find(sh, symbol, NULL, &error);
    if (!path)
        return false;
    if (vmproc_kind(path, &reason) != VMPROC_SPEC)
        return vmproc_spec_beside(path, spec);
    return snprintf(spec, PATH_MAX, "%s", path) < PATH_MAX;
}

/* What vmproc-spec prints of it. NULL: nothing. */
static FILE *open_reader(struct shell *sh, char *spec)
{
    const char *tool = vmproc_spec_tool();
    int ends[2];

    if (!tool || pipe2(ends, O_CLOEXEC) != 0)
        return NULL;
    pid_t child = shell_fork(sh, NULL, FORK_NO_JOB);
    if (child == 0) {
        char *const words[] = {"vmproc-spec", "--completion", spec, NULL};
        int null = open("/dev/null", O_RDWR);
        if (dup2(null, STDIN_FILENO) < 0 || dup2(ends[1], STDOUT_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0)
            _exit(126);
        execv(tool, words);
        _exit(126);
    }
    close(ends[1]);
    return fdopen(ends[0], "r");
}

/* false: it is no such line. */
static bool split(char *text, struct line *line)
{
    char *fields[FIELDS], *next = text;

    text[strcspn(text, "\n")] = '\0';
    for (int i = 0; i < FIELDS; i++)
        if (!(fields[i] = strsep(&next, "\t")))
            return false;
    *line = (struct line){text, fields[1], fields[2], fields[3], strcmp(fields[0], "option") == 0};
    return true;
}

static void read_spec(FILE *reader, struct spec *spec)
{
    char *text = NULL;
    size_t size = 0;

    while (getline(&text, &size, reader) > 0) {
        spec->lines = xrealloc(spec->lines, (spec->count + 1) * sizeof *spec->lines);
        char *own = xstrdup(text);
        if (split(own, &spec->lines[spec->count]))
            spec->count++;
        else
            free(own);
    }
    free(text);
}

static void free_spec(struct spec *spec)
{
    while (spec->count > 0)
        free(spec->lines[--spec->count].text);
    free(spec->lines);
}

/* ---- what it says of the word ---- */

static const struct line *find_option(const struct spec *spec, const char *name)
{
    for (size_t i = 0; name && i < spec->count; i++)
        if (spec->lines[i].is_option && strcmp(spec->lines[i].name, name) == 0)
            return &spec->lines[i];
    return NULL;
}

/* The operand of this number, from 0: the last one stands for all that follow. */
static const struct line *find_operand(const struct spec *spec, size_t number)
{
    const struct line *found = NULL;

    for (size_t i = 0; i < spec->count; i++)
        if (!spec->lines[i].is_option) {
            found = &spec->lines[i];
            if (number-- == 0)
                break;
        }
    return found;
}

/* What the word is an argument of, or which operand; NULL: nothing is known of it. */
static const struct line *find_line(const struct spec *spec, char *const *arguments, size_t count)
{
    size_t operands = 0;
    bool ended = false;

    for (size_t i = 0; i < count; i++) {
        const struct line *option = ended ? NULL : find_option(spec, arguments[i]);
        if (!ended && strcmp(arguments[i], "--") == 0)
            ended = true;
        else if (option && *option->argument && ++i == count)
            return option;
        else if (!option && (ended || arguments[i][0] != '-'))
            operands++;
    }
    return find_operand(spec, operands);
}

static void add_words(const char *words, const char *prefix, struct completions *out)
{
    char *copy = xstrdup(words), *next = copy, *word;

    while ((word = strsep(&next, " ")) != NULL)
        completions_add_matching(out, prefix, word, NULL);
    free(copy);
}

static void add_argument(struct shell *sh, const char *kind, const char *prefix, struct completions *out)
{
    if (*kind == '=')
        add_words(kind + 1, prefix, out);
    else if (strcmp(kind, "command") == 0)
        complete_commands(sh, prefix, out);
    else if (strcmp(kind, "directory") == 0)
        complete_files(sh, prefix, FILES_DIRECTORIES, out);
    else if (strcmp(kind, "file") == 0)
        complete_files(sh, prefix, FILES_ALL, out);
    else if (strcmp(kind, "host") == 0)
        complete_hosts(sh, prefix, out);
    else if (strcmp(kind, "signal") == 0)
        complete_signals(prefix, "", out);
    else if (strcmp(kind, "user") == 0)
        complete_users(prefix, "", "", out);
    else if (strcmp(kind, "variable") == 0)
        complete_variables(sh, prefix, out);
}

static bool add_options(const struct spec *spec, const char *prefix, struct completions *out)
{
    for (size_t i = 0; i < spec->count; i++)
        if (spec->lines[i].is_option)
            completions_add_matching(out, prefix, spec->lines[i].name,
                                     *spec->lines[i].about ? spec->lines[i].about : NULL);
    return out->count > 0;
}

bool complete_by_spec(struct shell *sh, const char *command, char *const *arguments, size_t count,
                      const struct word_context *word, struct completions *out)
{
    char file[PATH_MAX];
    struct spec spec = {0};
    FILE *reader = find_spec(sh, command, file) ? open_reader(sh, file) : NULL;
    bool known = false;

    if (!reader)
        return false;
    read_spec(reader, &spec);
    fclose(reader);
    if (!word->after_equals && word->text[0] == '-') {
        known = add_options(&spec, word->text, out);
    } else {
        const struct line *line =
            word->after_equals ? find_option(&spec, word->option) : find_line(&spec, arguments, count);
        known = line && *line->argument;
        if (known)
            add_argument(sh, line->argument, word->text, out);
    }
    free_spec(&spec);
    return known;
}
