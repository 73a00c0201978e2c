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
#define AGAIN_MIN_MS  1000 /* D-Bus is not there, or a service was not resolved */
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
    AvahiServiceResolver *resolver; /* NULL: it failed, or there is no avahi-daemon */
    bool resolved;
    bool lonely; /* it has no address that counts elsewhere than on its link; other sightings may bring one */
    bool stale;  /* of an avahi-daemon that has ended */
    struct record record;
};

struct browse {
    uv_loop_t loop;
    uv_timer_t again, lonely;
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
    bool pending = false, lonely = false;

    assert(news);
    TAILQ_FOREACH (s, &browse->sightings, link) {
        if (s->resolved && !s->lonely)
            merge(news, &s->record);
        pending |= s->resolver && !s->resolved;
        lonely |= s->lonely;
    }
    news->arg = browse->arg;
    news->answers = browse->browser != NULL;
    news->settled = !news->answers || (browse->cached && !pending);
    news->complete = !news->answers || (browse->complete && !pending && !lonely);
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

static void on_lonely(uv_timer_t *timer)
{
    struct browse *browse = timer->data;
    struct sighting *s;

    TAILQ_FOREACH (s, &browse->sightings, link)
        s->lonely = false;
    tell(browse);
}

static void take_address(struct record *record, const AvahiAddress *address)
{
    char text[AVAHI_ADDRESS_STR_MAX];

    if (address->proto != AVAHI_PROTO_INET6 ||
        !IN6_IS_ADDR_LINKLOCAL((const struct in6_addr *)address->data.ipv6.address))
        record_add_address(record, avahi_address_snprint(text, sizeof text, address));
    record->local = address_is_ours(address);
}

/* It has only an address of its link, which its name may lead to, or not: is it all that there is? */
static void note_lonely(struct sighting *s)
{
    s->lonely = !s->record.local && !s->record.address[0][0];
    if (s->lonely)
        uv_timer_start(&s->browse->lonely, on_lonely, LONELY_MS, 0);
}

static void on_again(uv_timer_t *timer);

static void plan_again(struct browse *browse)
{
    if (!uv_is_active((uv_handle_t *)&browse->again))
        uv_timer_start(&browse->again, on_again, browse->again_ms, 0);
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
    } else {
        avahi_service_resolver_free(resolver);
        s->resolver = NULL;
        s->resolved = s->lonely = false;
        s->wanted = s->wanted == AVAHI_PROTO_UNSPEC ? s->protocol : AVAHI_PROTO_UNSPEC;
        plan_again(s->browse);
    }
    tell(s->browse);
}

/*
 * A resolver gives one address. By IPv4 a host is asked for one of IPv4: it tells those of IPv6 there, too, and the one of its link,
 * which is of no use to others, may come first. Where there is none, whichever there is will do.
 */
static void resolve(struct sighting *s)
{
    s->resolver = avahi_service_resolver_new(s->browse->client, s->interface, s->protocol, s->name,
                                             SERVICE_TYPE, s->domain, s->wanted, 0, on_resolved, s);
    if (!s->resolver)
        plan_again(s->browse);
}

static void drop(struct sighting *s)
{
    if (s->resolver)
        avahi_service_resolver_free(s->resolver);
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
                     const char *domain)
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
        snprintf(s->name, sizeof s->name, "%s", name);
        snprintf(s->domain, sizeof s->domain, "%s", domain);
        TAILQ_INSERT_TAIL(&browse->sightings, s, link);
        browse->count++;
    }
    s->stale = false;
    if (!s->resolver)
        resolve(s);
}

/* ---- avahi-daemon ---- */

static void set_broken(struct browse *browse)
{
    browse->broken = true; /* not to be freed in a callback of its own */
    plan_again(browse);
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
        appeared(browse, interface, protocol, name, domain);
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
        if (s->resolver)
            avahi_service_resolver_free(s->resolver);
        s->resolver = NULL;
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
    struct sighting *s;

    browse->again_ms = browse->again_ms * 2 > AGAIN_MAX_MS ? AGAIN_MAX_MS : browse->again_ms * 2;
    if (browse->broken) {
        lose(browse);
        if (browse->client)
            avahi_client_free(browse->client);
        begin(browse);
        return;
    }
    TAILQ_FOREACH (s, &browse->sightings, link)
        if (!s->resolver && !s->stale && browse->browser)
            resolve(s);
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
    uv_timer_init(&browse->loop, &browse->lonely);
    browse->again.data = browse->lonely.data = browse;
    if (pthread_create(&thread, NULL, browse_thread, browse) != 0)
        return -EAGAIN;
    return -pthread_detach(thread);
}
