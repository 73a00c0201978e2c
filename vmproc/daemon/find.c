#include "find.h"
#include "connect.h"
#include "log.h"
#include "relay.h"
#include "store.h"
#include "uri.h"
#include "virt_error.h"

#include <libvirt/virterror.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No QEMU that can do what domxml.c asks for: better said now than at the first start of a VM. */
static bool lacks_qemu(const char *capabilities)
{
    return !strstr(capabilities, "<arch name='x86_64'>") || !strstr(capabilities, ">microvm</machine>");
}

/* The sum over NUMA nodes, which virNodeGetInfo() tells, lacks memory that was added to the running machine. */
static void count_memory(virConnectPtr conn, uint64_t *bytes)
{
    virNodeMemoryStats stats[16];
    int n = 0;

    if (virNodeGetMemoryStats(conn, VIR_NODE_MEMORY_STATS_ALL_CELLS, NULL, &n, 0) < 0 || n > 16 ||
        virNodeGetMemoryStats(conn, VIR_NODE_MEMORY_STATS_ALL_CELLS, stats, &n, 0) < 0)
        return;
    for (int i = 0; i < n; i++)
        if (strcmp(stats[i].field, VIR_NODE_MEMORY_STATS_TOTAL) == 0 && stats[i].value << 10 > *bytes)
            *bytes = stats[i].value << 10;
}

/* The capabilities are XML that libvirt writes in one layout; the few facts wanted stand in single elements.
 */
static bool read_capabilities(virConnectPtr conn, struct router_facts *facts, char error[256])
{
    char *xml = virConnectGetCapabilities(conn);
    const char *dac, *label;
    virNodeInfo node;
    unsigned uid, gid;

    if (virNodeGetInfo(conn, &node) == 0) {
        facts->memory_bytes = (uint64_t)node.memory << 10;
        count_memory(conn, &facts->memory_bytes);
        facts->processors = node.cpus;
        snprintf(facts->architecture, sizeof facts->architecture, "%.31s", node.model);
    }
    facts->qemu_uid = geteuid();
    facts->qemu_gid = getegid();
    if (!xml || lacks_qemu(xml)) {
        snprintf(error, 256, "%.100s: %.120s", facts->uri,
                 xml ? "libvirtd finds no QEMU for x86_64 with machine microvm; scripts/install-deps run"
                     : virGetLastErrorMessage());
        free(xml);
        return false;
    }
    dac = strstr(xml, "<model>dac</model>");
    label = dac ? strstr(dac, "<baselabel ") : NULL;
    label = label ? strchr(label, '>') : NULL;
    if (label && sscanf(label, ">+%u:+%u<", &uid, &gid) == 2) {
        facts->qemu_uid = uid;
        facts->qemu_gid = gid;
        snprintf(facts->dac_label, sizeof facts->dac_label, "+%u:+%u", uid, gid);
    }
    facts->aarch64 = strstr(xml, "<arch name='aarch64'>");
    if (!facts->accel[0])
        strcpy(facts->accel, strstr(xml, "<domain type='kvm'") ? "kvm?" : "tcg");
    free(xml);
    return true;
}

static void append(char error[256], const char *hint)
{
    size_t len = strlen(error), room = 255 - strlen(hint);

    snprintf(error + (len < room ? len : room), 256 - (len < room ? len : room), "%s", hint);
}

/* Only libvirt can read its configuration (uri_aliases), and only by connecting; nothing else is said by that. */
static char *resolve_alias(const char *alias, char error[256])
{
    virConnectPtr conn = virConnectOpen(alias);
    char *uri = conn ? virConnectGetURI(conn) : NULL;

    if (!uri)
        virt_error_line(alias, error);
    if (conn)
        virConnectClose(conn);
    return uri;
}

/* A wish that is no URI is an alias, which leads to one. */
static virConnectPtr open_wish(const char *wish, struct router_facts *facts, char error[256])
{
    char *uri = strstr(wish, "://") ? strdup(wish) : resolve_alias(wish, error);
    virConnectPtr conn;

    if (!uri || !uri_for_libvirt(uri, facts->libvirt_uri, error)) {
        free(uri);
        return NULL;
    }
    facts->far = uri_is_far(uri);
    free(uri);
    conn = connect_checked(facts->libvirt_uri, &facts->trust, error);
    if (!conn && !error[0])
        virt_error_line(wish, error);
    return conn;
}

