#include "identity.h"
#include "pki.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

void identity_of(const char *uri, char *name, size_t size)
{
    gnutls_x509_crt_t certificate;
    gnutls_datum_t text = {0};
    char path[PATH_MAX];

    name[0] = '\0';
    if (pki_path(uri, PKI_CERTIFICATE, path) < 0 || gnutls_load_file(path, &text) < 0)
        return;
    if (gnutls_x509_crt_init(&certificate) == 0) {
        if (gnutls_x509_crt_import(certificate, &text, GNUTLS_X509_FMT_PEM) < 0 ||
            gnutls_x509_crt_get_dn(certificate, name, &size) < 0)
            name[0] = '\0';
        gnutls_x509_crt_deinit(certificate);
    }
    gnutls_free(text.data);
}
