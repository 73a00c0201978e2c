/* explain.c - set -o explain: what was refused, and what the command has been given. */
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define TOLD_MAX 16 /* refusals: a program that searches may meet any number */

static void tell_node(const struct shim *shim, const struct node *node)
{
    char path[PATH_MAX];
    struct stat st;
    bool exists = !node->entry || fstatat(node->parent->fd, node->name, &st, AT_SYMLINK_NOFOLLOW) == 0;
    report(shim, "explain:   %s %s%s",
           node->readonly ? "read "
           : exists       ? "write"
                          : "make ",
           tree_path(node, path) ? "?" : path, node->is_dir ? " and all below it" : "");
}

/* In a directory that is given, only what is given for more adds to it. */
static void tell_given(const struct shim *shim, const struct node *node, bool read_already)
{
    if (node->granted && !(read_already && node->readonly))
        tell_node(shim, node);
    if (node->granted && !node->readonly)
        return;
    for (const struct node *child = node->first; child; child = child->next)
        if (!strchr(child->name, '/')) /* an inherited directory has no name */
            tell_given(shim, child, node->granted);
}

static void tell_network(const struct shim *shim)
{
    if (shim->network.open)
        report(shim, "explain:   all of the network");
    else if (!network_is_given(&shim->network))
        report(shim, "explain:   nothing of the network");
    for (unsigned i = 0; i < shim->policy.count; i++)
        if (shim->policy.items[i].kind == POLICY_NETWORK)
            report(shim, "explain:   network %s", shim->policy.items[i].text);
}

/* The first time with all that was given. */
static void tell(struct shim *shim, const char *what)
{
    if (shim->refusals >= TOLD_MAX || strcmp(what, shim->refused) == 0)
        return;
    snprintf(shim->refused, sizeof shim->refused, "%s", what);
    report(shim, "explain: %s", what);
    if (shim->refusals++)
        return;
    report(shim, "explain: given are:");
    tell_given(shim, &shim->p9.tree.root, false);
    tell_network(shim);
}

void explain_network(void *shim, const char *what)
{
    tell(shim, what);
}

void explain_program(struct shim *shim, const char *path)
{
    char what[sizeof shim->refused];
    if (!shim->policy.explain)
        return;
    snprintf(what, sizeof what, "%.400s was not given", path);
    tell(shim, what);
}

void explain_refusal(void *owner, const struct node *node, const char *below, const char *name, int err)
{
    struct shim *shim = owner;
    char path[PATH_MAX], what[sizeof shim->refused];
    const char *at = tree_path(node, path) ? "?" : path;
    bool is_root = strcmp(at, "/") == 0 && (below[0] || name[0]);
    snprintf(what, sizeof what, "%.200s%s%.150s%s%.100s %s", is_root ? "" : at, below[0] ? "/" : "", below,
             name[0] ? "/" : "", name, err == -EROFS ? "is given for reading only" : "was not given");
    tell(shim, what);
}
