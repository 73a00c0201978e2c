/*
 * grants.c - what this command is given: its own file, the current directory, TMPDIR, and the paths among its
 * arguments.
 *
 * An argument names a path as a whole (FILE), after a '=' (--output=FILE, if=FILE) or after a one-letter
 * option
 * (-oFILE). Of words that are no path nothing comes: they name nothing that exists and nothing that could.
 */
#include "shim.h"
#include "vmproc/parts.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Most words are names in the current directory, which is given anyway: one system call tells. EXDEV:
 * absolute or by
 * ".." out of it; ELOOP: through a symbolic link.
 */
static bool is_below_cwd(const char *path)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
    int fd;
    if (path[0] == '/')
        return false;
    fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
    if (fd >= 0)
        close(fd);
    return fd >= 0 || (errno != EXDEV && errno != ELOOP && errno != ENOSYS);
}

static bool is_given_cwd(const struct tree *tree)
{
    return tree->cwd_node && tree->cwd_node->granted && !tree->cwd_node->readonly;
}

/* What cannot be given is not there for the program either: it says so itself, better than we could. */
static void grant_word(struct tree *tree, const char *word, enum policy_access access)
{
    if (access != POLICY_NONE && word[0] && (!is_given_cwd(tree) || !is_below_cwd(word)))
        tree_grant(tree, word, access == POLICY_WRITE ? GRANT_ENTRY : GRANT_READONLY);
}

static void grant_argument(struct tree *tree, const char *arg, enum policy_access access)
{
    const char *equals = strchr(arg, '=');
    grant_word(tree, arg, access);
    if (equals)
        grant_word(tree, equals + 1, access);
    if (arg[0] == '-' && arg[1] && arg[1] != '-' && arg[2])
        grant_word(tree, arg + 2, access);
}

/* The command's own environment: a parcel's is not ours. */
static const char *command_getenv(const struct shim *shim, const char *name)
{
    size_t len = strlen(name);
    for (char **e = shim->envp; *e; e++)
        if (strncmp(*e, name, len) == 0 && (*e)[len] == '=')
            return *e + len + 1;
    return NULL;
}

const char *grants_tmpdir(const struct shim *shim)
{
    return command_getenv(shim, "TMPDIR");
}

static void grant_tmpdir(struct tree *tree, const struct shim *shim)
{
    const char *tmpdir = grants_tmpdir(shim);
    struct stat st;
    if (tmpdir && tmpdir[0] && stat(tmpdir, &st) == 0 && S_ISDIR(st.st_mode))
        grant_word(tree, tmpdir, shim->policy.tmpdir);
    if (tmpdir && tmpdir[0] == '/')
        tree_set_tmpdir(tree, tmpdir);
}

/* The shell's idea of where we are, by way of links: programs take it from PWD. */
static void grant_logical_cwd(struct tree *tree, const struct shim *shim)
{
    const char *pwd = command_getenv(shim, "PWD");
    struct stat logical, here;
    if (pwd && pwd[0] == '/' && strcmp(pwd, tree->cwd) != 0 && stat(pwd, &logical) == 0 &&
        stat(".", &here) == 0 && logical.st_dev == here.st_dev && logical.st_ino == here.st_ino)
        tree_grant(tree, pwd, GRANT_READONLY);
}

/* A program with an interpreter (PT_INTERP) is that, the libraries and their index, too. */
static bool has_interpreter(const char *path)
{
    union {
        Elf64_Ehdr elf;
        char bytes[4096];
    } head;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t len = fd < 0 ? -1 : pread(fd, &head, sizeof head, 0);
    if (fd >= 0)
        close(fd);
    if (len < (ssize_t)sizeof head.elf || head.elf.e_phentsize != sizeof(Elf64_Phdr))
        return false;
    for (unsigned i = 0; i < head.elf.e_phnum; i++) {
        Elf64_Phdr ph;
        size_t at = head.elf.e_phoff + i * sizeof ph;
        if (head.elf.e_phoff > sizeof head || at + sizeof ph > (size_t)len)
            return false;
        memcpy(&ph, head.bytes + at, sizeof ph);
        if (ph.p_type == PT_INTERP)
            return true;
    }
    return false;
}

/* Is the directory of path one of those in the list? */
static bool is_in_list(const char *path, const char *list)
{
    size_t dir = (size_t)(strrchr(path, '/') - path);
    for (;;) {
        size_t len = strcspn(list, ":"), bare = len;
        while (bare > 1 && list[bare - 1] == '/')
            bare--;
        if (bare == dir && list[0] == '/' && strncmp(list, path, dir) == 0)
            return true;
        if (!list[len])
            return false;
        list += len + 1;
    }
}

/* The user's own, or what programs search when there is none. */
static const char *search_path(void)
{
    const char *list = getenv("PATH");
    return list ? list : "/sbin:/usr/sbin:/bin:/usr/bin";
}

bool grants_is_in_search_path(const char *path)
{
    return is_in_list(path, search_path());
}

/*
 * The directories of PATH, so that a program that looks for another one there, as shells do before they fork,
 * finds what it may run. The user's own PATH: the program's is not asked.
 */
static void grant_search_path(struct tree *tree)
{
    const char *list = search_path();
    while (*list) {
        char dir[PATH_MAX];
        size_t len = strcspn(list, ":");
        if (list[0] == '/' && len < sizeof dir) {
            memcpy(dir, list, len);
            dir[len] = '\0';
            tree_grant(tree, dir, GRANT_READONLY);
        }
        list += len + (list[len] == ':');
    }
}

