#include "identity.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where libvirt looks (remote.html, "Location of client certificates"): pkipath, else the user's, else the machine's. */
static int find_certificate(const char *uri, char path[PATH_MAX])
{
    const char *named = strstr(uri, "pkipath="), *home = getenv("HOME");
    int len;

    if (named) {
        named += strlen("pkipath=");
        len = snprintf(path, PATH_MAX, "%.*s/clientcert.pem", (int)strcspn(named, "&#"), named);
        return len < PATH_MAX ? 0 : -1;
    }
    len = snprintf(path, PATH_MAX, "%s/.pki/libvirt/clientcert.pem", home ? home : "");
    if (home && geteuid() != 0 && len < PATH_MAX && access(path, R_OK) == 0)
        return 0;
    snprintf(path, PATH_MAX, "/etc/pki/libvirt/clientcert.pem");
    return 0;
}

void identity_of(const char *uri, char *name, size_t size)
{
    gnutls_x509_crt_t certificate;
    gnutls_datum_t text = {0};
    char path[PATH_MAX];

    name[0] = '\0';
    if (find_certificate(uri, path) < 0 || gnutls_load_file(path, &text) < 0)
        return;
    if (gnutls_x509_crt_init(&certificate) == 0) {
        if (gnutls_x509_crt_import(certificate, &text, GNUTLS_X509_FMT_PEM) < 0 ||
            gnutls_x509_crt_get_dn(certificate, name, &size) < 0)
            name[0] = '\0';
        gnutls_x509_crt_deinit(certificate);
    }
    gnutls_free(text.data);
}
