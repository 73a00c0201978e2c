/*
 * trust.h - routers on other machines are known by their certificates.
 *
 * A certificate has to be of the user's authority (pki.h) and of that host, as libvirt would have it, and it is held
 * against the one that the user has accepted for this router, so that another machine of the same authority, or
 * somebody who got hold of it, does not take a router's place unnoticed. Nothing is accepted by being used.
 *
 * $XDG_STATE_HOME/fleetsh/known_routers (else ~/.local/state/...): lines "HOST:PORT sha256:FINGERPRINT".
 *
 * What is asked for its certificate is a connection of its own, on which nothing else is said; libvirt's goes to that
 * certificate only (pin.h).
 */
#ifndef VMPROC_DAEMON_TRUST_H
#define VMPROC_DAEMON_TRUST_H

#include "vmproc/vmprocd_proto.h"

#include <stdbool.h>

#define TRUST_HEX 64

struct trust {
    enum vmp_trust_state state; /* NONE: it is not reached by TLS, or did not answer */
    char peer[136];             /* HOST:PORT; "": not reached by TLS */
    char fingerprint[72];       /* "sha256:" and that of its certificate, in hexadecimal; "": not asked */
};

/*
 * Before libvirt connects: asks the router at that URI for its certificate. Blocks, a few seconds at most. false: it
 * does not answer, or is not known, or is not the one that it was, or not the
 * authority's, with one line in error.
 */
bool trust_check(const char *uri, struct trust *trust, char error[256]);

/* Whether the user has accepted a certificate, whichever, for that host and port. */
bool trust_knows(const char *host, unsigned port);

/* Why trust_check() has refused one that answers, and what the user may do; name: what he calls the router. */
void trust_explain(const struct trust *trust, const char *name, char error[256]);

/* The user accepts what trust holds. 0, or -errno: it could not be written down. */
int trust_note(const struct trust *trust);

/* 0: that HOST:PORT is not known any more; -ENOENT: it was not; or -errno. */
int trust_forget(const char *peer);

#endif
