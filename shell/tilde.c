/* tilde.c - tilde expansion (XCU 2.6.1). The parser finds the prefixes; the result is as if quoted. */
#include "shell/expansion.h"
#include "shell/var.h"
#include <pwd.h>
#include <string.h>

static const char *home_of(struct shell *sh, const char *user, size_t len)
{
    if (!len)
        return var_get_name(sh, "HOME");
    char *name = arena_strndup(&sh->scratch, user, len);
    const struct passwd *entry = getpwnam(name);
    return entry ? entry->pw_dir : NULL;
}

void tilde_expand(struct shell *sh, const char *user, size_t len, bool slash_follows, enum expand_mode mode)
{
    const char *home = home_of(sh, user, len);
    if (!home) { /* unspecified; as others do: the text stays */
        expansion_add(sh->expansion, mode, "~", 1, SEGMENT_LITERAL);
        expansion_add(sh->expansion, mode, user, len, SEGMENT_LITERAL);
        return;
    }
    size_t home_len = strlen(home);
    if (slash_follows && home_len && home[home_len - 1] == '/')
        home_len--; /* HOME=/ ~/x is /x */
    expansion_add(sh->expansion, mode, home, home_len, SEGMENT_QUOTED);
}
