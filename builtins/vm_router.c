#include "builtins/vm_router.h"
#include "builtins/vm_client.h"
#include "builtins/vm_print.h"
#include "builtins/vm_trust.h"
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

struct words {
    const char *name; /* NULL: none */
    const char *yes;  /* of --yes; NULL: it was not given */
    bool json;
};

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

static int run_info(struct shell *sh, const struct words *words)
{
    return show(sh, words->name, words->json);
}

static int run_ls(struct shell *sh, const struct words *words)
{
    struct vm_routers routers;

    if (words->json)
        return show(sh, NULL, true);
    if (!fetch_settled(sh, NULL, &routers))
        return 1;
    vm_print_routers_table(sh, &routers);
    free(routers.items);
    return 0;
}

/* That commands will go to a router that cannot be reached is told at once, not by the first of them. */
static int run_use(struct shell *sh, const struct words *words)
{
    const char *name = words->name;
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

static int run_drain(struct shell *sh, const struct words *words)
{
    return vm_request_choice(sh, VMP_DRAIN, words->name);
}

static int run_trust(struct shell *sh, const struct words *words)
{
    struct vm_routers routers;
    int status = 1;

    if (vm_request_trust(sh, words->name, "") != 0 || !fetch_settled(sh, words->name, &routers))
        return 1;
    if (keep_only(&routers, words->name))
        status = vm_trust(sh, &routers.items[0], words->yes);
    else
        error_print(sh, "vm: router: %s: no such router; `vm router ls` lists them", words->name);
    free(routers.items);
    return status;
}

static int run_forget(struct shell *sh, const struct words *words)
{
    return vm_request_choice(sh, VMP_FORGET, words->name);
}

static const struct verb {
    const char *name;
    int (*run)(struct shell *sh, const struct words *words);
    bool needs_name, takes_name;
} verbs[] = {
    {"ls", run_ls, false, false},     {"info", run_info, false, true},  {"use", run_use, true, true},
    {"drain", run_drain, true, true}, {"trust", run_trust, true, true}, {"forget", run_forget, true, true},
};

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

/* Options may stand on both sides of the operands. NULL: usage error. */
static const struct verb *take_words(int argc, char **argv, struct words *words)
{
    const struct verb *verb = NULL;
    bool only_operands = false;

    for (int i = 0; i < argc; i++) {
        if (!only_operands && strcmp(argv[i], "--") == 0)
            only_operands = true;
        else if (!only_operands && strcmp(argv[i], "--json") == 0)
            words->json = true;
        else if (!only_operands && strcmp(argv[i], "--yes") == 0 && i + 1 < argc)
            words->yes = argv[++i];
        else if (!only_operands && strncmp(argv[i], "--yes=", 6) == 0)
            words->yes = argv[i] + 6;
        else if ((!only_operands && argv[i][0] == '-') || words->name)
            return NULL;
        else if (verb)
            words->name = argv[i];
        else if (!(verb = find_verb(argv[i])))
            return NULL;
    }
    verb = verb ? verb : find_verb("info");
    if ((words->name && !verb->takes_name) || (!words->name && verb->needs_name) ||
        (words->yes && verb->run != run_trust) || (words->json && verb->needs_name))
        return NULL;
    return verb;
}

int vm_router(struct shell *sh, int argc, char **argv)
{
    struct words words = {0};
    const struct verb *verb = take_words(argc, argv, &words);

    if (!verb) {
        error_print(sh, "vm: usage: vm router [--json] [ls | info [NAME] | use NAME|any | drain NAME | "
                        "trust NAME|URI [--yes FINGERPRINT] | forget NAME]");
        return 2;
    }
    if (words.name && strlen(words.name) >= sizeof((struct vmp_choice *)0)->router) {
        error_print(sh, "vm: router: %s: the name is too long", words.name);
        return 1;
    }
    return verb->run(sh, &words);
}
