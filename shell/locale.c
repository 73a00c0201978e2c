/* locale.c - the locale follows its variables (XBD 8.2). */
#include "shell/locale.h"
#include "shell/symbol.h"
#include <locale.h>
#include <stdlib.h>
#include <string.h>

const char *const locale_variables[] = {"LANG", "LC_ALL", "LC_COLLATE", "LC_CTYPE", NULL};

/* XBD 8.2: LC_ALL, else the category's variable, else LANG; empty counts as unset. */
static const char *wanted(struct shell *sh, const char *category)
{
    const char *const names[] = {"LC_ALL", category, "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = var_get_name(sh, names[i]);
        if (value && *value)
            return value;
    }
    return "C";
}

static void follow(int category, const char *name)
{
    const char *now = setlocale(category, NULL);
    if (!strcmp(name, "POSIX"))
        name = "C";
    if (now && strcmp(now, name) != 0 && !setlocale(category, name))
        setlocale(category, "C");
}

void locale_init(struct shell *sh)
{
    follow(LC_CTYPE, wanted(sh, "LC_CTYPE"));
    follow(LC_COLLATE, wanted(sh, "LC_COLLATE"));
}

void locale_changed(struct shell *sh, struct symbol *symbol)
{
    (void)symbol;
    locale_init(sh);
    struct symbol *ifs = symbol_intern("IFS", 3);
    if (ifs->var.changed) /* which bytes of IFS are characters depends on LC_CTYPE */
        ifs->var.changed(sh, ifs);
}

bool locale_is_utf8(void)
{
    return MB_CUR_MAX > 1;
}

bool locale_collates_bytes(void)
{
    const char *name = setlocale(LC_COLLATE, NULL);
    return !name || !strcmp(name, "C") || !strcmp(name, "POSIX") || !strncmp(name, "C.", 2);
}
