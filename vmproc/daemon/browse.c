#include "browse.h"
#include "avahi_poll.h"
#include "log.h"

#include <assert.h>
#include <avahi-client/client.h>
#include <avahi-client/lookup.h>
#include <avahi-common/domain.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <uv.h>

#define SERVICE_TYPE  "_libvirt._tcp"
#define AGAIN_MIN_MS  1000 /* D-Bus is not there, or a service was not resolved: of each its own */
#define AGAIN_MAX_MS  16000
#define LONELY_MS     2000 /* a name without an address is told when none has come in that time */
#define SIGHTINGS_MAX 512  /* somebody floods the network with names */

struct sighting {
    TAILQ_ENTRY(sighting) link;
    struct browse *browse;
    AvahiIfIndex interface;
    AvahiProtocol protocol;
    char name[AVAHI_LABEL_MAX], domain[AVAHI_DOMAIN_NAME_MAX];
    AvahiProtocol wanted;           /* of the address; AVAHI_PROTO_UNSPEC: whichever */
    AvahiServiceResolver *resolver; /* NULL: it could not be made, or there is no avahi-daemon */
    uint64_t again_at, again_ms;    /* uv_now(): when it is asked anew; 0: not */
    /* uv_now(), 0: not. It has no address that counts elsewhere than on its link, and others may bring one until then. */
    uint64_t lonely_until;
    bool resolved;
    bool failed; /* nobody has answered in time: the resolver stays, and notices who does later */
    bool ours;   /* this host's avahi-daemon announces it */
    bool stale;  /* of an avahi-daemon that has ended */
    struct record record;
};

struct browse {
    uv_loop_t loop;
    uv_timer_t again, due; /* the client is made anew; something of a sighting is due */
    uint64_t again_ms;
    AvahiPoll poll;
    AvahiClient *client;
    AvahiServiceBrowser *browser;
    TAILQ_HEAD(, sighting) sightings;
    unsigned count;
    bool broken; /* the client is of no use any more */
    bool flooded, cached, complete;
    struct inbox *inbox;
    void (*on_news)(void *news);
    void *arg;
    struct browse_news *told;
};

/* ---- what is told ---- */

static void merge(struct browse_news *news, const struct record *record)
{
    for (unsigned i = 0; i < news->count; i++) {
        struct record *there = &news->records[i];

        if (!record_same_place(there, record) || strcmp(there->name, record->name) != 0)
            continue;
        for (unsigned a = 0; a < RECORD_ADDRESSES; a++)
            record_add_address(there, record->address[a]);
        return;
    }
    news->records[news->count++] = *record;
}

static size_t news_size(unsigned count)
{
    return sizeof(struct browse_news) + count * sizeof(struct record);
}

static void tell(struct browse *browse)
{
    struct browse_news *news = calloc(1, news_size(browse->count)), *copy;
    struct sighting *s;
    bool settled = browse->cached, complete = browse->complete;

    assert(news);
    TAILQ_FOREACH (s, &browse->sightings, link) {
        bool pending = s->resolver && !s->resolved && !s->failed;

        if (s->resolved && !s->lonely_until)
            merge(news, &s->record);
        settled &= !(pending && s->ours);
        complete &= !pending && !s->lonely_until;
    }
    news->arg = browse->arg;
    news->answers = browse->browser != NULL;
    news->settled = !news->answers || settled;
    news->complete = !news->answers || complete;
    if (browse->told && browse->told->count == news->count &&
        memcmp(browse->told, news, news_size(news->count)) == 0) {
        free(news);
        return;
    }
    free(browse->told);
    browse->told = news;
    copy = malloc(news_size(news->count));
    assert(copy);
    memcpy(copy, news, news_size(news->count));
    inbox_post(browse->inbox, browse->on_news, copy);
}

/* ---- sightings ---- */

