#include "resolve.h"
#include "client.h"
#include "daemon.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define LOOKUPS_MAX 16 /* of one client: a grant of names is no way to flood a server */

struct lookup {
    TAILQ_ENTRY(lookup) link; /* client.lookups */
    struct client *client;    /* NULL: it has gone */
    uv_getaddrinfo_t request;
    struct vmp_addresses answer;
};

static void add(struct vmp_addresses *answer, const struct sockaddr *from)
{
    uint8_t *to = answer->address[answer->count];

    if (from->sa_family == AF_INET6) {
        memcpy(to, &((const struct sockaddr_in6 *)from)->sin6_addr, 16);
    } else if (from->sa_family == AF_INET) {
        memcpy(to, (const uint8_t[12]){[10] = 0xff, [11] = 0xff}, 12);
        memcpy(to + 12, &((const struct sockaddr_in *)from)->sin_addr, 4);
    } else {
        return;
    }
    answer->count++;
}

static bool has_no_address(int status)
{
    return status == UV_EAI_NONAME || status == UV_EAI_NODATA || status == UV_EAI_ADDRFAMILY;
}

static void on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *found)
{
    struct lookup *lookup = request->data;
    struct vmp_addresses *answer = &lookup->answer;

    if (lookup->client) {
        answer->failed = status < 0 && !has_no_address(status);
        for (const struct addrinfo *a = found; a && answer->count < VMP_MAX_ADDRESSES; a = a->ai_next)
            add(answer, a->ai_addr);
        client_send(lookup->client, VMP_ADDRESSES, answer, sizeof *answer);
        TAILQ_REMOVE(&lookup->client->lookups, lookup, link);
        lookup->client->nlookups--;
    }
    uv_freeaddrinfo(found);
    free(lookup);
}

void resolve(struct client *client, const struct vmp_resolve *ask)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct lookup *lookup = client->nlookups < LOOKUPS_MAX ? calloc(1, sizeof *lookup) : NULL;
    struct vmp_addresses none = {.failed = 1};

    memcpy(none.name, ask->name, sizeof none.name);
    none.name[sizeof none.name - 1] = '\0';
    if (lookup) {
        lookup->client = client;
        lookup->answer = none;
        lookup->request.data = lookup;
        if (uv_getaddrinfo(&client->d->loop, &lookup->request, on_resolved, lookup->answer.name, NULL,
                           &hints) == 0) {
            TAILQ_INSERT_TAIL(&client->lookups, lookup, link);
            client->nlookups++;
            return;
        }
    }
    free(lookup);
    client_send(client, VMP_ADDRESSES, &none, sizeof none);
}

void resolve_forget(struct client *client)
{
    struct lookup *lookup;

    while ((lookup = TAILQ_FIRST(&client->lookups))) {
        TAILQ_REMOVE(&client->lookups, lookup, link);
        lookup->client = NULL;
        uv_cancel((uv_req_t *)&lookup->request);
    }
}
