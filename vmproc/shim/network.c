/* network.c - grants of network access, and the addresses of their names. */
#include "network.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX 256 /* of those that only a grant for all hosts covers, any number may be asked for */

static struct network_name *new_name(struct network *network, const char *text)
{
    struct network_name *name = network->nnames < NAMES_MAX ? calloc(1, sizeof *name) : NULL;
    if (!name)
        return NULL;
    strcpy(name->text, text);
    name->next = network->names;
    network->names = name;
    network->nnames++;
    return name;
}

static struct network_name *known_name(const struct network *network, const char *text)
{
    struct network_name *name = network->names;
    while (name && strcmp(name->text, text) != 0)
        name = name->next;
    return name;
}

static int add_grant(struct network *network, const char *text)
{
    struct network_grant *grant = &network->grant[network->count];
    const char *why;
    if (!network_parse(text, grant, &why))
        return -EINVAL;
    network->count++;
    if (!grant->name[0] || known_name(network, grant->name))
        return 0;
    return new_name(network, grant->name) ? 0 : -ENOMEM;
}

int network_init(struct network *network, const struct policy *policy)
{
    int err = 0;
    *network = (struct network){.open = policy->network_open};
    network->grant = calloc(policy->count + 1, sizeof *network->grant);
    if (!network->grant)
        return -ENOMEM;
    for (unsigned i = 0; i < policy->count && !err; i++)
        if (policy->items[i].kind == POLICY_NETWORK)
            err = add_grant(network, policy->items[i].text);
    return err;
}

void network_free(struct network *network)
{
    while (network->names) {
        struct network_name *name = network->names;
        network->names = name->next;
        free(name);
    }
    free(network->grant);
    network->grant = NULL;
}

bool network_is_given(const struct network *network)
{
    return network->open || network->count;
}

bool network_has_hosts(const struct network *network)
{
    bool has = network->open;
    for (unsigned i = 0; i < network->count; i++)
        has |= !network->grant[i].listen;
    return has;
}

/* ---- addresses ---- */

/* The kernel takes the address of no machine for this one. */
static struct network_address meant(const struct network_address *address)
{
    static const struct network_address none;
    struct network_address result = *address;
    if (memcmp(address, &none, sizeof none) == 0)
        result.bytes[15] = 1;
    if (network_is_ipv4(address) && memcmp(address->bytes + 12, none.bytes, 4) == 0)
        memcpy(result.bytes + 12, (const uint8_t[]){127, 0, 0, 1}, 4);
    return result;
}

static bool name_has(const struct network_name *name, const struct network_address *address)
{
    for (unsigned i = 0; i < name->count; i++)
        if (memcmp(&name->address[i], address, sizeof *address) == 0)
            return true;
    return false;
}

static enum network_verdict by_name(struct network *network, const struct network_grant *grant,
                                    const struct network_address *address)
{
    struct network_name *name = known_name(network, grant->name);
    if (name->state == NAME_UNASKED)
        network_ask(network, name);
    if (name->state == NAME_ASKED)
        return NETWORK_NOT_YET;
    return name_has(name, address) ? NETWORK_YES : NETWORK_NO;
}

enum network_verdict network_may_reach(struct network *network, const struct network_address *address,
                                       uint16_t port)
{
    struct network_address to = meant(address);
    enum network_verdict verdict = network->open ? NETWORK_YES : NETWORK_NO;
    for (unsigned i = 0; i < network->count && verdict != NETWORK_YES; i++) {
        const struct network_grant *grant = &network->grant[i];
        if (!grant->listen && network_has_port(grant, port) && network_covers(grant, &to))
            verdict = NETWORK_YES;
    }
    for (unsigned i = 0; i < network->count && verdict != NETWORK_YES; i++) {
        const struct network_grant *grant = &network->grant[i];
        enum network_verdict v = !grant->listen && grant->name[0] && network_has_port(grant, port)
                                     ? by_name(network, grant, &to)
                                     : NETWORK_NO;
        verdict = v == NETWORK_NO ? verdict : v;
    }
    return verdict;
}

bool network_may_listen(const struct network *network, const struct network_address *address, uint16_t port)
{
    bool may = network->open;
    for (unsigned i = 0; i < network->count; i++)
        may |= network->grant[i].listen && network_has_port(&network->grant[i], port) &&
               network_covers(&network->grant[i], address);
    return may;
}

int network_refuse(const struct network *network, const char *what, const struct network_address *address,
                   uint16_t port)
{
    char text[NETWORK_TEXT_MAX], line[2 * NETWORK_TEXT_MAX];
    if (network->refused && port) { /* port 0: a C library that sorts addresses */
        snprintf(line, sizeof line, "%s %s was not given", what, network_format(address, port, text));
        network->refused(network->owner, line);
    }
    return -ENETUNREACH;
}

/* ---- names ---- */

struct network_name *network_find_name(struct network *network, const char *text)
{
    struct network_name *name = known_name(network, text);
    bool all = network->open;
    for (unsigned i = 0; i < network->count && !name; i++)
        all |= !network->grant[i].listen && !network->grant[i].name[0] && network->grant[i].prefix == 0;
    return !name && all ? new_name(network, text) : name;
}

void network_ask(struct network *network, struct network_name *name)
{
    name->state = NAME_ASKED;
    network->ask(network->owner, name->text);
}

void network_resolved(struct network *network, const struct vmp_addresses *answer)
{
    struct network_name *name =
        memchr(answer->name, 0, sizeof answer->name) ? known_name(network, answer->name) : NULL;
    if (!name || name->state != NAME_ASKED || answer->count > VMP_MAX_ADDRESSES)
        return;
    name->state = answer->failed ? NAME_FAILED : NAME_KNOWN;
    name->count = answer->count;
    memcpy(name->address, answer->address, answer->count * sizeof *name->address);
}