static bool address_is_ours(const AvahiAddress *address)
{
    struct ifaddrs *list, *a;
    bool ours = false;

    if (getifaddrs(&list) < 0)
        return false;
    for (a = list; a && !ours; a = a->ifa_next) {
        if (!a->ifa_addr)
            continue;
        if (address->proto == AVAHI_PROTO_INET && a->ifa_addr->sa_family == AF_INET)
            ours = ((struct sockaddr_in *)a->ifa_addr)->sin_addr.s_addr == address->data.ipv4.address;
        else if (address->proto == AVAHI_PROTO_INET6 && a->ifa_addr->sa_family == AF_INET6)
            ours =
                memcmp(&((struct sockaddr_in6 *)a->ifa_addr)->sin6_addr, address->data.ipv6.address, 16) == 0;
    }
    freeifaddrs(list);
    return ours;
}

static void take_address(struct record *record, const AvahiAddress *address)
{
    char text[AVAHI_ADDRESS_STR_MAX];

    if (address->proto != AVAHI_PROTO_INET6 ||
        !IN6_IS_ADDR_LINKLOCAL((const struct in6_addr *)address->data.ipv6.address))
        record_add_address(record, avahi_address_snprint(text, sizeof text, address));
    record->local = address_is_ours(address);
}

static void on_due(uv_timer_t *timer);

/* The timer is set for what is due first. */
static void plan(struct browse *browse)
{
    uint64_t first = UINT64_MAX, now = uv_now(&browse->loop);
    struct sighting *s;

    TAILQ_FOREACH (s, &browse->sightings, link) {
        if (s->again_at && s->again_at < first)
            first = s->again_at;
        if (s->lonely_until && s->lonely_until < first)
            first = s->lonely_until;
    }
    if (first == UINT64_MAX)
        uv_timer_stop(&browse->due);
    else
        uv_timer_start(&browse->due, on_due, first > now ? first - now : 0, 0);
}

/* It has only an address of its link, which its name may lead to, or not: is it all that there is? */
static void note_lonely(struct sighting *s)
{
    if (!s->record.local && !s->record.address[0][0])
        s->lonely_until = uv_now(&s->browse->loop) + LONELY_MS;
}

/* The other kind of address is asked for at once; then all is tried again, at growing intervals. */
static void plan_again(struct sighting *s)
{
    uint64_t now = uv_now(&s->browse->loop);

    if (s->resolver && s->wanted != AVAHI_PROTO_UNSPEC) {
        s->again_at = now;
        return;
    }
    s->again_at = now + s->again_ms;
    s->again_ms = 2 * s->again_ms > AGAIN_MAX_MS ? AGAIN_MAX_MS : 2 * s->again_ms;
}

/* Also when what was resolved has changed. */
static void on_resolved(AvahiServiceResolver *resolver, AvahiIfIndex interface, AvahiProtocol protocol,
                        AvahiResolverEvent event, const char *name, const char *type, const char *domain,
                        const char *host, const AvahiAddress *address, uint16_t port, AvahiStringList *txt,
                        AvahiLookupResultFlags flags, void *userdata)
{
    struct sighting *s = userdata;

    if (event == AVAHI_RESOLVER_FOUND) {
        s->record = (struct record){.port = port};
        snprintf(s->record.name, sizeof s->record.name, "%s", name);
        snprintf(s->record.host, sizeof s->record.host, "%.*s", (int)strcspn(host, "\n"), host);
        take_address(&s->record, address);
        /* avahi hands them out last first */
        for (txt = avahi_string_list_reverse(avahi_string_list_copy(txt)); txt;) {
            AvahiStringList *next = avahi_string_list_get_next(txt);

            record_take_txt(&s->record, avahi_string_list_get_text(txt), avahi_string_list_get_size(txt));
            avahi_free(txt);
            txt = next;
        }
        if (!s->resolved)
            note_lonely(s);
        s->resolved = true;
        s->failed = false;
        s->again_at = 0;
        s->again_ms = AGAIN_MIN_MS;
    } else {
        s->failed = true;
        s->resolved = false;
        s->lonely_until = 0;
        plan_again(s);
    }
    plan(s->browse);
    tell(s->browse);
}

