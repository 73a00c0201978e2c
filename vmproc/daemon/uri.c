#include "uri.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define MDNS_DOMAIN ".local"

struct parts {
    char transport[16]; /* "": the default for that host */
    char host[128];     /* "": this machine */
    char port[8];       /* "": the default */
    bool whole;         /* it is a URI at all, and the above is not cut */
};

static bool copy(char *to, size_t size, const char *from, size_t len)
{
    snprintf(to, size, "%.*s", (int)len, from);
    return len < size;
}

static const char *skip_unsafe(const char *wish)
{
    return strncmp(wish, URI_UNSAFE, strlen(URI_UNSAFE)) == 0 ? wish + strlen(URI_UNSAFE) : wish;
}

/* DRIVER[+TRANSPORT]://[USER@][HOST][:PORT]/PATH[?PARAMETERS]; a host that is an IPv6 address stands in brackets. */
static struct parts parse(const char *uri)
{
    struct parts parts = {.whole = true};
    const char *host = strstr(uri, "://"), *plus = host ? memchr(uri, '+', (size_t)(host - uri)) : NULL;
    const char *end, *at;

    if (!host)
        return (struct parts){.whole = false};
    if (plus)
        parts.whole = copy(parts.transport, sizeof parts.transport, plus + 1, (size_t)(host - plus - 1));
    host += 3;
    end = host + strcspn(host, "/?");
    at = memchr(host, '@', (size_t)(end - host));
    if (at)
        host = at + 1;
    if (*host == '[') {
        host++;
        end = host + strcspn(host, "]");
        if (strncmp(end, "]:", 2) == 0)
            copy(parts.port, sizeof parts.port, end + 2, strspn(end + 2, "0123456789"));
    } else if (memchr(host, ':', (size_t)(end - host))) {
        end = memchr(host, ':', (size_t)(end - host));
        copy(parts.port, sizeof parts.port, end + 1, strspn(end + 1, "0123456789"));
    }
    parts.whole = copy(parts.host, sizeof parts.host, host, (size_t)(end - host)) && parts.whole;
    return parts;
}

void uri_short_name(const char *wish, char name[64])
{
    const char *uri = skip_unsafe(wish);
    struct parts parts = parse(uri);

    size_t len = strlen(parts.host), end = strlen(MDNS_DOMAIN);

    if (len > end && strcasecmp(parts.host + len - end, MDNS_DOMAIN) == 0)
        parts.host[len - end] = '\0';
    snprintf(name, 64, "%.63s", !strstr(uri, "://") ? uri : parts.host[0] ? parts.host : "local");
}

bool uri_is_far(const char *uri)
{
    struct parts parts = parse(skip_unsafe(uri));

    return parts.host[0] || (parts.transport[0] && strcmp(parts.transport, "unix") != 0);
}

/* Without a transport, a host is reached by TLS. */
static bool is_tls(const struct parts *parts)
{
    return parts->host[0] && (!parts->transport[0] || strcmp(parts->transport, "tls") == 0);
}

bool uri_tls_peer(const char *uri, char host[128], char port[8])
{
    struct parts parts = parse(skip_unsafe(uri));

    strcpy(host, parts.host);
    strcpy(port, parts.port[0] ? parts.port : "16514");
    return is_tls(&parts);
}

/* The user's certificates for that host, as enrol --user makes them. */
static bool find_pki(const char *host, char path[PATH_MAX])
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    bool named = config && config[0] == '/';
    const char *const subdirs[] = {host, "."};

    if (!named && !(home && home[0] == '/'))
        return false;
    for (unsigned i = 0; i < 2; i++) {
        char cert[PATH_MAX + 32];

        if (snprintf(path, PATH_MAX, "%s%s/fleetsh/pki/%s", named ? config : home, named ? "" : "/.config",
                     subdirs[i]) >= PATH_MAX)
            return false;
        snprintf(cert, sizeof cert, "%s/clientcert.pem", path);
        if (access(cert, R_OK) == 0)
            return true;
    }
    return false;
}

