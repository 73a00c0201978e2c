/* parts.c - finds the shim, the daemon, the guest and the toolbox. */
#include "vmproc/parts.h"
#include "vmproc/vmproc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const part_name[] = {
    [PART_SHIM] = "vmproc-run",      [PART_DAEMON] = "vmprocd",       [PART_GUEST] = "guest.elf",
    [PART_ROM] = "guest.rom",        [PART_RESET] = "reset.rom",      [PART_TOOLBOX] = "toolbox",
    [PART_TOP] = "vm-top",           [PART_SPEC] = "vmproc-spec",     [PART_STORE] = "vmproc-store",
    [PART_LISTEN] = "vmproc-listen", [PART_LOADER] = "multiboot.elf", [PART_AARCH64] = "guest-aarch64.image",
    [PART_GATE] = "vmproc-gate",     [PART_KEEP] = "vmproc-keep",     [PART_NET] = "vmproc-net",
};

/* Without printf(3), whose pages a shell that only starts has no other use for. */
static int try(char path[PATH_MAX], const char *dir, size_t dir_len, enum part part)
{
    size_t size = strlen(part_name[part]) + 1;
    if (dir_len + 1 + size > PATH_MAX)
        return -ENOENT;
    memcpy(path, dir, dir_len);
    path[dir_len] = '/';
    memcpy(path + dir_len + 1, part_name[part], size);
    return access(path, F_OK) == 0 ? 0 : -ENOENT;
}

/* In the build tree beside the executable; installed, in the libexec directory of the same prefix. */
static int try_near_executable(char path[PATH_MAX], enum part part)
{
    static const char installed[] = "/libexec/fleetsh";
    char exe[PATH_MAX + sizeof installed];
    ssize_t len = readlink("/proc/self/exe", exe, PATH_MAX);
    const char *slash = len > 0 ? memrchr(exe, '/', (size_t)len) : NULL;
    if (!slash)
        return -ENOENT;
    size_t dir_len = (size_t)(slash - exe);
    if (try(path, exe, dir_len, part) == 0)
        return 0;
    slash = memrchr(exe, '/', dir_len);
    dir_len = slash ? (size_t)(slash - exe) : 0;
    memcpy(exe + dir_len, installed, sizeof installed);
    return try(path, exe, dir_len + sizeof installed - 1, part);
}

int part_find(enum part part, char path[PATH_MAX])
{
    const char *dir = getenv("FLEETSH_LIBEXEC_DIR");
    const char *toolbox = part == PART_TOOLBOX ? getenv("FLEETSH_TOOLBOX") : NULL;
    if (toolbox && toolbox[0]) {
        int len = snprintf(path, PATH_MAX, "%s", toolbox);
        return len < PATH_MAX && access(path, F_OK) == 0 ? 0 : -ENOENT;
    }
    if (dir && dir[0])
        return try(path, dir, strlen(dir), part);
    if (try_near_executable(path, part) == 0)
        return 0;
    return try(path, FLEETSH_LIBEXEC, strlen(FLEETSH_LIBEXEC), part);
}

bool part_is_toolbox_program(const char *path)
{
    char toolbox[PATH_MAX], sh[PATH_MAX + 4];
    struct stat its, ours;
    return part_find(PART_TOOLBOX, toolbox) == 0 && snprintf(sh, sizeof sh, "%s/sh", toolbox) < PATH_MAX &&
           stat(path, &its) == 0 && stat(sh, &ours) == 0 && its.st_dev == ours.st_dev &&
           its.st_ino == ours.st_ino;
}

const char *vmproc_toolbox(void)
{
    static char path[PATH_MAX];
    return part_find(PART_TOOLBOX, path) == 0 ? path : NULL;
}

const char *vmproc_top(void)
{
    static char path[PATH_MAX];
    return part_find(PART_TOP, path) == 0 ? path : NULL;
}

const char *vmproc_spec_tool(void)
{
    static char path[PATH_MAX];
    return part_find(PART_SPEC, path) == 0 ? path : NULL;
}

const char *vmproc_store_tool(void)
{
    static char path[PATH_MAX];
    return part_find(PART_STORE, path) == 0 ? path : NULL;
}

const char *vmproc_gate_tool(void)
{
    static char path[PATH_MAX];
    return part_find(PART_GATE, path) == 0 ? path : NULL;
}
