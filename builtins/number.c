/* number.c - decimal operands. */
#include "builtins/number.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *number_operand(int argc, char **argv)
{
    int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;

    return first < argc ? argv[first] : NULL;
}

bool number_parse(const char *text, long *value)
{
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *value = strtol(text, &end, 10);
    return *end == '\0' && errno == 0;
}
