/* network.c - grants of network access as text. */
#include "vmproc/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IPV4_BITS_BEFORE 96 /* of ::ffff:0:0/96 */

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

static void set_ipv4(struct network_address *address, const void *bytes)
{
    memcpy(address->bytes, mapped, sizeof mapped);
    memcpy(address->bytes + sizeof mapped, bytes, 4);
}

bool network_is_ipv4(const struct network_address *address)
{
    return memcmp(address->bytes, mapped, sizeof mapped) == 0;
}

/* ---- text ---- */

/* Digits alone, up to most. Returns the first character that is none; NULL: there are no digits, or too many.
 */
static const char *take_number(const char *text, unsigned most, unsigned *number)
{
    const char *start = text;
    *number = 0;
    while (*text >= '0' && *text <= '9' && *number <= most)
        *number = *number * 10 + (unsigned)(*text++ - '0');
    return text == start || *number > most ? NULL : text;
}

static bool take_port(const char *text, struct network_grant *grant)
{
    unsigned low, high;
    if (strcmp(text, "*") == 0) {
        grant->port_low = 0;
        grant->port_high = UINT16_MAX;
        return true;
    }
    text = take_number(text, UINT16_MAX, &low);
    high = low;
    if (text && *text == '-')
        text = take_number(text + 1, UINT16_MAX, &high);
    if (!text || *text || low == 0 || high < low)
        return false;
    grant->port_low = (uint16_t)low;
    grant->port_high = (uint16_t)high;
    return true;
}

static bool has_bits_beyond(const struct network_grant *grant)
{
    for (unsigned bit = grant->prefix; bit < 8 * NETWORK_ADDRESS; bit++)
        if (grant->address.bytes[bit / 8] & 0x80 >> bit % 8)
            return true;
    return false;
}

/* An address or a network; false: it is neither, or *why says what is wrong with it. */
static bool take_address(char *host, struct network_grant *grant, const char **why)
{
    char *slash = strchr(host, '/');
    unsigned bits, before = 0;
    uint8_t ipv4[4];
    if (slash)
        *slash = '\0';
    if (inet_pton(AF_INET, host, ipv4) == 1) {
        set_ipv4(&grant->address, ipv4);
        before = IPV4_BITS_BEFORE;
    } else if (inet_pton(AF_INET6, host, grant->address.bytes) != 1) {
        *why = slash ? "not an address before the /" : NULL;
        return false;
    }
    grant->prefix = 8 * NETWORK_ADDRESS;
    if (!slash)
        return true;
    const char *end = take_number(slash + 1, 8 * NETWORK_ADDRESS - before, &bits);
    if (!end || *end) {
        *why = "after the / stands how many bits of the address count";
        return false;
    }
    grant->prefix = (uint8_t)(before + bits);
    if (has_bits_beyond(grant)) {
        *why = "the address has bits beyond those that count";
        return false;
    }
    return true;
}

