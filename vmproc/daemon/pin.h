/*
 * pin.h - libvirt's own connection goes to the certificate that the user has accepted, and to no other.
 *
 * libvirt shows nobody the certificate that its connection was given, so it is told beforehand: for each router that
 * trust_check() has let pass there is a directory in the runtime directory, to be its pkipath, in which the one
 * "authority" is that very certificate, and the user's certificate and key are links. GnuTLS takes a peer whose
 * certificate itself is believed; whoever shows another one, of the user's authority or not, gets nothing.
 *
 *   $XDG_RUNTIME_DIR/fleetsh/pin-HASH/   HASH: of the fingerprint and of the paths of the user's files
 *
 * It is complete when it is there, says the same whoever makes it, and is used only for what known_routers says.
 */
#ifndef VMPROC_DAEMON_PIN_H
#define VMPROC_DAEMON_PIN_H

#include <limits.h>
#include <stdbool.h>

#define PIN_URI_MAX 1024

/* pem: the certificate of that fingerprint. 0, or -errno. uri: libvirt's, as everywhere here. */
int pin_make(const char *uri, const char *fingerprint, const char *pem);

/* The URI by which libvirt connects to that certificate only. false: pin_make() has not been called for it. */
bool pin_uri(const char *uri, const char *fingerprint, char pinned[PIN_URI_MAX]);

#endif