static const struct {
    const char *name;
    bool safe;
} transports[] = {
    {"", true},       {"unix", true},    {"tls", true},  {"ssh", true},
    {"libssh", true}, {"libssh2", true}, {"tcp", false},
};

bool uri_is_unchecked(const char *uri)
{
    static const char *const careless[] = {"no_verify=1", "known_hosts_verify=ignore",
                                           "known_hosts_verify=auto"};
    const char *at = strchr(uri, '?');

    while (at) {
        size_t len = strcspn(++at, "&");

        for (unsigned i = 0; i < sizeof careless / sizeof *careless; i++)
            if (strlen(careless[i]) == len && strncmp(at, careless[i], len) == 0)
                return true;
        at = strchr(at, '&');
    }
    return false;
}

/* false: the URI becomes too long by that. */
static bool add_parameter(char uri[URI_MAX], const char *name, const char *value)
{
    size_t len = strlen(uri);
    int added = snprintf(uri + len, URI_MAX - len, "%c%s=%s", strchr(uri, '?') ? '&' : '?', name, value);

    return len + (size_t)added < URI_MAX;
}

bool uri_for_libvirt(const char *wish, char uri[URI_MAX], char error[256])
{
    const char *given = skip_unsafe(wish);
    bool safe = false, known = false;
    struct parts parts = parse(given);
    char pki[PATH_MAX];

    for (unsigned i = 0; i < sizeof transports / sizeof *transports; i++) {
        if (strcmp(transports[i].name, parts.transport) == 0) {
            known = true;
            safe = transports[i].safe;
        }
    }
    if (!parts.whole || strlen(given) >= URI_MAX || (!known && given == wish)) {
        snprintf(error, 256,
                 "%.100s: not a URI of a transport that is known: unix, tls, ssh, libssh2, libssh", wish);
        return false;
    }
    if (!safe && given == wish) {
        snprintf(error, 256,
                 "%.100s is not encrypted, and anybody could answer there; " URI_UNSAFE
                 " before it takes it all the same",
                 wish);
        return false;
    }
    if (uri_is_unchecked(given) && given == wish) {
        snprintf(error, 256,
                 "%.100s does not ask who answers there; " URI_UNSAFE " before it takes it all the same",
                 wish);
        return false;
    }
    strcpy(uri, given);
    if ((is_tls(&parts) && !strstr(given, "pkipath=") && find_pki(parts.host, pki) &&
         !add_parameter(uri, "pkipath", pki)) ||
        (strcmp(parts.transport, "ssh") == 0 && !strstr(given, "no_tty=") &&
         !add_parameter(uri, "no_tty", "1"))) {
        snprintf(error, 256, "%.100s: it is too long with the path of your certificates", wish);
        return false;
    }
    return true;
}

/* Not what would end a parameter's value, or begin an escape. */
static bool append_escaped(char *to, size_t size, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/";
    size_t len = strlen(to);

    for (; *text && len + 4 <= size; text++)
        len += (size_t)sprintf(to + len, strchr(plain, *text) ? "%c" : "%%%02X", (unsigned char)*text);
    return *text == '\0';
}

bool uri_with_pki(const char *uri, const char *pki, char *to, size_t size)
{
    static const char ours[] = "no_sanity=1&pkipath=";
    size_t len = strcspn(uri, "?"), n;
    const char *at;

    if (len + sizeof ours + 2 > size)
        return false;
    memcpy(to, uri, len);
    for (at = uri + len; *at; at += n) {
        bool first = !memchr(to, '?', len);

        n = 1 + strcspn(at + 1, "&");
        if (strncmp(at + 1, "pkipath=", 8) == 0)
            continue;
        if (len + n + sizeof ours + 2 > size)
            return false;
        memcpy(to + len, at, n);
        to[len] = first ? '?' : '&';
        len += n;
    }
    sprintf(to + len, "%c%s", memchr(to, '?', len) ? '&' : '?', ours);
    return append_escaped(to, size, pki);
}