bool network_take_name(const char *text, size_t len, char name[NETWORK_NAME_MAX])
{
    size_t label = 0;
    if (len && text[len - 1] == '.')
        len--;
    if (len == 0 || len >= NETWORK_NAME_MAX)
        return false;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        bool upper = c >= 'A' && c <= 'Z';
        if (c == '.' ? label == 0
                     : !(upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return false;
        label = c == '.' ? 0 : label + 1;
        if (label > 63)
            return false;
        name[i] = upper ? (char)(c - 'A' + 'a') : c;
    }
    name[len] = '\0';
    return true;
}

/* 1.2.3 and 0x7f000001 are addresses to some programs, and names to none. */
static bool ends_in_number(const char *name)
{
    const char *dot = strrchr(name, '.'), *last = dot ? dot + 1 : name;
    return last[0] >= '0' && last[0] <= '9' && strspn(last, "0123456789abcdefx") == strlen(last);
}

static bool take_host(char *host, struct network_grant *grant, const char **why)
{
    size_t len = strlen(host);
    if (strcmp(host, "*") == 0)
        return true; /* prefix 0 */
    if (host[0] == '[' && host[len - 1] == ']') {
        host[len - 1] = '\0';
        if (strchr(host, ':') && take_address(host + 1, grant, why))
            return true;
        *why = *why ? *why : "not an IPv6 address between the brackets";
        return false;
    }
    if (strchr(host, ':')) {
        *why = "an IPv6 address stands in brackets";
        return false;
    }
    *why = NULL;
    if (take_address(host, grant, why))
        return true;
    if (*why)
        return false;
    if (network_take_name(host, len, grant->name) && !ends_in_number(grant->name))
        return true;
    *why = strchr(host, '*') ? "a * stands for all hosts, and alone" : "neither a name nor an address";
    return false;
}

bool network_parse(const char *text, struct network_grant *grant, const char **why)
{
    static const char listen[] = "listen:";
    char host[NETWORK_NAME_MAX + 2];
    const char *colon;
    *grant = (struct network_grant){0};
    *why = NULL;
    if (strncmp(text, listen, sizeof listen - 1) == 0) {
        grant->listen = true;
        text += sizeof listen - 1;
    }
    colon = strrchr(text, ':');
    if (!colon && !grant->listen) {
        *why = "must be HOST:PORT or listen:PORT";
        return false;
    }
    if (!take_port(colon ? colon + 1 : text, grant)) {
        *why = "the port must be a number from 1 to 65535, LOW-HIGH, or *";
        return false;
    }
    if (!colon)
        return true;
    if (colon == text || (size_t)(colon - text) >= sizeof host) {
        *why = colon == text ? "the host is missing" : "the name is too long";
        return false;
    }
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = '\0';
    if (!take_host(host, grant, why))
        return false;
    if (grant->listen && grant->name[0])
        *why = "where to listen is an address of this machine";
    return !*why;
}

/* ---- addresses ---- */

bool network_covers(const struct network_grant *grant, const struct network_address *address)
{
    unsigned whole = grant->prefix / 8, rest = grant->prefix % 8;
    uint8_t mask = (uint8_t)(0xff00 >> rest);
    return !grant->name[0] && memcmp(grant->address.bytes, address->bytes, whole) == 0 &&
           (!rest || ((grant->address.bytes[whole] ^ address->bytes[whole]) & mask) == 0);
}

bool network_has_port(const struct network_grant *grant, uint16_t port)
{
    return port >= grant->port_low && port <= grant->port_high;
}

bool network_take(const struct sockaddr *from, size_t len, struct network_address *address, uint16_t *port)
{
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
    sa_family_t family = AF_UNSPEC;
    if (len >= sizeof family)
        memcpy(&family, from, sizeof family);
    if (family == AF_INET && len >= sizeof ipv4) {
        memcpy(&ipv4, from, sizeof ipv4);
        set_ipv4(address, &ipv4.sin_addr);
        *port = ntohs(ipv4.sin_port);
        return true;
    }
    if (family == AF_INET6 && len >= sizeof ipv6) {
        memcpy(&ipv6, from, sizeof ipv6);
        memcpy(address->bytes, &ipv6.sin6_addr, NETWORK_ADDRESS);
        *port = ntohs(ipv6.sin6_port);
        return true;
    }
    return false;
}

const char *network_format(const struct network_address *address, uint16_t port, char text[NETWORK_TEXT_MAX])
{
    char host[INET6_ADDRSTRLEN];
    bool ipv4 = network_is_ipv4(address);
    inet_ntop(ipv4 ? AF_INET : AF_INET6, address->bytes + (ipv4 ? sizeof mapped : 0), host, sizeof host);
    snprintf(text, NETWORK_TEXT_MAX, ipv4 ? "%s:%u" : "[%s]:%u", host, port);
    return text;
}
