#include "fleet.h"
#include "boot.h"
#include "client.h"
#include "daemon.h"
#include "domxml.h"
#include "log.h"
#include "uri.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- which there are ---- */

struct router *fleet_add(struct daemon *d, char *wish)
{
    struct router *r = calloc(1, sizeof *r);
    bool added;

    assert(r);
    TAILQ_INSERT_TAIL(&d->fleet.routers, r, link);
    router_init(d, r, wish);
    r->placing.owner = r;
    added = placement_add(&d->fleet.placement, &r->placing);
    assert(added);
    fleet_weigh(r);
    return r;
}

void fleet_init(struct daemon *d)
{
    const char *wishes = d->set.router ? d->set.router : "";

    TAILQ_INIT(&d->fleet.routers);
    d->fleet.next_vm = 1;
    while (*wishes) {
        size_t len = strcspn(wishes, ",");

        if (len > 0)
            fleet_add(d, strndup(wishes, len));
        wishes += len + (wishes[len] == ',');
        wishes += strspn(wishes, " ");
    }
    if (TAILQ_EMPTY(&d->fleet.routers))
        fleet_add(d, NULL);
}

void fleet_want(struct daemon *d)
{
    struct router *r;

    TAILQ_FOREACH (r, &d->fleet.routers, link)
        if (!r->offered)
            router_want(r);
}

void fleet_want_near(struct daemon *d)
{
    struct router *r;

    TAILQ_FOREACH (r, &d->fleet.routers, link)
        if (!r->offered && !router_wishes_far(r))
            router_want(r);
}

bool fleet_is_swept(struct daemon *d)
{
    struct router *r;

    TAILQ_FOREACH (r, &d->fleet.routers, link)
        if (r->state != ROUTER_DOWN && !r->swept)
            return false;
    return true;
}

struct router *fleet_router(struct daemon *d, const char *name)
{
    struct router *r;

    TAILQ_FOREACH (r, &d->fleet.routers, link)
        if (strcmp(r->name, name) == 0 || strcmp(r->facts.uri, name) == 0 ||
            (r->wish && strcmp(r->wish, name) == 0) || (r->record && strcmp(r->record->name, name) == 0))
            return r;
    return NULL;
}

static struct router *add_named(struct daemon *d, const char *name)
{
    struct router *r = fleet_add(d, strdup(name));

    found_named(d);
    return r;
}

void fleet_keep_away(struct router *r)
{
    if (r->d->fleet.chosen == r)
        r->d->fleet.chosen = NULL;
    r->drained = true;
    pool_set_target(r, 0);
    fleet_weigh(r);
}

void fleet_undrain(struct router *r)
{
    if (r->drained)
        pool_set_target(r, r->d->set.pool_min);
    r->drained = false;
    fleet_weigh(r);
}

void fleet_use(struct daemon *d, const char *name)
{
    struct router *r = *name ? fleet_router(d, name) : NULL;

    if (*name && !r)
        r = add_named(d, name);
    d->fleet.chosen = r;
    if (!r)
        return;
    if (r->offered) { /* it takes its place behind those that there are */
        r->offered = false;
        TAILQ_REMOVE(&d->fleet.routers, r, link);
        TAILQ_INSERT_TAIL(&d->fleet.routers, r, link);
    }
    fleet_undrain(r);
    router_want(r);
}

bool fleet_drain(struct daemon *d, const char *name)
{
    struct router *r = fleet_router(d, name);

    if (!r)
        return false;
    fleet_keep_away(r);
    fleet_move_on(r, "the router is drained");
    return true;
}

static bool look(struct daemon *d, const char *name)
{
    struct router *r = fleet_router(d, name);

    if (!r) {
        r = add_named(d, name);
        fleet_keep_away(r);
    }
    router_want(r);
    return true;
}

bool fleet_trust(struct daemon *d, const char *name, const char *fingerprint, char error[256])
{
    struct router *r = fleet_router(d, name);
    int err;

    if (!*fingerprint)
        return look(d, name);
    if (!r || !r->trust.peer[0] || strcmp(r->trust.fingerprint, fingerprint) != 0) {
        snprintf(error, 256, "%.100s: has not shown that certificate", name);
        return false;
    }
    err = trust_note(&r->trust);
    if (err < 0) {
        snprintf(error, 256, "known_routers: %.100s", strerror(-err));
        return false;
    }
    log_line("router %s: the user has accepted its certificate, %s", r->name, fingerprint);
    found_trusted(r);
    return true;
}

