/*
 * cd [-L] [directory], cd -P [-e] [directory], cd - : XCU cd; the numbers are the steps of its description.
 */
#include "builtins/builtins.h"
#include "builtins/cwd.h"
#include "shell/arena.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/out.h"
#include "shell/shell.h"
#include "shell/var.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct cd {
    bool physical; /* -P */
    bool exact;    /* -e with -P: status 1 says that PWD could not be found out */
    bool announce; /* the new directory is not what the user typed: write it */
};

static char *join(const char *directory, size_t len, const char *rest)
{
    size_t rest_len = strlen(rest);
    bool slash = len > 0 && directory[len - 1] != '/';
    char *path = xmalloc(len + slash + rest_len + 1);

    memcpy(path, directory, len);
    if (slash)
        path[len] = '/';
    memcpy(path + len + slash, rest, rest_len + 1);
    return path;
}

static bool is_directory(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Steps 3 and 4: is CDPATH of no use? */
static bool bypasses_cdpath(const char *operand)
{
    if (operand[0] == '/')
        return true;
    size_t len = strcspn(operand, "/");
    return (len == 1 && operand[0] == '.') || (len == 2 && operand[0] == '.' && operand[1] == '.');
}

/* Step 5. malloc'ed, or NULL when no pathname of CDPATH leads to the operand. */
static char *search_cdpath(struct shell *sh, const char *operand, bool *announce)
{
    const char *entry = var_get_name(sh, "CDPATH");

    while (entry) {
        size_t len = strcspn(entry, ":");
        char *path = len == 0 ? join("./", 2, operand) : join(entry, len, operand);
        if (is_directory(path)) {
            *announce = *announce || len > 0;
            return path;
        }
        free(path);
        entry = entry[len] == ':' ? entry + len + 1 : NULL;
    }
    return NULL;
}

/*
 * Steps 9 and 10. A pathname that is too long only because we made it absolute is walked piece by piece: that
 * does more than the standard's way, a relative pathname, which cannot go up.
 */
static int go(const char *path, const char *operand)
{
    if (chdir(path) == 0)
        return 0;
    if (errno != ENAMETOOLONG || strlen(operand) >= PATH_MAX)
        return errno;
    int fd = cwd_open(path);
    if (fd < 0)
        return errno;
    int error = fchdir(fd) != 0 ? errno : 0;
    close(fd);
    return error;
}

static bool set_directories(struct shell *sh, const char *old, const char *now)
{
    bool good = true;

    if (old)
        good = var_set_name(sh, "OLDPWD", old, VAR_EXPORT);
    return var_set_name(sh, "PWD", now, VAR_EXPORT) && good;
}

/* Steps 7 to 10 with curpath, which is freed. */
static int change(struct shell *sh, char *curpath, const char *operand, const struct cd *cd)
{
    const char *logical = cwd_logical(sh);
    char *old = logical ? xstrdup(logical) : cwd_physical();
    char *now = NULL;
    int status = cd->exact ? 2 : 1;
    int error;

    if (!cd->physical &&
        old) { /* without a known directory to start from only the kernel can walk: as if -P */
        if (curpath[0] != '/') {
            char *absolute = join(old, strlen(old), curpath);
            free(curpath);
            curpath = absolute;
        }
        error = cwd_canonicalize(curpath);
        if (error != 0) {
            error_print_errno(sh, error, "cd: %s", curpath);
            goto done;
        }
        now = xstrdup(curpath);
    }
    error = go(curpath, operand);
    if (error != 0) {
        error_print_errno(sh, error, "cd: %s", operand);
        goto done;
    }
    if (!now)
        now = cwd_physical();
    status = 0;
    if (!now) {
        error_print_errno(sh, errno, "cd: the new directory's pathname is not known");
        status = cd->exact ? 1 : 0;
        now = xstrdup(curpath);
    }
    if (!set_directories(sh, old, now))
        status = 1;
    if (cd->announce)
        out_printf(sh, "%s\n", now);
done:
    free(now);
    free(old);
    free(curpath);
    return status;
}

/* Steps 1 and 2 and `cd -`: the directory meant by the operands; NULL after a message. */
static const char *find_operand(struct shell *sh, const char *operand, struct cd *cd)
{
    const char *name = operand ? "OLDPWD" : "HOME";

    if (operand && strcmp(operand, "-") != 0) {
        if (*operand)
            return operand;
        error_print(sh, "cd: the directory is an empty string");
        return NULL;
    }
    cd->announce = operand != NULL;
    const char *value = var_get_name(sh, name);
    if (value && *value)
        return value;
    error_print(sh, "cd: %s is not set", name);
    return NULL;
}

int builtin_cd(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    struct cd cd = {0};
    bool exact = false;
    int letter;

    while ((letter = builtin_option(sh, &options, argc, argv, "LPe")) != -1) {
        if (letter == '?')
            return 2;
        if (letter == 'e')
            exact = true;
        else
            cd.physical = letter == 'P';
    }
    cd.exact = exact && cd.physical;
    if (argc - options.index > 1) {
        error_print(sh, "cd: usage: cd [-L | -P [-e]] [directory | -]");
        return 2;
    }
    const char *operand = find_operand(sh, argv[options.index], &cd);
    if (!operand)
        return cd.exact ? 2 : 1;
    char *curpath = bypasses_cdpath(operand) ? NULL : search_cdpath(sh, operand, &cd.announce);
    return change(sh, curpath ? curpath : xstrdup(operand), operand, &cd);
}
