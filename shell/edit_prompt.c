/* edit_prompt.c - what of a prompt takes columns. */
#include "shell/edit_prompt.h"
#include "shell/arena.h"
#include "shell/edit_text.h"
#include <string.h>

/* Length of the escape sequence at text (ECMA-48: CSI, OSC and other strings, two-byte ones), 0: none. */
static size_t escape_length(const char *text)
{
    size_t len = 2;

    if (text[0] != '\033' || !text[1])
        return 0;
    if (text[1] == '[') {
        while (text[len] >= 0x20 && text[len] <= 0x3f)
            len++;
        return text[len] ? len + 1 : len;
    }
    if (strchr("]P_^X", text[1])) {
        while (text[len] && text[len] != '\a' && !(text[len] == '\033' && text[len + 1] == '\\'))
            len++;
        return text[len] == '\a' ? len + 1 : text[len] ? len + 2 : len;
    }
    if (strchr("()*+", text[1]) && text[2])
        return 3;
    return len;
}

struct edit_lead edit_prompt_make(const char *text, const char **line_start)
{
    const char *newline = strrchr(text, '\n'), *end = text + strlen(text);
    struct edit_lead lead = {.blank = true};

    *line_start = text = newline ? newline + 1 : text;
    char *out = lead.bytes = xmalloc((size_t)(end - text) + 1);
    while (text < end) {
        size_t len;
        int columns = 0;
        if (*text == '\1') {
            len = strcspn(text + 1, "\2");
            out = mempcpy(out, text + 1, len);
            text += 1 + len + (text[1 + len] == '\2');
        } else if ((len = escape_length(text)) > 0) {
            out = mempcpy(out, text, len);
            text += len;
        } else {
            len = edit_cluster(text, end, &columns);
            lead.blank = lead.blank && (*text == ' ' || *text == '\t');
            if (columns >= 0) {
                out = mempcpy(out, text, len);
            } else if (*text == '\t' || (unsigned char)*text >= 0x80) {
                *out++ = *text == '\t' ? ' ' : '?';
                columns = 1;
            }
            lead.columns += columns > 0 ? (unsigned)columns : 0;
            text += len;
        }
    }
    *out = '\0';
    return lead;
}
