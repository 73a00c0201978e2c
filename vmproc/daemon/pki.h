/* pki.h - which certificates libvirt shows to a router that is reached by TLS, and which authority it believes. */
#ifndef VMPROC_DAEMON_PKI_H
#define VMPROC_DAEMON_PKI_H

#include <limits.h>

enum pki_file { PKI_AUTHORITY, PKI_REVOKED, PKI_CERTIFICATE, PKI_KEY, PKI_NFILES };

/* By their names in a directory that a URI names as pkipath. */
const char *pki_name(enum pki_file file);

/*
 * Where it is for that URI, whether it is there or not: below the URI's pkipath, else the user's, else the machine's
 * (remote.html, "Location of client certificates"). -1: the path is too long.
 */
int pki_path(const char *uri, enum pki_file file, char path[PATH_MAX]);

#endif
