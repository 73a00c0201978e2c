#include "found.h"
#include "browse.h"
#include "daemon.h"
#include "log.h"
#include "uri.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUTERS_MAX 256 /* as above, of routers */

/* ---- which record ---- */

static bool is_usable(const struct found *found, const struct record *record)
{
    const char *why;

    if (!record_acceptable(record, &why))
        return false;
    for (unsigned i = 0; i < found->remembered.count; i++)
        if (record->local && found->remembered.records[i].local &&
            record_is_other(record, &found->remembered.records[i]))
            return false;
    return true;
}

static bool is_trusted(const struct record *record)
{
    bool known = trust_knows(record->host, record->port);

    for (unsigned i = 0; i < RECORD_ADDRESSES && !known; i++)
        known = record->address[i][0] && trust_knows(record->address[i], record->port);
    return known;
}

/* The user's word: another one is not looked for. */
static bool is_decided(const struct router *r)
{
    const char *uri = getenv("LIBVIRT_DEFAULT_URI");

    return r->wish ? strstr(r->wish, "://") != NULL : uri && *uri;
}

static bool suits(const struct router *r, const struct record *record)
{
    return is_usable(&r->d->found, record) && (r->wish ? strcmp(record->name, r->wish) == 0 : record->local);
}

/* Of several of that name, as of an impostor on another interface, one that is known. */
static const struct record *choose(const struct router *r, const struct record *records, unsigned count)
{
    const struct record *first = NULL;

    for (unsigned i = 0; i < count; i++) {
        if (!suits(r, &records[i]))
            continue;
        if (records[i].local || is_trusted(&records[i]))
            return &records[i];
        first = first ? first : &records[i];
    }
    return first;
}

enum found_pick found_pick(const struct router *r, struct record *record)
{
    const struct found *found = &r->d->found;
    const struct record *chosen = NULL;

    if (r->record) {
        *record = *r->record;
        return FOUND_ONE;
    }
    if (is_decided(r))
        return FOUND_NONE;
    if (found->news)
        chosen = choose(r, found->news->records, found->news->count);
    if (!chosen)
        chosen = choose(r, found->remembered.records, found->remembered.count);
    if (chosen) {
        *record = *chosen;
        return FOUND_ONE;
    }
    return found->news && (r->wish ? found->news->complete : found->news->settled) ? FOUND_NONE : FOUND_WAIT;
}

void found_note(struct daemon *d, const struct record *record)
{
    remember_note(&d->found.remembered, record);
}

void found_explain(const struct router *r, char error[256])
{
    const struct browse_news *news = r->d->found.news;

    snprintf(error, 256, "%.80s: %s", r->wish,
             !news || !news->answers
                 ? "avahi-daemon does not answer; scripts/router start, or give a libvirt URI"
                 : "no such service of type _libvirt._tcp was found over DNS-SD");
}

/* ---- routers of other machines ---- */

/* Whether the user has named that one himself. */
static bool leads_to(const char *wish, const struct record *record)
{
    char host[128], port[8];

    return uri_tls_peer(wish, host, port) && record_leads_to(record, host, port);
}

/* What the user has named comes before what was found. */
static struct router *router_of(struct daemon *d, const struct record *record)
{
    struct router *r;

    TAILQ_FOREACH (r, &d->fleet.routers, link)
        if (!r->record && r->wish && (leads_to(r->wish, record) || strcmp(r->wish, record->name) == 0))
            return r;
    TAILQ_FOREACH (r, &d->fleet.routers, link)
        if (r->record && record_same_place(r->record, record))
            return r;
    return NULL;
}

/* Somebody else may advertise the address of one that is known, under another name: that changes nothing. */
static void keep_record(struct router *r, const struct record *record)
{
    if (r->record && is_trusted(r->record) && !is_trusted(record))
        return;
    if (!r->record)
        r->record = malloc(sizeof *r->record);
    if (r->record)
        *r->record = *record;
}

