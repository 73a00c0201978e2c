/* Grants of network access: what they say, what they cover, and what makes no sense. */
#include "tests/unit/tap.h"
#include "vmproc/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static struct network_address address(const char *text)
{
    struct network_address result = {{0}};
    struct sockaddr_in ipv4 = {.sin_family = AF_INET};
    struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6};
    uint16_t port;
    if (inet_pton(AF_INET, text, &ipv4.sin_addr) == 1)
        network_take((struct sockaddr *)&ipv4, sizeof ipv4, &result, &port);
    else if (inet_pton(AF_INET6, text, &ipv6.sin6_addr) == 1)
        network_take((struct sockaddr *)&ipv6, sizeof ipv6, &result, &port);
    return result;
}

static bool covers(const char *text, const char *host, uint16_t port)
{
    struct network_grant grant;
    struct network_address a = address(host);
    const char *why;
    return network_parse(text, &grant, &why) && network_covers(&grant, &a) && network_has_port(&grant, port);
}

static const struct {
    const char *grant, *host;
    uint16_t port;
    bool covers;
} cases[] = {
    {"10.1.2.3:80", "10.1.2.3", 80, true},
    {"10.1.2.3:80", "10.1.2.4", 80, false},
    {"10.1.2.3:80", "10.1.2.3", 81, false},
    {"10.1.2.3:80", "::ffff:10.1.2.3", 80, true},
    {"10.0.0.0/8:80", "10.255.0.1", 80, true},
    {"10.0.0.0/8:80", "11.0.0.0", 80, false},
    {"172.16.0.0/12:*", "172.31.255.255", 65535, true},
    {"172.16.0.0/12:*", "172.32.0.0", 1, false},
    {"0.0.0.0/0:80", "1.2.3.4", 80, true},
    {"0.0.0.0/0:80", "2001:db8::1", 80, false},
    {"*:443", "1.2.3.4", 443, true},
    {"*:443", "2001:db8::1", 443, true},
    {"[::1]:80", "::1", 80, true},
    {"[::1]:80", "127.0.0.1", 80, false},
    {"[2001:db8::/32]:80", "2001:db8:ffff::1", 80, true},
    {"[2001:db8::/32]:80", "2001:db9::", 80, false},
    {"1.1.1.1:8000-8010", "1.1.1.1", 8010, true},
    {"1.1.1.1:8000-8010", "1.1.1.1", 8011, false},
    {"example.org:80", "0.0.0.0", 80, false},
};

static void coverage(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[120];
        snprintf(line, sizeof line, "%s %s %s port %u", cases[i].grant,
                 cases[i].covers ? "covers" : "does not cover", cases[i].host, cases[i].port);
        check(covers(cases[i].grant, cases[i].host, cases[i].port) == cases[i].covers, line);
    }
}

static void names(void)
{
    struct network_grant grant;
    const char *why;
    check(network_parse("Www.Example.ORG.:80", &grant, &why), "a name is a grant");
    check_text(grant.name, "www.example.org", "it is kept in one way");
    check(network_parse("listen:8080", &grant, &why) && grant.listen && !grant.name[0] && grant.prefix == 0 &&
              grant.port_low == 8080,
          "a port to listen at");
    check(network_parse("listen:127.0.0.1:*", &grant, &why) && grant.listen && grant.prefix == 128,
          "all ports of one address to listen at");
}

static void nonsense(void)
{
    static const char *const bad[] = {"",
                                      ":80",
                                      "host",
                                      "host:",
                                      "host:0",
                                      "host:65536",
                                      "host:8-7",
                                      "host:80x",
                                      "host:+80",
                                      "1.2.3:80",
                                      "256.1.1.1:1",
                                      "::1:80",
                                      "[::1:80",
                                      "[1.2.3.4]:80",
                                      "10.0.0.1/8:1",
                                      "10.0.0.0/33:1",
                                      "[::/129]:1",
                                      "*.org:80",
                                      "a..b:80",
                                      "a b:80",
                                      "listen:",
                                      "listen:x:1",
                                      "listen:*:0",
                                      "host/8:1",
                                      "0x7f000001:1"};
    struct network_grant grant;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *why = NULL;
        char line[80];
        snprintf(line, sizeof line, "'%s' is refused, with a reason", bad[i]);
        check(!network_parse(bad[i], &grant, &why) && why, line);
    }
}

int main(void)
{
    coverage();
    names();
    nonsense();
    return tap_done();
}
