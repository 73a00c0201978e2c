/* number.c - decimal operands. */
#include "builtins/number.h"
#include <errno.h>
#include <stdlib.h>

bool number_parse(const char *text, long *value)
{
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *value = strtol(text, &end, 10);
    return *end == '\0' && errno == 0;
}
