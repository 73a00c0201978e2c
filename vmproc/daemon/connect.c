#include "connect.h"
#include "pin.h"
#include "uri.h"

#include <stdio.h>

virConnectPtr connect_checked(const char *uri, struct trust *trust, char error[256])
{
    char pinned[PIN_URI_MAX];
    virConnectPtr conn;

    error[0] = '\0';
    if (!trust_check(uri, trust, error))
        return NULL;
    if (trust->state == VMP_TRUST_NONE || uri_is_unchecked(uri)) {
        conn = virConnectOpen(uri);
    } else if (pin_uri(uri, trust->fingerprint, pinned)) {
        conn = virConnectOpen(pinned);
    } else {
        snprintf(error, 256, "%.100s: its certificate cannot be written to the runtime directory", uri);
        return NULL;
    }
    return conn;
}
