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

/* What libc is or will be told. Like libc's own locale it belongs to the process, not to a struct shell. */
static struct {
    bool settled;
    bool utf8, bytes;
    char ctype[64], collate[64];
} current = {.settled = true, .bytes = true, .ctype = "C", .collate = "C"};

static bool is_posix(const char *name)
{
    return !strcmp(name, "C") || !strcmp(name, "POSIX");
}

static bool names_utf8(const char *name)
{
    const char *charset = strchr(name, '.');
    return charset && (!strcmp(charset, ".UTF-8") || !strcmp(charset, ".utf8") ||
                       !strcmp(charset, ".utf-8") || !strcmp(charset, ".UTF8"));
}

static void copy_name(char to[64], const char *name)
{
    strcpy(to, strlen(name) < 64 ? name : "C");
}

void locale_settle(void)
{
    if (current.settled)
        return;
    current.settled = true;
    if (!setlocale(LC_CTYPE, current.ctype))
        setlocale(LC_CTYPE, "C");
    if (!setlocale(LC_COLLATE, current.collate))
        setlocale(LC_COLLATE, "C");
    current.utf8 = MB_CUR_MAX > 1;
}

void locale_init(struct shell *sh)
{
    const char *ctype = wanted(sh, "LC_CTYPE"), *collate = wanted(sh, "LC_COLLATE");
    if (!strcmp(ctype, current.ctype) && !strcmp(collate, current.collate))
        return;
    copy_name(current.ctype, ctype);
    copy_name(current.collate, collate);
    current.settled = false;
    current.utf8 = names_utf8(ctype);
    current.bytes = is_posix(collate) || !strncmp(collate, "C.", 2);
    if (!current.utf8)
        locale_settle();
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
    return current.utf8;
}

bool locale_collates_bytes(void)
{
    return current.bytes;
}

int locale_compare(const char *a, const char *b)
{
    if (current.bytes)
        return strcmp(a, b);
    locale_settle();
    return strcoll(a, b);
}
