#include "pki.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name, *of_machine;
} files[PKI_NFILES] = {
    [PKI_AUTHORITY] = {"cacert.pem", "/etc/pki/CA/cacert.pem"},
    [PKI_REVOKED] = {"cacrl.pem", "/etc/pki/CA/cacrl.pem"},
    [PKI_CERTIFICATE] = {"clientcert.pem", "/etc/pki/libvirt/clientcert.pem"},
    [PKI_KEY] = {"clientkey.pem", "/etc/pki/libvirt/private/clientkey.pem"},
};

const char *pki_name(enum pki_file file)
{
    return files[file].name;
}

int pki_path(const char *uri, enum pki_file file, char path[PATH_MAX])
{
    const char *named = strstr(uri, "pkipath="), *home = getenv("HOME");
    int len;

    if (named) {
        named += strlen("pkipath=");
        len = snprintf(path, PATH_MAX, "%.*s/%s", (int)strcspn(named, "&#"), named, files[file].name);
        return len < PATH_MAX ? 0 : -1;
    }
    len = snprintf(path, PATH_MAX, "%s/.pki/libvirt/%s", home ? home : "", files[file].name);
    if (home && geteuid() != 0 && len < PATH_MAX && access(path, R_OK) == 0)
        return 0;
    strcpy(path, files[file].of_machine);
    return 0;
}
