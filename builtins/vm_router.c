#include "builtins/vm_router.h"
#include "builtins/vm_client.h"
#include "builtins/vm_print.h"
#include "shell/error.h"
#include "shell/trap.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_MS 6000 /* a connection attempt is given up after 5 s */
#define POLL_MS 50

static bool is_called(const struct vmp_router *router, const char *name)
{
    return strcmp(router->name, name) == 0 || strcmp(router->uri, name) == 0;
}

static bool is_connecting(const struct vm_routers *routers, const char *name)
{
    for (size_t i = 0; i < routers->count; i++)
        if ((!name || is_called(&routers->items[i], name)) &&
            strcmp(routers->items[i].state, "connecting") == 0)
            return true;
    return false;
}

/*
 * What vmprocd knows. While it connects to a router (to that one, if there is a name) it is given some time:
 * one that was just started has nothing to tell before it has found its router. false: an error was printed.
 */
static bool fetch_settled(struct shell *sh, const char *name, struct vm_routers *routers)
{
    for (int waited = 0;; waited += POLL_MS) {
        if (vm_fetch_routers(sh, routers) != 0)
            return false;
        if (!is_connecting(routers, name) || waited >= WAIT_MS || trap_pending || poll(NULL, 0, POLL_MS) != 0)
            return true;
        free(routers->items);
    }
}

/* Moves the one of that name to the front, alone. */
static bool keep_only(struct vm_routers *routers, const char *name)
{
    for (size_t i = 0; i < routers->count; i++) {
        if (!is_called(&routers->items[i], name))
            continue;
        routers->items[0] = routers->items[i];
        routers->count = 1;
        return true;
    }
    return false;
}

/* ---- subcommands ---- */

static int show(struct shell *sh, const char *name, bool json)
{
    struct vm_routers routers;
    int status = 0;

    if (!fetch_settled(sh, name, &routers))
        return 1;
    if (name && !keep_only(&routers, name)) {
        error_print(sh, "vm: router: %s: no such router; `vm router ls` lists them", name);
        status = 1;
    } else {
        (json ? vm_print_routers_json : vm_print_routers)(sh, &routers);
    }
    free(routers.items);
    return status;
}

static int run_info(struct shell *sh, const char *name, bool json)
{
    return show(sh, name, json);
}

static int run_ls(struct shell *sh, const char *name, bool json)
{
    struct vm_routers routers;

    if (json)
        return show(sh, NULL, json);
    if (!fetch_settled(sh, NULL, &routers))
        return 1;
    vm_print_routers_table(sh, &routers);
    free(routers.items);
    return 0;
}

/* That commands will go to a router that cannot be reached is told at once, not by the first of them. */
static int run_use(struct shell *sh, const char *name, bool json)
{
    struct vm_routers routers;
    int status = 0;

    if (strcmp(name, "any") == 0)
        return vm_request_choice(sh, VMP_USE, "");
    if (vm_request_choice(sh, VMP_USE, name) != 0 || !fetch_settled(sh, name, &routers))
        return 1;
    for (size_t i = 0; i < routers.count; i++) {
        const struct vmp_router *router = &routers.items[i];

        if (!router->chosen || strcmp(router->state, "connected") == 0)
            continue;
        error_print(sh, "vm: router: %s: %s", router->name, router->error[0] ? router->error : router->state);
        status = 1;
    }
    free(routers.items);
    return status;
}

static int run_drain(struct shell *sh, const char *name, bool json)
{
    return vm_request_choice(sh, VMP_DRAIN, name);
}

static const struct verb {
    const char *name;
    int (*run)(struct shell *sh, const char *name, bool json);
    int min, max; /* operands */
} verbs[] = {
    {"ls", run_ls, 0, 0},
    {"info", run_info, 0, 1},
    {"use", run_use, 1, 1},
    {"drain", run_drain, 1, 1},
};

int vm_router(struct shell *sh, int argc, char **argv, bool json)
{
    if (argc == 0)
        return show(sh, NULL, json);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i].name, argv[0]) != 0)
            continue;
        if (argc - 1 < verbs[i].min || argc - 1 > verbs[i].max)
            break;
        if (argc > 1 && strlen(argv[1]) >= sizeof((struct vmp_choice *)0)->router) {
            error_print(sh, "vm: router: %s: the name is too long", argv[1]);
            return 1;
        }
        return verbs[i].run(sh, argc > 1 ? argv[1] : NULL, json);
    }
    error_print(sh, "vm: usage: vm router [--json] [ls | info [NAME] | use NAME|any | drain NAME]");
    return 2;
}
