#include "trust.h"
#include "log.h"
#include "state_file.h"
#include "uri.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <limits.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define FILE_NAME "known_routers"
#define ANSWER_S  5

/* ---- what the router shows ---- */

/* Waits at most ANSWER_S for each step. -1: errno. */
static int dial(const char *host, const char *port)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    const struct timeval patience = {.tv_sec = ANSWER_S};
    struct addrinfo *list, *a;
    int fd = -1;

    if (getaddrinfo(host, port, &hints, &list) != 0) {
        errno = EHOSTUNREACH;
        return -1;
    }
    for (a = list; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, 0);
        if (fd < 0)
            continue;
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience); /* holds for connect(2), too */
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
            int err = errno == EINPROGRESS ? ETIMEDOUT : errno;

            close(fd);
            fd = -1;
            errno = err;
        }
    }
    freeaddrinfo(list);
    return fd;
}

/* GnuTLS has the certificate as soon as the router has sent it, whatever becomes of the handshake then. */
static int on_certificate(gnutls_session_t session)
{
    struct trust *trust = gnutls_session_get_ptr(session);
    unsigned char digest[TRUST_HEX / 2];
    unsigned count;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &count);

    if (chain && count > 0 && gnutls_hash_fast(GNUTLS_DIG_SHA256, chain[0].data, chain[0].size, digest) == 0)
        for (unsigned i = 0; i < sizeof digest; i++)
            sprintf(trust->fingerprint + 2 * i, "%02x", digest[i]);
    return 0;
}

static void ask(int fd, struct trust *trust)
{
    gnutls_certificate_credentials_t credentials;
    gnutls_session_t session;

    if (gnutls_certificate_allocate_credentials(&credentials) < 0)
        return;
    gnutls_certificate_set_verify_function(credentials, on_certificate);
    if (gnutls_init(&session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL) == 0) {
        gnutls_session_set_ptr(session, trust);
        gnutls_set_default_priority(session);
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials);
        gnutls_server_name_set(session, GNUTLS_NAME_DNS, trust->host, strlen(trust->host));
        gnutls_transport_set_int(session, fd);
        gnutls_handshake_set_timeout(session, ANSWER_S * 1000);
        while (gnutls_handshake(session) == GNUTLS_E_INTERRUPTED)
            ;
        gnutls_deinit(session);
    }
    gnutls_certificate_free_credentials(credentials);
}

/* ---- what is known ---- */

/* known: "" when nothing is. */
static void look_up(const struct trust *trust, char known[TRUST_HEX + 1])
{
    char path[PATH_MAX], line[320], name[256], fingerprint[TRUST_HEX + 1], wanted[256];
    FILE *file = NULL;

    known[0] = '\0';
    snprintf(wanted, sizeof wanted, "%s:%s", trust->host, trust->port);
    if (state_file_path(FILE_NAME, false, path) == 0)
        file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "%255s sha256:%64[0-9a-f]", name, fingerprint) == 2 && strcmp(name, wanted) == 0)
            strcpy(known, fingerprint);
    if (file)
        fclose(file);
}

bool trust_check(const char *uri, struct trust *trust, char error[256])
{
    char known[TRUST_HEX + 1];
    int fd;

    *trust = (struct trust){0};
    trust->tls = uri_tls_peer(uri, trust->host, trust->port);
    if (!trust->tls)
        return true;
    fd = dial(trust->host, trust->port);
    if (fd < 0) {
        snprintf(error, 256, "%.100s: %s; is it up, enrolled and started?", trust->host, strerror(errno));
        return false;
    }
    ask(fd, trust);
    close(fd);
    if (!trust->fingerprint[0]) {
        snprintf(error, 256, "%.100s does not answer with a certificate at port %s", trust->host,
                 trust->port);
        return false;
    }
    look_up(trust, known);
    trust->is_new = !known[0];
    if (known[0] && strcmp(known, trust->fingerprint) != 0) {
        snprintf(error, 256,
                 "%.60s: ITS CERTIFICATE HAS CHANGED (sha256:%.16s...): another machine may answer in its "
                 "place. If it "
                 "was enrolled anew, take its line out of known_routers",
                 trust->host, trust->fingerprint);
        return false;
    }
    return true;
}

void trust_note(const struct trust *trust)
{
    char path[PATH_MAX], line[320];
    int fd, len;

    if (!trust->tls || !trust->is_new || state_file_path(FILE_NAME, true, path) < 0)
        return;
    len = snprintf(line, sizeof line, "%s:%s sha256:%s\n", trust->host, trust->port, trust->fingerprint);
    fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, line, (size_t)len) != len)
        log_line("%s: %s: the router stays a new one", path, strerror(errno));
    else
        log_line("router %s is new: its certificate, sha256:%s, is noted", trust->host, trust->fingerprint);
    if (fd >= 0)
        close(fd);
}
