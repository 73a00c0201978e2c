/* expansion.c - the pathnames that a pattern matches, for vi's * \ and =. */
#include "completion/sources.h"
#include "shell/arena.h"
#include "shell/expand.h"
#include "shell/pattern.h"
#include "shell/shell.h"
#include "shell/var.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

void complete_expansion(struct shell *sh, const char *pattern, struct completions *out)
{
    const char *home = strncmp(pattern, "~/", 2) == 0 ? var_get_name(sh, "HOME") : NULL;
    size_t home_len = home ? strlen(home) : 0;
    struct arena_mark mark = arena_mark(&sh->scratch);
    struct fields found = {0};
    size_t len = strlen(pattern);
    char *whole = arena_alloc(&sh->scratch, home_len + len + 2);

    sprintf(whole, "%s%s%s", home ? home : "", pattern + (home ? 1 : 0),
            pattern_has_special(pattern) ? "" : "*");
    pattern_glob(sh, whole, &found);
    for (size_t i = 0; i < found.count; i++) {
        struct stat st;
        bool is_directory = stat(found.items[i], &st) == 0 && S_ISDIR(st.st_mode);
        const char *rest = found.items[i] + home_len; /* the user's ~ stays */
        size_t rest_len = strlen(rest);
        char *item = xmalloc(rest_len + 3);
        sprintf(item, "%s%s%s", home ? "~" : "", rest,
                is_directory && (rest_len == 0 || rest[rest_len - 1] != '/') ? "/" : "");
        completions_take(out, item, NULL);
    }
    arena_release(&sh->scratch, mark);
}
