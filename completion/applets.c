/*
 * applets.c - what the toolbox's programs say of themselves: the file that scripts/make-toolbox has made of
 * their
 * --help, lines of APPLET<tab>OPTION<tab>TEXT. Nothing is run for a completion.
 */
#include "completion/sources.h"
#include "shell/arena.h"
#include "vmproc/vmproc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Calls visit for each line. */
static void each_line(void (*visit)(char *applet, char *option, char *about, void *context), void *context)
{
    const char *directory = vmproc_toolbox();
    char path[4096], *line = NULL;
    size_t size = 0;
    FILE *file;

    if (!directory || snprintf(path, sizeof path, "%s/.help", directory) >= (int)sizeof path)
        return;
    file = fopen(path, "re");
    while (file && getline(&line, &size, file) > 0) {
        char *option = strchr(line, '\t'), *about = option ? strchr(option + 1, '\t') : NULL;
        if (!about)
            continue;
        *option++ = *about++ = '\0';
        about[strcspn(about, "\n")] = '\0';
        visit(line, option, about, context);
    }
    free(line);
    if (file)
        fclose(file);
}

static int by_text(const void *text, const void *item)
{
    return strcmp(text, ((const struct completion *)item)->text);
}

static void describe(char *applet, char *option, char *about, void *context)
{
    struct completions *out = context;
    struct completion *item = NULL;

    if (!*option)
        item = bsearch(applet, out->items, out->count, sizeof *out->items, by_text);
    if (item && !item->about)
        item->about = xstrdup(about);
}

void applets_describe(struct completions *out)
{
    if (out->count > 0)
        each_line(describe, out);
}

struct search {
    const char *applet, *prefix;
    struct completions *out;
};

static void add_option(char *applet, char *option, char *about, void *context)
{
    const struct search *search = context;

    if (*option && strcmp(applet, search->applet) == 0)
        completions_add_matching(search->out, search->prefix, option, *about ? about : NULL);
}

void applets_complete_options(const char *applet, const char *prefix, struct completions *out)
{
    struct search search = {applet, prefix, out};

    each_line(add_option, &search);
}
