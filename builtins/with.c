/* with [-r path]... [-w path]... [-n grant]... [-e name]... command [argument...] - gives one external
 * command more than others. */
#include "builtins/builtins.h"
#include "shell/arena.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/shell.h"
#include "shell/simple.h"
#include "shell/var.h"
#include "vmproc/network.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* 0 when path can be given for writing: it is there, or a directory in which it can be made. */
static int check_writable(struct shell *sh, const char *path)
{
    const char *slash = strrchr(path, '/');
    struct stat status;
    size_t len = slash ? (size_t)(slash - path) + 1 : 0;
    char *above;

    if (stat(path, &status) == 0)
        return 0;
    if (errno != ENOENT || (slash && !slash[1]))
        return errno;
    above = arena_alloc(&sh->scratch, len + 2);
    memcpy(above, path, len);
    strcpy(above + len, ".");
    return stat(above, &status) == 0 ? 0 : errno;
}

static bool check(struct shell *sh, const struct policy_item *item)
{
    struct network_grant grant;
    struct stat status;
    const char *why;
    int error = 0;

    if (item->kind == POLICY_NETWORK) {
        if (network_parse(item->text, &grant, &why))
            return true;
        error_print(sh, "with: %s: %s", item->text, why);
        return false;
    }
    if (item->kind == POLICY_ENV_PASS) {
        if (var_is_name(item->text, strlen(item->text)))
            return true;
        error_print(sh, "with: %s: not a name", item->text);
        return false;
    }
    if (item->kind == POLICY_PATH_WRITE)
        error = check_writable(sh, item->text);
    else if (stat(item->text, &status) != 0)
        error = errno;
    if (error != 0)
        error_print_errno(sh, error, "with: cannot give %s", item->text);
    return error == 0;
}

int builtin_with(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    struct policy_item *items = arena_alloc(&sh->scratch, (size_t)argc * sizeof *items);
    struct external how = {.given = items};
    int letter;

    while ((letter = builtin_option(sh, &options, argc, argv, "e:n:r:w:")) != -1) {
        if (letter == '?')
            return 2;
        items[how.given_count] = (struct policy_item){
            letter == 'e' ? POLICY_ENV_PASS : (enum policy_kind)letter, options.argument};
        if (!check(sh, &items[how.given_count++]))
            return 1;
    }
    if (options.index >= argc || how.given_count == 0) {
        error_print(sh, "with: usage: with [-r path]... [-w path]... [-n grant]... [-e name]... command "
                        "[argument...]");
        return 2;
    }
    if (sh->options.host) {
        error_print(sh, "with: commands are processes of this machine (set -o host), and have all there is");
        return 2;
    }
    if (sh->nested) {
        error_print(sh, "with: this shell is in a VM itself, and its commands get no more than that");
        return 2;
    }
    return simple_external(sh, argv + options.index, &how);
}
