/* What vmprocd takes from a DNS-SD record: anybody can publish one. */
#include "tests/unit/tap.h"
#include "vmproc/daemon/record.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *uri;
    bool local, acceptable;
} uris[] = {
    {"qemu:///system", true, true},
    {"qemu:///session", true, true},
    {"qemu:///system", false, true},
    {"qemu:///session", false, false},
    {"", true, false},
    {"", false, true},
    {"qemu:///", true, false},
    {"qemu:///system?socket=/tmp/x", true, false},
    {"qemu:///system?socket=/tmp/x", false, false},
    {"qemu:///system?command=/tmp/x", true, false},
    {"qemu:///system ", true, false},
    {"QEMU:///system", true, false},
    {"qemu+unix:///system?socket=/tmp/x", true, false},
    {"qemu+ext:///system?command=/tmp/x", true, false},
    {"qemu+ext:///system?command=/tmp/x", false, false},
    {"qemu+ssh://host/system?command=/tmp/x", true, false},
    {"qemu+tls://elsewhere/system", false, false},
    {"qemu+tcp://127.0.0.1/system", true, false},
    {"test:///default", true, false},
    {"xen:///system", true, false},
};

/* host NULL: of this machine */
static const struct {
    const char *name, *host, *txtvers;
    unsigned port;
    bool acceptable;
    const char *uri; /* of another machine */
} places[] = {
    {"one", "mill.local", "1", 16514, true, "qemu+tls://mill.local/system"},
    {"one", "mill.local", "", 16514, true, "qemu+tls://mill.local/system"},
    {"one", "mill.local", "1", 16600, true, "qemu+tls://mill.local:16600/system"},
    {"old-style, over ssh", "mill.local", "", 22, true, "qemu+ssh://mill.local/system"},
    {"old-style, not encrypted", "mill.local", "", 16509, false, NULL},
    {"no port", "mill.local", "1", 0, false, NULL},
    {"later version", "mill.local", "2", 16514, false, NULL},
    {"M\xc3\xbchle", "mill.local", "1", 16514, true, "qemu+tls://mill.local/system"},
    {"", "mill.local", "1", 16514, false, NULL},
    {"escape \033]0;x\007", "mill.local", "1", 16514, false, NULL},
    {"line\nfeed", "mill.local", "1", 16514, false, NULL},
    {"delete \x7f", "mill.local", "1", 16514, false, NULL},
    {"control of eight bits \xc2\x9b", "mill.local", "1", 16514, false, NULL},
    {"no host", "", "1", 16514, false, NULL},
    {"option", "-oProxyCommand=x", "1", 22, false, NULL},
    {"user", "root@mill.local", "1", 16514, false, NULL},
    {"parameter", "mill/system?command=x", "1", 16514, false, NULL},
    {"space", "mill local", "1", 16514, false, NULL},
    {"address", "::1", "1", 16514, false, NULL},
};

#define LONG_40 "0123456789012345678901234567890123456789"

static const struct {
    const char *sentence, *strings[4], *uri, *id;
} txts[] = {
    {"both keys", {"uri=qemu:///system", "id=0123"}, "qemu:///system", "0123"},
    {"keys in capitals", {"URI=qemu:///system", "Id=0123"}, "qemu:///system", "0123"},
    {"of a key that comes twice the first counts", {"id=0123", "id=4567"}, "", "0123"},
    {"even when it is empty", {"id=", "id=4567"}, "", ""},
    {"or too long", {"id=" LONG_40, "id=4567"}, "", ""},
    {"a value that is too long is not cut", {"id=" LONG_40}, "", ""},
    {"the longest one is taken",
     {"id=012345678901234567890123456789012345678"},
     "",
     "012345678901234567890123456789012345678"},
    {"control characters are not taken", {"id=01\0332J", "uri=qemu:///system\n"}, "", ""},
    {"nor what is not ASCII", {"id=\xc3\xbc"}, "", ""},
    {"a key without a value is none", {"id", "uri="}, "", ""},
    {"a longer key is another one", {"ids=1", "xuri=2", "=3", ""}, "", ""},
    {"a value may hold =", {"id=a=b"}, "", "a=b"},
};

static void check_uris(void)
{
    for (unsigned i = 0; i < sizeof uris / sizeof *uris; i++) {
        struct record record = {.local = uris[i].local, .name = "x", .host = "mill.local", .port = 16514};
        const char *why = "";
        char sentence[200];

        snprintf(record.uri, sizeof record.uri, "%s", uris[i].uri);
        snprintf(sentence, sizeof sentence, "\"%s\" from %s host is %s", uris[i].uri,
                 uris[i].local ? "this" : "another", uris[i].acceptable ? "taken" : "refused");
        check(record_acceptable(&record, &why) == uris[i].acceptable && (why == NULL) == uris[i].acceptable,
              sentence);
    }
}

static void check_places(void)
{
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
        struct record record = {.port = places[i].port};
        const char *why = "";
        char sentence[200], uri[192];
        bool good;

        snprintf(record.name, sizeof record.name, "%s", places[i].name);
        snprintf(record.host, sizeof record.host, "%s", places[i].host);
        snprintf(record.txtvers, sizeof record.txtvers, "%s", places[i].txtvers);
        good = record_acceptable(&record, &why) == places[i].acceptable;
        record_far_uri(&record, record.host, uri);
        good = good && (!places[i].uri || strcmp(uri, places[i].uri) == 0);
        snprintf(sentence, sizeof sentence, "place %u is %s", i,
                 places[i].acceptable ? places[i].uri : "refused");
        check(good, sentence);
    }
}

static void check_txts(void)
{
    for (unsigned i = 0; i < sizeof txts / sizeof *txts; i++) {
        struct record record = {0};

        for (unsigned s = 0; s < 4 && txts[i].strings[s]; s++)
            record_take_txt(&record, (const uint8_t *)txts[i].strings[s], strlen(txts[i].strings[s]));
        check(strcmp(record.uri, txts[i].uri) == 0 && strcmp(record.id, txts[i].id) == 0, txts[i].sentence);
    }
}

static void check_rest(void)
{
    struct record nul = {0}, v6 = {.host = "a.local", .address = {"fd00::1"}, .port = 16514}, other = v6;
    char uri[192];

    record_take_txt(&nul, (const uint8_t *)"id=a\0b", 6);
    check(nul.id[0] == '\0', "a value with a NUL is not taken");
    record_far_uri(&v6, v6.address[0], uri);
    check(strcmp(uri, "qemu+tls://[fd00::1]/system") == 0, "an address of IPv6 stands in brackets");
    check(record_leads_to(&v6, "A.local", "16514") && record_leads_to(&v6, "fd00::1", "16514") &&
              !record_leads_to(&v6, "", "16514") && !record_leads_to(&v6, "a.local", "16515"),
          "what it leads to");
    strcpy(other.host, "A.LOCAL");
    check(record_same_place(&v6, &other), "hosts' names are of either case");
}

int main(void)
{
    check_uris();
    check_places();
    check_txts();
    check_rest();
    return tap_done();
}