static void end_resolver(struct sighting *s)
{
    if (s->resolver)
        avahi_service_resolver_free(s->resolver);
    s->resolver = NULL;
    s->failed = false;
    s->again_at = 0;
}

/*
 * A resolver gives one address. By IPv4 a host is asked for one of IPv4: it tells those of IPv6 there, too, and the one of its link,
 * which is of no use to others, may come first. Where there is none, whichever there is will do.
 */
static void resolve(struct sighting *s)
{
    s->resolver = avahi_service_resolver_new(s->browse->client, s->interface, s->protocol, s->name,
                                             SERVICE_TYPE, s->domain, s->wanted, 0, on_resolved, s);
    if (!s->resolver) {
        plan_again(s);
        plan(s->browse);
    }
}

static void resolve_again(struct sighting *s)
{
    end_resolver(s);
    s->wanted = s->wanted == AVAHI_PROTO_UNSPEC ? s->protocol : AVAHI_PROTO_UNSPEC;
    if (!s->stale && s->browse->browser)
        resolve(s);
}

static void on_due(uv_timer_t *timer)
{
    struct browse *browse = timer->data;
    uint64_t now = uv_now(&browse->loop);
    struct sighting *s;

    TAILQ_FOREACH (s, &browse->sightings, link) {
        if (s->lonely_until && s->lonely_until <= now)
            s->lonely_until = 0;
        if (s->again_at && s->again_at <= now)
            resolve_again(s);
    }
    plan(browse);
    tell(browse);
}

static void drop(struct sighting *s)
{
    end_resolver(s);
    TAILQ_REMOVE(&s->browse->sightings, s, link);
    s->browse->count--;
    free(s);
}

static struct sighting *find(struct browse *browse, AvahiIfIndex interface, AvahiProtocol protocol,
                             const char *name, const char *domain)
{
    struct sighting *s;

    TAILQ_FOREACH (s, &browse->sightings, link)
        if (s->interface == interface && s->protocol == protocol && strcmp(s->name, name) == 0 &&
            strcmp(s->domain, domain) == 0)
            return s;
    return NULL;
}

static void appeared(struct browse *browse, AvahiIfIndex interface, AvahiProtocol protocol, const char *name,
                     const char *domain, bool ours)
{
    struct sighting *s = find(browse, interface, protocol, name, domain);

    if (!s && browse->count >= SIGHTINGS_MAX) {
        if (!browse->flooded)
            log_line("more than %d services are advertised as " SERVICE_TYPE ": others are not looked at",
                     SIGHTINGS_MAX);
        browse->flooded = true;
        return;
    }
    if (!s) {
        s = calloc(1, sizeof *s);
        assert(s);
        s->browse = browse;
        s->interface = interface;
        s->protocol = s->wanted = protocol;
        s->again_ms = AGAIN_MIN_MS;
        snprintf(s->name, sizeof s->name, "%s", name);
        snprintf(s->domain, sizeof s->domain, "%s", domain);
        TAILQ_INSERT_TAIL(&browse->sightings, s, link);
        browse->count++;
    }
    s->stale = false;
    s->ours = ours;
    if (!s->resolver)
        resolve(s);
}

/* ---- avahi-daemon ---- */

static void on_again(uv_timer_t *timer);

static void set_broken(struct browse *browse)
{
    browse->broken = true; /* not to be freed in a callback of its own */
    if (!uv_is_active((uv_handle_t *)&browse->again))
        uv_timer_start(&browse->again, on_again, browse->again_ms, 0);
}

static void all_for_now(struct browse *browse)
{
    struct sighting *s, *next;

    browse->complete = true;
    for (s = TAILQ_FIRST(&browse->sightings); s; s = next) {
        next = TAILQ_NEXT(s, link);
        if (s->stale)
            drop(s);
    }
}

