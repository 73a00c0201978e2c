/* Which URIs are taken, and what libvirt is given for them. */
#include "tests/unit/tap.h"
#include "vmproc/daemon/uri.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *wish, *given; /* given NULL: refused */
} rows[] = {
    {"qemu:///system", "qemu:///system"},
    {"qemu+unix:///system?socket=/x", "qemu+unix:///system?socket=/x"},
    {"qemu+tls://mill/system", "qemu+tls://mill/system"},
    {"qemu+ssh://mill/system", "qemu+ssh://mill/system?no_tty=1"},
    {"qemu+ssh://me@mill:2222/system?keyfile=/k", "qemu+ssh://me@mill:2222/system?keyfile=/k&no_tty=1"},
    {"qemu+ssh://mill/system?no_tty=0", "qemu+ssh://mill/system?no_tty=0"},
    {"qemu+ssh://mill/system?no_verify=1", NULL},
    {"qemu+ssh://mill/system?keyfile=/k&no_verify=1", NULL},
    {"qemu+ssh://mill/system?no_verify=0", "qemu+ssh://mill/system?no_verify=0&no_tty=1"},
    {"unsafe:qemu+ssh://mill/system?no_verify=1", "qemu+ssh://mill/system?no_verify=1&no_tty=1"},
    {"qemu+tls://mill/system?no_verify=1", NULL},
    {"qemu+libssh2://mill/system?known_hosts_verify=ignore", NULL},
    {"qemu+libssh://mill/system?known_hosts_verify=auto", NULL},
    {"qemu+libssh://mill/system?known_hosts_verify=normal",
     "qemu+libssh://mill/system?known_hosts_verify=normal"},
    {"qemu+tcp://mill/system", NULL},
    {"unsafe:qemu+tcp://mill/system", "qemu+tcp://mill/system"},
    {"qemu+ext:///system?command=/x", NULL},
    {"mill", NULL},
};

static const struct {
    const char *uri, *pinned;
} pins[] = {
    {"qemu+tls://mill/system", "qemu+tls://mill/system?no_sanity=1&pkipath=/run/a%20b%26"},
    {"qemu+tls://mill/system?pkipath=/home/me/pki",
     "qemu+tls://mill/system?no_sanity=1&pkipath=/run/a%20b%26"},
    {"qemu+tls://mill/system?pkipath=/p&tls_priority=X",
     "qemu+tls://mill/system?tls_priority=X&no_sanity=1&pkipath=/run/a%20b%26"},
    {"qemu+tls://mill/system?name=a&pkipath=/p",
     "qemu+tls://mill/system?name=a&no_sanity=1&pkipath=/run/a%20b%26"},
};

static void check_pins(void)
{
    for (unsigned i = 0; i < sizeof pins / sizeof *pins; i++) {
        char uri[300];
        bool fits = uri_with_pki(pins[i].uri, "/run/a b&", uri, sizeof uri), good = true;

        for (size_t size = 0; size <= strlen(pins[i].pinned); size++) {
            char *small = malloc(size + 1);

            good = good && !uri_with_pki(pins[i].uri, "/run/a b&", small, size);
            free(small);
        }
        check(fits && good && strcmp(uri, pins[i].pinned) == 0, pins[i].uri);
    }
}

int main(void)
{
    check_pins();
    setenv("XDG_CONFIG_HOME", "/nowhere", 1);
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        char uri[URI_MAX] = "", error[256] = "", sentence[200];
        bool taken = uri_for_libvirt(rows[i].wish, uri, error);

        snprintf(sentence, sizeof sentence, "%s is %s", rows[i].wish, rows[i].given ? "taken" : "refused");
        check(taken == (rows[i].given != NULL) && (!taken || strcmp(uri, rows[i].given) == 0) &&
                  (taken || error[0]),
              sentence);
    }
    return tap_done();
}