/*
 * Names of users and groups, for whoever lists files; of this machine, which asks no network; and the local time, where the link
 * leads, with the time zones that TZ names.
 */
const char *const grants_common_files[] = {
    "/etc/passwd",    "/etc/group",          "/etc/hosts", "/etc/nsswitch.conf",
    "/etc/localtime", "/usr/share/zoneinfo", NULL};

/*
 * What Debian's programs read as a part of themselves: libraries, modules, headers, message catalogs,
 * terminals, and those files of /etc that every user may read and many programs do. The rest of /etc is not
 * given.
 */
const char *const grants_system_files[] = {"/usr",
                                           "/bin",
                                           "/sbin",
                                           "/lib",
                                           "/lib64",
                                           "/etc/perl",
                                           "/etc/ssl/certs",
                                           "/etc/ssl/openssl.cnf",
                                           "/etc/alternatives",
                                           "/etc/gitconfig",
                                           "/etc/inputrc",
                                           "/etc/localtime",
                                           "/etc/ld.so.cache",
                                           "/etc/locale.alias",
                                           "/etc/terminfo",
                                           "/etc/fonts",
                                           "/etc/groff",
                                           "/etc/magic",
                                           "/etc/manpath.config",
                                           "/etc/mime.types",
                                           "/etc/services",
                                           "/etc/protocols",
                                           "/etc/networks",
                                           "/etc/nsswitch.conf",
                                           "/etc/hosts",
                                           "/etc/host.conf",
                                           "/etc/timezone",
                                           "/etc/debian_version",
                                           "/etc/python3",
                                           "/etc/sgml",
                                           "/etc/vim",
                                           "/etc/xml",
                                           "/etc/os-release",
                                           NULL};

/* Below what programs with an interpreter are given anyway, wherever links lead. */
static bool is_system_program(const char *path)
{
    char real[PATH_MAX];
    if (!realpath(path, real))
        return false;
    for (const char *const *dir = grants_system_files; *dir; dir++) {
        size_t len = strlen(*dir);
        if (strncmp(real, *dir, len) == 0 && real[len] == '/')
            return true;
    }
    return false;
}

bool grants_is_public_program(const char *path)
{
    char toolbox[PATH_MAX];
    struct stat st;
    bool listed = grants_is_in_search_path(path) || is_system_program(path);
    if (!listed && part_find(PART_TOOLBOX, toolbox) == 0)
        listed = is_in_list(path, toolbox);
    return listed && stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

static void grant_list(struct tree *tree, const char *const *path)
{
    for (; *path; path++)
        tree_grant(tree, *path, GRANT_READONLY);
}

/* What is the same for every command is not subject to a limit. */
static void grant_program(struct tree *tree, const struct shim *shim)
{
    char toolbox[PATH_MAX];
    const struct limit *limit = tree->limit;
    if (shim->path[0] == '/' && grants_is_public_program(shim->path))
        tree->limit = NULL;
    tree_grant(tree, shim->path, GRANT_READONLY);
    tree->limit = NULL;
    /* Of the resident program, whose links these are: so that whoever executes one need not be it. */
    if (shim->grant.resident_ino && part_find(PART_TOOLBOX, toolbox) == 0) {
        char target[PATH_MAX + 16];
        snprintf(target, sizeof target, "%s/busybox", toolbox);
        tree_grant(tree, toolbox, GRANT_READONLY);
        tree_grant(tree, target, GRANT_READONLY);
    }
    if (has_interpreter(shim->path))
        grant_list(tree, grants_system_files);
    grant_list(tree, grants_common_files);
    grant_search_path(tree);
    tree->limit = limit;
}

/* tree_init() has given it, if it can be. */
static void limit_cwd(struct node *cwd, enum policy_access access)
{
    if (cwd && access == POLICY_NONE)
        cwd->granted = false;
    if (cwd && access == POLICY_READ)
        cwd->readonly = true;
}

static void grant_paths(struct tree *tree, const struct policy *policy)
{
    grant_word(tree, "/", policy->rest);
    for (unsigned i = 0; i < policy->count; i++) {
        const struct policy_item *item = &policy->items[i];
        if (item->kind == POLICY_PATH_READ || item->kind == POLICY_PATH_WRITE)
            grant_word(tree, item->text, item->kind == POLICY_PATH_WRITE ? POLICY_WRITE : POLICY_READ);
    }
}

/*
 * What is on the way from a directory that is given for reading to something in it that is given for more is
 * given for reading, too: else it would show nothing but that way.
 */
static void settle(struct node *node)
{
    for (struct node *child = node->first; child; child = child->next) {
        if (node->granted && node->readonly && !child->granted && child->fd >= 0)
            child->granted = child->readonly = true;
        settle(child);
    }
}

int grants_make(struct tree *tree, void *owner)
{
    const struct shim *shim = owner;
    const struct policy *policy = &shim->policy;
    int err = tree_init(tree, shim->limit);
    if (err)
        return err;
    kept_find(tree);
    limit_cwd(tree->cwd_node, policy->cwd);
    grant_logical_cwd(tree, shim);
    grant_paths(tree, policy);
    for (char **arg = shim->argv[0] ? shim->argv + 1 : shim->argv; *arg; arg++)
        grant_argument(tree, *arg, policy->arguments);
    grant_tmpdir(tree, shim);
    grant_program(tree, shim);
    settle(&tree->root);
    return 0;
}
