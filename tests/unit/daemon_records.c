/* What vmprocd takes from a DNS-SD record: anybody can publish one. */
#include "tests/unit/tap.h"
#include "vmproc/daemon/browse.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *uri;
    bool local, acceptable;
} rows[] = {
    {"qemu:///system", true, true},
    {"qemu:///session", true, true},
    {"qemu:///system", false, false},
    {"qemu:///session", false, false},
    {"", true, false},
    {"qemu:///", true, false},
    {"qemu:///system?socket=/tmp/x", true, false},
    {"qemu:///system?command=/tmp/x", true, false},
    {"qemu:///system ", true, false},
    {"QEMU:///system", true, false},
    {"qemu+unix:///system?socket=/tmp/x", true, false},
    {"qemu+ext:///system?command=/tmp/x", true, false},
    {"qemu+ssh://host/system?command=/tmp/x", true, false},
    {"qemu+tcp://127.0.0.1/system", true, false},
    {"test:///default", true, false},
    {"xen:///system", true, false},
};

int main(void)
{
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct record record = {.local = rows[i].local};
        const char *why = "";
        char sentence[200];

        snprintf(record.uri, sizeof record.uri, "%s", rows[i].uri);

        snprintf(sentence, sizeof sentence, "\"%s\" from %s host is %s", rows[i].uri,
                 rows[i].local ? "this" : "another", rows[i].acceptable ? "taken" : "refused");
        check(record_acceptable(&record, &why) == rows[i].acceptable && (why == NULL) == rows[i].acceptable,
              sentence);
    }
    return tap_done();
}
