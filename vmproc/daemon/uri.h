/* uri.h - what a router's URI says: which machine, and how it is reached. */
#ifndef VMPROC_DAEMON_URI_H
#define VMPROC_DAEMON_URI_H

#include <stdbool.h>
#include <stddef.h>

#define URI_MAX 256

/* Before a URI whose connection is not encrypted, or whose other end is not authenticated: the user knows. */
#define URI_UNSAFE "unsafe:"

/*
 * wish: a URI, maybe after URI_UNSAFE, or a service's name. What the router is called for short: its host (without mDNS's .local), or
 * "local"; the service's name.
 */
void uri_short_name(const char *wish, char name[64]);

/* Whether it may lead to another machine: it names a host, or a transport other than a local socket. */
bool uri_is_far(const char *uri);

/* Whether it is reached by TLS; then which host and port. */
bool uri_tls_peer(const char *uri, char host[128], char port[8]);

/* Whether its parameters take whoever answers. */
bool uri_is_unchecked(const char *uri);

/* The same URI with another pkipath, in which the certificates are not libvirt's to judge. false: there is no room. */
bool uri_with_pki(const char *uri, const char *pki, char *to, size_t size);

/*
 * What libvirt is to be given for that wish: without URI_UNSAFE, for ssh such that it asks nobody anything (a host's key is
 * known, or it is refused), and for TLS with the directory of the user's
 * certificates (pkipath), where the user has one for fleetsh: $XDG_CONFIG_HOME/fleetsh/pki/HOST, or .../pki.
 * false: a transport that is not safe or not known, with one line in error.
 */
bool uri_for_libvirt(const char *wish, char uri[URI_MAX], char error[256]);

#endif
