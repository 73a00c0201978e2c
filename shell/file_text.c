#include "shell/file_text.h"
#include "shell/arena.h"
#include <stdio.h>

char *file_text(const char *path, size_t *len)
{
    FILE *file = fopen(path, "re");
    char *text = NULL;
    size_t cap = 0;

    if (!file)
        return NULL;
    ssize_t got = getdelim(&text, &cap, '\0', file);
    *len = got > 0 ? (size_t)got : 0;
    fclose(file);
    return text ? text : xstrdup("");
}