static virConnectPtr try(const char *wish, struct router_facts *facts, char error[256])
{
    virConnectPtr conn;

    snprintf(facts->uri, sizeof facts->uri, "%s", wish);
    if (!facts->name[0])
        uri_short_name(wish, facts->name);
    conn = open_wish(wish, facts, error);
    if (!conn)
        return NULL;
    if (facts->far)
        relay_bound_connections();
    if (!read_capabilities(conn, facts, error) ||
        (facts->far && !store_fill(conn, facts->instance, facts, error))) {
        virConnectClose(conn);
        return NULL;
    }
    return conn;
}

static void found_by(struct router_facts *facts, const char *how)
{
    const char *instance = facts->instance;

    *facts = (struct router_facts){.instance = instance};
    snprintf(facts->found_by, sizeof facts->found_by, "%s", how);
}

static bool is_resolved(const char *host)
{
    struct addrinfo *list;
    bool good = getaddrinfo(host, NULL, NULL, &list) == 0;

    if (good)
        freeaddrinfo(list);
    return good;
}

/*
 * By which name the router on another machine is called: of those that the user has accepted a certificate for, else of
 * all, its host's, if that has an address here (multicast names have none without nss-mdns), else an address, of IPv4 where there is one.
 */
static const char *far_host(const struct record *record)
{
    const char *address = NULL;

    for (unsigned i = 0; i < RECORD_ADDRESSES && record->address[i][0]; i++) {
        if (trust_knows(record->address[i], record->port))
            return record->address[i];
        if (!address || (strchr(address, ':') && !strchr(record->address[i], ':')))
            address = record->address[i];
    }
    return trust_knows(record->host, record->port) || !address || is_resolved(record->host) ? record->host
                                                                                            : address;
}

static virConnectPtr try_record(const struct record *record, struct router_facts *facts, char error[256])
{
    char uri[192];

    found_by(facts, "DNS-SD");
    memcpy(facts->id, record->id, sizeof facts->id);
    if (strcmp(record->accel, "kvm") == 0 || strcmp(record->accel, "tcg") == 0)
        memcpy(facts->accel, record->accel, sizeof facts->accel);
    if (record->local) {
        memcpy(facts->name, record->name, sizeof facts->name);
        return try(record->uri, facts, error);
    }
    record_far_uri(record, record->host, uri);
    uri_short_name(uri, facts->name);
    record_far_uri(record, far_host(record), uri);
    return try(uri, facts, error);
}

static virConnectPtr try_named(const char *name, const struct record *record, struct router_facts *facts,
                               char error[256])
{
    virConnectPtr conn;

    found_by(facts, "uri_aliases");
    conn = try(name, facts, error);
    if (conn || facts->trust.state != VMP_TRUST_NONE || !record)
        return conn;
    return try_record(record, facts, error);
}

static virConnectPtr try_default(struct router_facts *facts, char error[256])
{
    virConnectPtr conn;

    found_by(facts, "default");
    if (geteuid() != 0)
        return try("qemu:///session", facts, error);
    /*
     * Not qemu:///session for root: its QEMUs would be root's own, and its libvirtd sees a /dev/kvm that may
     * cost it half a minute per start.
     */
    conn = try("qemu:///system", facts, error);
    if (!conn)
        append(error, "; scripts/router start");
    return conn;
}

static virConnectPtr try_uri(const char *uri, const char *how, struct router_facts *facts, char error[256])
{
    char hint[64];
    virConnectPtr conn;

    found_by(facts, how);
    conn = try(uri, facts, error);
    snprintf(hint, sizeof hint, " (%s)", how);
    if (!conn)
        append(error, hint);
    return conn;
}

virConnectPtr router_find(const char *wish, const struct record *record, const char *instance,
                          struct router_facts *facts, char error[256])
{
    const char *default_uri = getenv("LIBVIRT_DEFAULT_URI");
    virConnectPtr conn;

    facts->instance = instance;
    if (wish && !strstr(wish, "://"))
        return try_named(wish, record, facts, error);
    if (record && !record->local)
        return try_record(record, facts, error);
    if (wish)
        return try_uri(wish, "FLEETSH_ROUTER", facts, error);
    if (default_uri && *default_uri)
        return try_uri(default_uri, "LIBVIRT_DEFAULT_URI", facts, error);
    if (record) {
        conn = try_record(record, facts, error);
        if (conn)
            return conn;
        log_line("router \"%s\" found over DNS-SD cannot be used: %s", record->name, error);
    }
    return try_default(facts, error);
}
