/*
 * trust.h - routers on other machines are known by their certificates.
 *
 * That a certificate is of the user's authority, and of that host, is libvirt's to check. Here it is held against
 * the one that the router had when it was first used, so that another machine of the same authority, or somebody
 * who got hold of it, does not take a router's place unnoticed.
 *
 * $XDG_STATE_HOME/fleetsh/known_routers (else ~/.local/state/...): lines "HOST:PORT sha256:FINGERPRINT". A line that
 * is taken away makes the router a new one.
 */
#ifndef VMPROC_DAEMON_TRUST_H
#define VMPROC_DAEMON_TRUST_H

#include <stdbool.h>

#define TRUST_HEX 64

/* Of a router that is reached by TLS. */
struct trust {
    bool tls; /* else nothing is checked */
    char host[128], port[8];
    char fingerprint[TRUST_HEX + 1]; /* SHA-256 of its certificate, in hexadecimal */
    bool is_new;                     /* nothing is known of it */
};

/*
 * Before libvirt connects: asks the router at that URI for its certificate. Blocks, a few seconds at most. false: it
 * does not answer, or is not the one that it was, with one line in error.
 */
bool trust_check(const char *uri, struct trust *trust, char error[256]);

/* libvirt is satisfied with it, too: one that is new is known from now on. */
void trust_note(const struct trust *trust);

#endif