void found_take_offer(struct router *r, const struct record *record)
{
    memcpy(r->images, record->images, sizeof r->images);
    memcpy(r->labels, record->labels, sizeof r->labels);
    fleet_weigh(r);
}

static void take_into_use(struct router *r)
{
    r->offered = false;
    if (r->d->found.automatic)
        fleet_undrain(r);
    router_want(r);
}

static struct router *offer(struct daemon *d, const struct record *record)
{
    char uri[192];
    struct router *r;

    record_far_uri(record, record->host, uri);
    r = fleet_add(d, strdup(uri));
    r->offered = true;
    fleet_keep_away(r);
    keep_record(r, record);
    log_line("router %s found over DNS-SD: \"%s\", %s", r->name, record->name,
             is_trusted(record) ? "which is known" : "which is not known: it is not used");
    return r;
}

/* It is seen: for the first time, still, or again. */
static void see(struct daemon *d, const struct record *record, bool again)
{
    struct router *r = router_of(d, record);

    if (!r)
        r = offer(d, record);
    else if (r->record)
        keep_record(r, record);
    found_take_offer(r, r->record ? r->record : record);
    r->absent = false;
    if (r->offered && d->found.automatic && is_trusted(record))
        take_into_use(r);
    else if (again && !r->offered && r->state == ROUTER_DOWN)
        router_try_now(r);
}

static bool is_among(const struct browse_news *news, const struct record *record)
{
    for (unsigned i = 0; news && i < news->count; i++)
        if (record_same_place(&news->records[i], record) && strcmp(news->records[i].name, record->name) == 0)
            return true;
    return false;
}

static unsigned count_offered(struct daemon *d)
{
    struct router *r;
    unsigned n = 0;

    TAILQ_FOREACH (r, &d->fleet.routers, link)
        n += r->offered;
    return n;
}

/* An offer that is not there any more is not told of; what is in use shows by itself whether it has gone. */
static void note_absence(struct daemon *d)
{
    struct router *r;

    TAILQ_FOREACH (r, &d->fleet.routers, link)
        if (r->offered && (!is_among(d->found.news, r->record) || router_of(d, r->record) != r))
            r->absent = true;
}

void found_named(struct daemon *d)
{
    note_absence(d);
}

static void on_news(void *data)
{
    struct browse_news *news = data, *before;
    struct daemon *d = news->arg;
    struct router *r;
    const char *why;

    before = d->found.news;
    d->found.news = news;
    for (unsigned i = 0; i < news->count && !d->ending; i++) {
        const struct record *record = &news->records[i];
        bool is_new = !is_among(before, record);

        if (!is_usable(&d->found, record)) {
            if (is_new && record_acceptable(record, &why))
                why = "its identity is not the one that this router had before";
            if (is_new)
                log_line("a router found over DNS-SD is not used: %s", why);
        } else if (!record->local && (router_of(d, record) || count_offered(d) < ROUTERS_MAX)) {
            see(d, record, is_new);
        }
    }
    note_absence(d);
    free(before);
    TAILQ_FOREACH (r, &d->fleet.routers, link)
        router_look_again(r);
}

void found_trusted(struct router *r)
{
    if (r->offered)
        take_into_use(r);
    else
        router_try_now(r);
}

void found_forgotten(struct router *r)
{
    if (!r->record || (r->wish && !strstr(r->wish, "://")))
        return;
    r->offered = true;
    fleet_keep_away(r);
}

void found_init(struct daemon *d)
{
    const char *uri = getenv("LIBVIRT_DEFAULT_URI"), *why;
    struct found *found = &d->found;

    found->automatic = !d->set.router && !(uri && *uri) && !d->sweeps;
    remember_read(&found->remembered);
    for (unsigned i = 0; i < found->remembered.count && found->automatic; i++) {
        const struct record *record = &found->remembered.records[i];

        if (!record->local && record_acceptable(record, &why) && is_trusted(record))
            see(d, record, false);
    }
    if (browse_start(&d->inbox, on_news, d) < 0)
        log_line("no thread could be made to look for routers over DNS-SD");
}
