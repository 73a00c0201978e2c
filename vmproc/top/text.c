/* text.c - how many columns of a terminal text takes. */
#include "top.h"

#include <string.h>
#include <wchar.h>

/* Length of the character at text, and its width. */
static size_t next(const char *text, size_t length, int *width)
{
    mbstate_t state = {0};
    wchar_t c;
    size_t n = mbrtowc(&c, text, length, &state);

    if (n == 0 || n > length) {
        *width = 1;
        return 1;
    }
    *width = wcwidth(c) < 0 ? 1 : wcwidth(c);
    return n;
}

size_t text_fit(const char *text, int width)
{
    size_t at = 0, length = strlen(text);

    while (at < length) {
        int w;
        size_t n = next(text + at, length - at, &w);

        if (w > width)
            break;
        width -= w;
        at += n;
    }
    return at;
}

int text_width(const char *text, size_t length)
{
    int width = 0;

    for (size_t at = 0; at < length;) {
        int w;

        at += next(text + at, length - at, &w);
        width += w;
    }
    return width;
}