static void on_browsed(AvahiServiceBrowser *browser, AvahiIfIndex interface, AvahiProtocol protocol,
                       AvahiBrowserEvent event, const char *name, const char *type, const char *domain,
                       AvahiLookupResultFlags flags, void *userdata)
{
    struct browse *browse = userdata;
    struct sighting *s;

    switch (event) {
    case AVAHI_BROWSER_NEW:
        appeared(browse, interface, protocol, name, domain, flags & AVAHI_LOOKUP_RESULT_LOCAL);
        break;
    case AVAHI_BROWSER_REMOVE:
        s = find(browse, interface, protocol, name, domain);
        if (s)
            drop(s);
        break;
    case AVAHI_BROWSER_CACHE_EXHAUSTED:
        browse->cached = true;
        break;
    case AVAHI_BROWSER_ALL_FOR_NOW:
        all_for_now(browse);
        break;
    case AVAHI_BROWSER_FAILURE:
        set_broken(browse);
        break;
    }
    tell(browse);
}

/* avahi-daemon has gone, or the client goes: what it told is kept for now. */
static void lose(struct browse *browse)
{
    struct sighting *s;

    TAILQ_FOREACH (s, &browse->sightings, link) {
        end_resolver(s);
        s->stale = true;
    }
    if (browse->browser)
        avahi_service_browser_free(browse->browser);
    browse->browser = NULL;
    browse->cached = browse->complete = false;
}

static void on_client(AvahiClient *client, AvahiClientState state, void *userdata)
{
    struct browse *browse = userdata;

    browse->client = client;
    if (state == AVAHI_CLIENT_FAILURE) {
        set_broken(browse);
    } else if (state == AVAHI_CLIENT_CONNECTING) {
        lose(browse);
        tell(browse);
    } else if (!browse->browser) {
        browse->again_ms = AGAIN_MIN_MS;
        browse->browser = avahi_service_browser_new(client, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC, SERVICE_TYPE,
                                                    NULL, 0, on_browsed, browse);
        if (!browse->browser)
            set_broken(browse);
    }
}

static void begin(struct browse *browse)
{
    int err; /* which of avahi's does not matter: there is no D-Bus */

    browse->broken = false;
    browse->client = avahi_client_new(&browse->poll, AVAHI_CLIENT_NO_FAIL, on_client, browse, &err);
    if (!browse->client)
        set_broken(browse);
    tell(browse);
}

static void on_again(uv_timer_t *timer)
{
    struct browse *browse = timer->data;

    browse->again_ms = browse->again_ms * 2 > AGAIN_MAX_MS ? AGAIN_MAX_MS : browse->again_ms * 2;
    lose(browse);
    if (browse->client)
        avahi_client_free(browse->client);
    begin(browse);
}

static void *browse_thread(void *data)
{
    struct browse *browse = data;

    avahi_poll_init(&browse->poll, &browse->loop);
    begin(browse);
    uv_run(&browse->loop, UV_RUN_DEFAULT);
    return NULL;
}

int browse_start(struct inbox *inbox, void (*on_news)(void *news), void *arg)
{
    struct browse *browse = calloc(1, sizeof *browse);
    pthread_t thread;

    if (!browse || uv_loop_init(&browse->loop) < 0)
        return free(browse), -ENOMEM;
    TAILQ_INIT(&browse->sightings);
    browse->inbox = inbox;
    browse->on_news = on_news;
    browse->arg = arg;
    browse->again_ms = AGAIN_MIN_MS;
    uv_timer_init(&browse->loop, &browse->again);
    uv_timer_init(&browse->loop, &browse->due);
    browse->again.data = browse->due.data = browse;
    if (pthread_create(&thread, NULL, browse_thread, browse) != 0)
        return -EAGAIN;
    return -pthread_detach(thread);
}
