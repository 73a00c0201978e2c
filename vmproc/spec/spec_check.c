/* spec_check.c - can the spec be kept to: its program run, its files given? */
#include "spec.h"
#include "vmproc/vmproc.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Without "program" it is that of the same name beside the spec. */
static bool find_program(struct spec *spec)
{
    size_t len = strlen(spec->file);
    if (spec->program)
        return true;
    if (len <= 3 || strcmp(spec->file + len - 3, ".vm") != 0)
        return spec_error(spec, NULL, "it says no \"program\", and is not named as one");
    return (spec->program = strndup(spec->file, len - 3)) != NULL;
}

static bool check_program(struct spec *spec)
{
    const char *reason = "cannot be run";
    int kind;
    if (!find_program(spec))
        return false;
    if (spec->boot.kind)
        return boot_check(spec);
    kind = vmproc_kind(spec->program, &reason);
    if (kind >= 0 && access(spec->program, X_OK))
        kind = -errno;
    if (kind < 0)
        return spec_error(spec, spec->program_at, "%.100s: %s", spec->program, strerror(-kind));
    if (kind == VMPROC_SCRIPT || kind == VMPROC_TEXT)
        reason = "a script; name its interpreter, and the script among the \"arguments\"";
    if (kind == VMPROC_IMAGE)
        reason = "a bootable image; say its \"kind\", or see `vm image probe`";
    if (kind != VMPROC_PROGRAM && kind != VMPROC_FOREIGN)
        return spec_error(spec, spec->program_at, "%.60s: %s", spec->program, reason);
    return true;
}

/* A name that is given to write may yet have to be made. */
static int writable(const char *path)
{
    char above[PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (access(path, W_OK) == 0)
        return 0;
    if (errno != ENOENT || !slash[1] || (size_t)(slash - path) + 2 > sizeof above)
        return errno;
    memcpy(above, path, (size_t)(slash - path) + 1);
    above[slash - path + 1] = '\0';
    return access(above, W_OK) == 0 ? 0 : errno;
}

static bool check_path(struct spec *spec, const struct spec_path *path)
{
    int error = path->access == POLICY_WRITE ? writable(path->path) : access(path->path, R_OK) ? errno : 0;
    if (!error)
        return true;
    return spec_key_error(spec, path->at, "cannot give %.80s%s: %s", path->path,
                          path->access == POLICY_WRITE ? " to write" : "", strerror(error));
}

bool spec_check(struct spec *spec)
{
    for (const struct spec_path *path = spec->paths; path; path = path->next)
        if (!check_path(spec, path))
            return false;
    return check_program(spec);
}
