#include "find.h"
#include "browse.h"
#include "log.h"
#include "relay.h"
#include "remember.h"
#include "store.h"
#include "uri.h"

#include <errno.h>
#include <libvirt/virterror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BROWSE_MS 1000

/* No QEMU that can do what domxml.c asks for: better said now than at the first start of a VM. */
static bool lacks_qemu(const char *capabilities)
{
    return !strstr(capabilities, "<arch name='x86_64'>") || !strstr(capabilities, ">microvm</machine>");
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

/* A wish that is no URI is an alias of libvirt's configuration (uri_aliases), which leads to one. */
static virConnectPtr open_wish(const char *wish, struct router_facts *facts, char error[256])
{
    bool is_uri = strstr(wish, "://") != NULL;
    virConnectPtr conn;
    char *real;

    if (is_uri && (!uri_for_libvirt(wish, facts->libvirt_uri, error) ||
                   !trust_check(facts->libvirt_uri, &facts->trust, error)))
        return NULL;
    conn = virConnectOpen(is_uri ? facts->libvirt_uri : wish);
    real = conn ? virConnectGetURI(conn) : NULL;
    if (!real) {
        snprintf(error, 256, "%.100s: %.150s", wish, virGetLastErrorMessage());
    } else if (is_uri || (uri_for_libvirt(real, facts->libvirt_uri, error) &&
                          trust_check(facts->libvirt_uri, &facts->trust, error))) {
        facts->far = uri_is_far(real);
        free(real);
        return conn;
    }
    free(real);
    if (conn)
        virConnectClose(conn);
    return NULL;
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

static virConnectPtr try_record(const struct record *record, struct router_facts *facts, char error[256])
{
    virConnectPtr conn;

    found_by(facts, "DNS-SD");
    memcpy(facts->name, record->name, sizeof facts->name);
    memcpy(facts->id, record->id, sizeof facts->id);
    if (strcmp(record->accel, "kvm") == 0 || strcmp(record->accel, "tcg") == 0)
        memcpy(facts->accel, record->accel, sizeof facts->accel);
    conn = try(record->uri, facts, error);
    if (conn)
        remember_write(record);
    return conn;
}

static virConnectPtr try_named(const char *name, struct router_facts *facts, char error[256])
{
    struct record known, record;
    bool remembered = remember_read(&known) == 0;
    virConnectPtr conn;
    int err;

    found_by(facts, "uri_aliases");
    conn = try(name, facts, error);
    if (conn || facts->trust.state != VMP_TRUST_NONE)
        return conn;
    err = browse_routers(name, remembered ? &known : NULL, 2 * BROWSE_MS, &record);
    if (err < 0) {
        snprintf(error, 256, "FLEETSH_ROUTER=%.80s: %s", name,
                 err == -ENOTCONN
                     ? "avahi-daemon does not answer; scripts/router start, or give a libvirt URI"
                     : "no such service of type _libvirt._tcp was found over DNS-SD");
        return NULL;
    }
    return try_record(&record, facts, error);
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

virConnectPtr router_find(const char *wish, const char *instance, struct router_facts *facts, char error[256])
{
    struct record known, record;
    virConnectPtr conn;
    const char *why, *default_uri = getenv("LIBVIRT_DEFAULT_URI");
    char ignored[256];
    bool remembered;

    facts->instance = instance;
    if (wish) {
        if (!strstr(wish, "://"))
            return try_named(wish, facts, error);
        found_by(facts, "FLEETSH_ROUTER");
        conn = try(wish, facts, error);
        if (!conn)
            append(error, " (FLEETSH_ROUTER)");
        return conn;
    }
    if (default_uri && *default_uri) {
        found_by(facts, "LIBVIRT_DEFAULT_URI");
        conn = try(default_uri, facts, error);
        if (!conn)
            append(error, " (LIBVIRT_DEFAULT_URI)");
        return conn;
    }
    remembered = remember_read(&known) == 0;
    if (remembered && record_acceptable(&known, &why)) {
        conn = try_record(&known, facts, ignored);
        if (conn)
            return conn;
    }
    if (browse_routers(NULL, remembered ? &known : NULL, BROWSE_MS, &record) == 0) {
        conn = try_record(&record, facts, ignored);
        if (conn)
            return conn;
        log_line("router \"%s\" found over DNS-SD cannot be used: %s", record.name, ignored);
    }
    return try_default(facts, error);
}
