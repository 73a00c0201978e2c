/* clients.c - who is connected to this libvirtd: what it has checked itself, a TLS certificate or a socket's peer. */
#include "gate.h"

#include <libvirt/libvirt-admin.h>
#include <libvirt/virterror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct seen {
    const char *cert; /* malloc'd, the first that fits the claim, or the only one */
    bool has_uid;
    uint64_t uid;
    unsigned identities; /* different ones that were seen, two at most are told apart */
    bool fits;
};

static void note_cert(struct seen *seen, const char *dn, const struct gate_claim *claim)
{
    bool claimed = claim->cert && strcmp(claim->cert, dn) == 0;
    if (!seen->cert || strcmp(seen->cert, dn) != 0)
        seen->identities++;
    if (!seen->cert || claimed)
        seen->cert = strdup(dn);
    seen->fits |= claimed;
}

static void note_uid(struct seen *seen, int uid, const struct gate_claim *claim)
{
    bool claimed = !claim->cert && claim->uid && strtoull(claim->uid, NULL, 10) == (uint64_t)uid;
    if (!seen->has_uid || seen->uid != (uint64_t)uid)
        seen->identities++;
    if (!seen->has_uid || claimed) {
        seen->has_uid = true;
        seen->uid = (uint64_t)uid;
    }
    seen->fits |= claimed;
}

static void note(virAdmClientPtr client, struct seen *seen, const struct gate_claim *claim)
{
    virTypedParameterPtr params = NULL;
    const char *dn = NULL;
    int count = 0, uid = -1;
    if (virAdmClientGetInfo(client, &params, &count, 0) < 0)
        return; /* it has gone meanwhile */
    virTypedParamsGetString(params, count, VIR_CLIENT_INFO_X509_DISTINGUISHED_NAME, &dn);
    virTypedParamsGetInt(params, count, VIR_CLIENT_INFO_UNIX_USER_ID, &uid);
    if (dn)
        note_cert(seen, dn, claim);
    else if (uid >= 0)
        note_uid(seen, uid, claim);
    virTypedParamsFree(params, count);
}

static bool look(const char *socket, const struct gate_claim *claim, struct seen *seen)
{
    virAdmClientPtr *clients = NULL;
    virAdmServerPtr server = NULL;
    virAdmConnectPtr conn;
    char uri[256];
    int count = -1;
    snprintf(uri, sizeof uri, "libvirtd+unix:///system?socket=%s", socket);
    conn = virAdmInitialize() == 0 ? virAdmConnectOpen(uri, 0) : NULL;
    if (conn && (server = virAdmConnectLookupServer(conn, "libvirtd", 0)))
        count = virAdmServerListClients(server, &clients, 0);
    for (int i = 0; i < count; i++) {
        note(clients[i], seen, claim);
        virAdmClientFree(clients[i]);
    }
    free(clients);
    if (server)
        virAdmServerFree(server);
    if (conn)
        virAdmConnectClose(conn);
    return count >= 0;
}

bool gate_identify(const char *socket, const struct gate_claim *claim, struct gate_ask *ask,
                   char why[GATE_WHY])
{
    struct seen seen = {0};
    if (!look(socket, claim, &seen)) {
        snprintf(why, GATE_WHY, "libvirtd does not tell who is connected: %.150s", virGetLastErrorMessage());
        return false;
    }
    if (claim->cert || claim->uid) {
        if (!seen.fits) {
            snprintf(why, GATE_WHY, "nobody is connected who is %s %.150s",
                     claim->cert ? "certificate" : "user", claim->cert ? claim->cert : claim->uid);
            return false;
        }
    } else if (seen.identities > 1) {
        return true; /* it may be any of them: lines for * only */
    }
    ask->cert = claim->uid && !claim->cert ? NULL : seen.cert;
    ask->has_uid = seen.has_uid && !claim->cert;
    ask->uid = seen.uid;
    return true;
}