/* Where that router, or whatever is called so, is reached by TLS; "": it is not. */
static void find_peer(struct daemon *d, const char *name, char peer[136])
{
    const struct router *r = fleet_router(d, name);
    const char *uri = r && r->wish ? r->wish : name;
    char host[128], port[8];

    peer[0] = '\0';
    if (r && r->trust.peer[0])
        strcpy(peer, r->trust.peer);
    else if (uri_tls_peer(uri, host, port))
        snprintf(peer, 136, "%s:%s", host, port);
    else if (!r && !strstr(name, "://"))
        snprintf(peer, 136, "%.128s%s", name, strchr(name, ':') ? "" : ":16514");
}

bool fleet_forget(struct daemon *d, const char *name, char error[256])
{
    struct router *r;
    char peer[136];
    int err;

    find_peer(d, name, peer);
    err = peer[0] ? trust_forget(peer) : -ENOENT;
    if (err < 0) {
        snprintf(error, 256, "%.100s: %.100s", name,
                 err == -ENOENT ? "no certificate of it is known" : strerror(-err));
        return false;
    }
    log_line("router %s: its certificate is forgotten", name);
    TAILQ_FOREACH (r, &d->fleet.routers, link)
        if (strcmp(r->trust.peer, peer) == 0) {
            found_forgotten(r);
            router_forgotten(r);
        }
    return true;
}

/* ---- looking through all of them ---- */

struct vm *fleet_vm(struct daemon *d, uint64_t id)
{
    struct router *r;
    struct vm *vm;

    FLEET_FOREACH_VM(d, r, vm)
    if (vm->id == id)
        return vm;
    return NULL;
}

unsigned fleet_count(struct daemon *d, enum vmp_vm_state state)
{
    struct router *r;
    unsigned n = 0;

    TAILQ_FOREACH (r, &d->fleet.routers, link)
        n += pool_count(r, state);
    return n;
}

unsigned fleet_count_all(struct daemon *d)
{
    struct router *r;
    unsigned n = 0;

    TAILQ_FOREACH (r, &d->fleet.routers, link)
        n += pool_count_all(r);
    return n;
}

bool fleet_connects(struct daemon *d)
{
    struct router *r;

    TAILQ_FOREACH (r, &d->fleet.routers, link)
        if ((r->state == ROUTER_CONNECTING || r->state == ROUTER_STUCK) && !router_wishes_far(r))
            return true;
    return false;
}

/* ---- where a command goes ---- */

static bool may_come(const struct router *r)
{
    return r->state == ROUTER_UP || r->state == ROUTER_CONNECTING;
}

const char *fleet_no_aarch64(const struct router *r)
{
    if (r->state != ROUTER_UP)
        return NULL;
    if (r->facts.far)
        return "programs for aarch64 run on this machine's router only";
    if (!r->d->work.aarch64[0])
        return "programs for aarch64 need guest-aarch64.image, which `make guest` makes where "
               "aarch64-linux-gnu-gcc is";
    if (!r->facts.aarch64)
        return "programs for aarch64 need qemu-system-aarch64 there (Debian: qemu-system-arm)";
    return NULL;
}

void fleet_weigh(struct router *r)
{
    static const enum placement_state states[] = {
        [ROUTER_DOWN] = PLACEMENT_DOWN,
        [ROUTER_CONNECTING] = PLACEMENT_COMING,
        [ROUTER_STUCK] = PLACEMENT_DOWN,
        [ROUTER_UP] = PLACEMENT_UP,
    };
    struct placement_router *p = &r->placing;

    if (!p->owner)
        return; /* it is being made */
    p->name = r->name;
    p->uri = r->facts.uri;
    p->wish = r->wish;
    p->architecture = r->facts.architecture;
    p->images = r->images;
    p->labels = r->labels;
    p->state = states[r->state];
    p->no_aarch64 = fleet_no_aarch64(r);
    p->drained = r->drained;
    p->refused = r->pool.refused;
    p->far = r->facts.far || router_wishes_far(r);
    p->memory_bytes = r->facts.memory_bytes;
    p->processors = r->facts.processors;
    p->ready = pool_count(r, VM_WARM);
    p->busy = pool_count(r, VM_LEASED);
    p->waiting = r->pool.nwaiting;
    p->cold_us = stats_median(&r->pool.cold_start_us);
    p->rtt_us = r->watchdog.rtt_us;
    placement_changed(&r->d->fleet.placement, p);
}

