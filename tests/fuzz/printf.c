/* printf, echo and test: the input is their arguments, separated by NULs; the first byte chooses the utility.
 */
#include "builtins/builtins.h"
#include "tests/fuzz/shell.h"
#include <stdlib.h>
#include <string.h>

#define MAX_ARGUMENTS 16

/* A width of millions is allowed, and slow. */
static bool is_wide(const char *text, size_t size)
{
    size_t run = 0;
    for (size_t i = 0; i < size; i++) {
        run = text[i] >= '0' && text[i] <= '9' ? run + 1 : 0;
        if (run > 4 || text[i] == '*')
            return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int (*const utilities[])(struct shell *, int, char **) = {builtin_printf, builtin_printf,
                                                                     builtin_echo, builtin_test};
    static const char *const names[] = {"printf", "printf", "echo", "test"};
    struct shell *sh = fuzz_shell();
    if (!size || is_wide((const char *)data, size))
        return 0;
    char *text = malloc(size), *argv[MAX_ARGUMENTS + 2];
    int argc = 1, which = data[0] & 3;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    argv[0] = (char *)names[which];
    for (char *at = text; at < text + size && argc <= MAX_ARGUMENTS; at += strlen(at) + 1)
        argv[argc++] = at;
    argv[argc] = NULL;
    struct arena_mark mark = arena_mark(&sh->scratch);
    size_t len;
    out_capture_begin(sh);
    utilities[which](sh, argc, argv);
    out_capture_end(sh, &len);
    arena_release(&sh->scratch, mark);
    free(text);
    return 0;
}
