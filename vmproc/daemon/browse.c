#include "browse.h"
#include "avahi_poll.h"
#include "log.h"

#include <avahi-client/client.h>
#include <avahi-client/lookup.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

#define SERVICE_TYPE "_libvirt._tcp"

struct browse {
    uv_loop_t loop;
    uv_timer_t deadline;
    AvahiPoll poll;
    AvahiClient *client;
    AvahiServiceBrowser *browser;
    const char *name;
    const struct record *known;
    struct record *found;
    int result;
};

static const char *const acceptable_uris[] = {"qemu:///system", "qemu:///session"};

bool record_acceptable(const struct record *record, const char **why)
{
    bool listed = false;

    for (unsigned i = 0; i < sizeof acceptable_uris / sizeof *acceptable_uris; i++)
        listed |= strcmp(record->uri, acceptable_uris[i]) == 0;
    *why = !listed          ? "its uri is not one that may be taken from the network"
           : !record->local ? "it comes from another host"
                            : NULL;
    return *why == NULL;
}

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

static void txt_value(AvahiStringList *txt, const char *key, char *value, size_t size)
{
    AvahiStringList *pair = avahi_string_list_find(txt, key);
    char *k = NULL, *v = NULL;

    value[0] = '\0';
    if (pair && avahi_string_list_get_pair(pair, &k, &v, NULL) == 0 && v && strlen(v) < size)
        strcpy(value, v);
    avahi_free(k);
    avahi_free(v);
}

static bool is_other(const struct record *record, const struct record *known)
{
    return known && known->id[0] && strcmp(record->name, known->name) == 0 &&
           strcmp(record->id, known->id) != 0;
}

static void on_resolved(AvahiServiceResolver *resolver, AvahiIfIndex interface, AvahiProtocol protocol,
                        AvahiResolverEvent event, const char *name, const char *type, const char *domain,
                        const char *host, const AvahiAddress *address, uint16_t port, AvahiStringList *txt,
                        AvahiLookupResultFlags flags, void *userdata)
{
    struct browse *browse = userdata;
    struct record record = {0};
    const char *why = NULL;

    if (event == AVAHI_RESOLVER_FOUND && browse->result != 0) {
        snprintf(record.name, sizeof record.name, "%s", name);
        txt_value(txt, "uri", record.uri, sizeof record.uri);
        txt_value(txt, "accel", record.accel, sizeof record.accel);
        txt_value(txt, "id", record.id, sizeof record.id);
        record.local = address_is_ours(address);
        if (record_acceptable(&record, &why) && is_other(&record, browse->known))
            why = "its identity is not the one that this router had before";
        if (why) {
            log_line("router \"%s\" found over DNS-SD is not used: %s", record.name, why);
        } else {
            *browse->found = record;
            browse->result = 0;
            uv_stop(&browse->loop);
        }
    }
    avahi_service_resolver_free(resolver);
}

static void on_browsed(AvahiServiceBrowser *browser, AvahiIfIndex interface, AvahiProtocol protocol,
                       AvahiBrowserEvent event, const char *name, const char *type, const char *domain,
                       AvahiLookupResultFlags flags, void *userdata)
{
    struct browse *browse = userdata;

    if (event == AVAHI_BROWSER_NEW && (!browse->name || strcmp(browse->name, name) == 0))
        avahi_service_resolver_new(browse->client, interface, protocol, name, type, domain,
                                   AVAHI_PROTO_UNSPEC, 0, on_resolved, browse);
}

/* avahi-daemon may come, go and come again while we wait: the browser lives as long as it runs. */
static void on_client(AvahiClient *client, AvahiClientState state, void *userdata)
{
    struct browse *browse = userdata;

    browse->client = client;
    if (state == AVAHI_CLIENT_S_RUNNING && !browse->browser) {
        browse->result = -ENOENT;
        browse->browser = avahi_service_browser_new(client, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC, SERVICE_TYPE,
                                                    NULL, 0, on_browsed, browse);
    } else if (state == AVAHI_CLIENT_CONNECTING && browse->browser) {
        avahi_service_browser_free(browse->browser);
        browse->browser = NULL;
    } else if (state == AVAHI_CLIENT_FAILURE) {
        uv_stop(&browse->loop);
    }
}

static void on_deadline(uv_timer_t *timer)
{
    uv_stop(timer->loop);
}

static void close_handle(uv_handle_t *handle, void *arg)
{
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

int browse_routers(const char *name, const struct record *known, unsigned milliseconds, struct record *found)
{
    struct browse browse = {.name = name, .known = known, .found = found, .result = -ENOTCONN};
    AvahiClient *client;
    int err; /* which of avahi's does not matter: there is no DNS-SD */

    if (uv_loop_init(&browse.loop) < 0)
        return -ENOMEM;
    uv_timer_init(&browse.loop, &browse.deadline);
    uv_timer_start(&browse.deadline, on_deadline, milliseconds, 0);
    avahi_poll_init(&browse.poll, &browse.loop);
    client = avahi_client_new(&browse.poll, AVAHI_CLIENT_NO_FAIL, on_client, &browse, &err);
    if (client) {
        uv_run(&browse.loop, UV_RUN_DEFAULT);
        avahi_client_free(client); /* and its browser and resolvers */
    }
    uv_walk(&browse.loop, close_handle, NULL);
    uv_run(&browse.loop, UV_RUN_DEFAULT);
    uv_loop_close(&browse.loop);
    return browse.result;
}