static struct placement_want want_of(const struct client *client)
{
    struct placement_want want = {
        .memory_bytes = client->memory_bytes, .here = client->boot != NULL, .images = client->images};

    want.aarch64 = client->machine != 0;
    if (client->boot)
        want.memory_bytes = client->boot->plan.memory_bytes;
    if (client->place) {
        want.on = client->place->on;
        want.routers = client->place->routers;
        want.labels = client->place->labels;
        want.architecture = client->place->architecture;
    }
    return want;
}

static struct router *best_for(struct daemon *d, const struct placement_want *want, char *why)
{
    struct placement_router *best;
    struct router *chosen = d->fleet.chosen;

    if (chosen && may_come(chosen) && placement_feasible(&chosen->placing, want, NULL))
        return chosen;
    best = placement_best(&d->fleet.placement, want, why);
    return best ? best->owner : NULL;
}

static struct router *place(struct daemon *d, const struct client *client, char *why)
{
    const struct placement_want want = want_of(client);

    return best_for(d, &want, why);
}

/* What is going to run there is not known yet. */
bool fleet_has_place(struct daemon *d, const struct client *client, char *why)
{
    struct placement_want want = want_of(client);

    want.any_image = true;
    return best_for(d, &want, why) != NULL;
}

void fleet_lease(struct daemon *d, struct client *client)
{
    char why[PLACEMENT_WHY];
    struct router *r = place(d, client, why);

    if (r)
        pool_lease(r, client);
    else
        client_refused(client,
                       client->machine ? VMP_E_MACHINE
                       : client->place ? VMP_E_PLACE
                                       : VMP_E_NO_ROUTER,
                       why);
}

bool fleet_take_run(struct daemon *d, const struct client *client, unsigned n, struct vm *vms[])
{
    struct router *r = place(d, client, NULL);

    return r && pool_take_run(r, client->shell_pid, n, vms);
}

/* ---- reports ---- */

/* Not to one that has refused, too: they would move to and fro. */
static void move_on(struct router *r, enum vmp_error_code code, const char *why)
{
    struct client *client, *next;

    fleet_weigh(r);
    for (client = TAILQ_FIRST(&r->pool.waiting); client; client = next) {
        struct router *other = r->d->ending ? NULL : place(r->d, client, NULL);

        next = TAILQ_NEXT(client, waiting);
        if (other && other != r && may_come(other) && !other->pool.refused) {
            pool_cancel(client);
            pool_lease(other, client);
        } else if (r->pool.refused || !router_restarts(r) || r->d->ending) {
            client_refused(client, code, why); /* takes it off the list */
        }
    }
}

void fleet_move_on(struct router *r, const char *why)
{
    move_on(r, VMP_E_NO_ROUTER, why);
}

void fleet_refused(struct router *r, const char *why)
{
    move_on(r, VMP_E_START, why);
}

void fleet_changed(struct daemon *d)
{
    struct router *r;

    TAILQ_FOREACH (r, &d->fleet.routers, link)
        pool_changed(r);
}

void fleet_retire(struct daemon *d)
{
    struct router *r;

    d->set.pool_fixed = true;
    d->set.pool_min = d->set.pool_max = 0;
    TAILQ_FOREACH (r, &d->fleet.routers, link)
        pool_set_target(r, 0);
}

bool fleet_in_use(struct daemon *d)
{
    struct router *r;

    TAILQ_FOREACH (r, &d->fleet.routers, link)
        if (!TAILQ_EMPTY(&r->pool.waiting))
            return true;
    return fleet_count(d, VM_LEASED) + fleet_count(d, VM_SUSPENDED) > 0;
}

void fleet_end(struct daemon *d, const char *why)
{
    struct router *r;

    TAILQ_FOREACH (r, &d->fleet.routers, link)
        pool_end(r, why);
}

void fleet_socket_made(struct daemon *d, const char *file)
{
    uint64_t id;
    char port[8];
    struct vm *vm;

    if (sscanf(file, "%" SCNu64 ".%7s", &id, port) != 2 || strcmp(port, DOMAIN_LISTENING_SIGN) != 0)
        return;
    vm = fleet_vm(d, id);
    if (vm)
        vm_listening(vm);
}
