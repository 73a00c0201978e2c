#include "trust.h"
#include "pin.h"
#include "pki.h"
#include "state_file.h"
#include "uri.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <limits.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define FILE_NAME "known_routers"
#define ANSWER_S  5
#define PREFIX    "sha256:"

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

/* What a router's answer is made into. */
struct answer {
    const char *host;
    char fingerprint[72]; /* "": none */
    gnutls_datum_t pem;   /* the certificate */
    char problem[128]; /* why it is not to be believed, whoever has accepted it; "": it is the authority's */
};

/* As libvirt does, and that it is meant for servers: each user of the authority has a certificate, too. */
static void verify(gnutls_session_t session, struct answer *answer)
{
    gnutls_typed_vdata_st wanted[] = {
        {GNUTLS_DT_DNS_HOSTNAME, (unsigned char *)answer->host, 0},
        {GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *)GNUTLS_KP_TLS_WWW_SERVER, 0},
    };
    gnutls_datum_t text;
    unsigned status;

    if (answer->problem[0])
        return;
    if (gnutls_certificate_verify_peers(session, wanted, sizeof wanted / sizeof *wanted, &status) < 0) {
        strcpy(answer->problem, "it could not be checked");
    } else if (status &&
               gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &text, 0) == 0) {
        snprintf(answer->problem, sizeof answer->problem, "%s", text.data);
        gnutls_free(text.data);
    } else if (status) {
        strcpy(answer->problem, "it is not to be believed");
    }
}

/* GnuTLS has the certificate as soon as the router has sent it, whatever becomes of the handshake then. */
static int on_certificate(gnutls_session_t session)
{
    struct answer *answer = gnutls_session_get_ptr(session);
    unsigned char digest[TRUST_HEX / 2];
    unsigned count;
    char *to = answer->fingerprint;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &count);

    if (chain && count > 0 &&
        gnutls_hash_fast(GNUTLS_DIG_SHA256, chain[0].data, chain[0].size, digest) == 0 &&
        gnutls_pem_base64_encode2("CERTIFICATE", &chain[0], &answer->pem) == 0) {
        to += sprintf(to, "%s", PREFIX);
        for (unsigned i = 0; i < sizeof digest; i++)
            to += sprintf(to, "%02x", digest[i]);
        verify(session, answer);
    }
    return 0;
}

static void believe(gnutls_certificate_credentials_t credentials, const char *uri, struct answer *answer)
{
    char path[PATH_MAX];

    if (pki_path(uri, PKI_AUTHORITY, path) < 0 ||
        gnutls_certificate_set_x509_trust_file(credentials, path, GNUTLS_X509_FMT_PEM) <= 0)
        snprintf(answer->problem, sizeof answer->problem, "no authority's certificate is at %.80s", path);
    if (pki_path(uri, PKI_REVOKED, path) == 0 && access(path, R_OK) == 0 &&
        gnutls_certificate_set_x509_crl_file(credentials, path, GNUTLS_X509_FMT_PEM) < 0)
        snprintf(answer->problem, sizeof answer->problem, "no list of revoked ones can be read from %.70s",
                 path);
}

static void ask(int fd, const char *uri, struct answer *answer)
{
    gnutls_certificate_credentials_t credentials;
    gnutls_session_t session;

    if (gnutls_certificate_allocate_credentials(&credentials) < 0)
        return;
    believe(credentials, uri, answer);
    gnutls_certificate_set_verify_function(credentials, on_certificate);
    if (gnutls_init(&session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL) == 0) {
        gnutls_session_set_ptr(session, answer);
        gnutls_set_default_priority(session);
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials);
        gnutls_server_name_set(session, GNUTLS_NAME_DNS, answer->host, strlen(answer->host));
        gnutls_transport_set_int(session, fd);
        gnutls_handshake_set_timeout(session, ANSWER_S * 1000);
        while (gnutls_handshake(session) == GNUTLS_E_INTERRUPTED)
            ;
        gnutls_deinit(session);
    }
    gnutls_certificate_free_credentials(credentials);
}

/* ---- what is known ---- */

#define LINE_MAX_LEN 320

static bool is_of(const char *line, const char *peer)
{
    size_t len = strlen(peer);

    return strncmp(line, peer, len) == 0 && line[len] == ' ';
}

/* known: "" when nothing is; the last line counts. */
static void look_up(const char *peer, char known[72])
{
    char path[PATH_MAX], line[LINE_MAX_LEN], fingerprint[72];
    FILE *file = NULL;

    known[0] = '\0';
    if (state_file_path(FILE_NAME, false, path) == 0)
        file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        if (is_of(line, peer) && sscanf(line + strlen(peer), " %71s", fingerprint) == 1)
            strcpy(known, fingerprint);
    if (file)
        fclose(file);
}

bool trust_knows(const char *host, unsigned port)
{
    char peer[136], known[72];

    snprintf(peer, sizeof peer, "%.127s:%u", host, port);
    look_up(peer, known);
    return known[0] != '\0';
}

static enum vmp_trust_state judge(const struct trust *trust)
{
    char known[72];

    look_up(trust->peer, known);
    return !known[0]                                ? VMP_TRUST_UNKNOWN
           : strcmp(known, trust->fingerprint) == 0 ? VMP_TRUST_KNOWN
                                                    : VMP_TRUST_CHANGED;
}

void trust_explain(const struct trust *trust, const char *name, char error[256])
{
    if (trust->state == VMP_TRUST_UNKNOWN)
        snprintf(error, 256, "%.63s: unknown certificate %s; to accept it: vm router trust %.63s", name,
                 trust->fingerprint, name);
    else
        snprintf(error, 256,
                 "%.50s: ITS CERTIFICATE HAS CHANGED (%.23s...): another machine may answer in its place. "
                 "If it was enrolled anew: vm router forget %.50s, then trust",
                 name, trust->fingerprint, name);
}

/* The router has answered: is it the one that is known? */
static bool accept_answer(const char *uri, const struct answer *answer, struct trust *trust, char error[256])
{
    int err;

    strcpy(trust->fingerprint, answer->fingerprint);
    trust->state = judge(trust);
    if (trust->state != VMP_TRUST_KNOWN) {
        trust_explain(trust, answer->host, error);
        return false;
    }
    if (uri_is_unchecked(uri))
        return true;
    if (answer->problem[0]) {
        snprintf(error, 256, "%.60s: its certificate is the accepted one, but not good: %s", answer->host,
                 answer->problem);
        return false;
    }
    err = pin_make(uri, trust->fingerprint, (const char *)answer->pem.data);
    if (err < 0)
        snprintf(error, 256, "%.60s: its certificate cannot be written to the runtime directory: %s",
                 answer->host, strerror(-err));
    return err == 0;
}

bool trust_check(const char *uri, struct trust *trust, char error[256])
{
    char host[128], port[8];
    struct answer answer = {.host = host};
    bool good;
    int fd;

    *trust = (struct trust){0};
    if (!uri_tls_peer(uri, host, port))
        return true;
    snprintf(trust->peer, sizeof trust->peer, "%s:%s", host, port);
    fd = dial(host, port);
    if (fd < 0) {
        snprintf(error, 256, "%.100s: %s; is it up, enrolled and started?", host, strerror(errno));
        return false;
    }
    ask(fd, uri, &answer);
    close(fd);
    good = answer.fingerprint[0] && accept_answer(uri, &answer, trust, error);
    if (!answer.fingerprint[0])
        snprintf(error, 256, "%.100s does not answer with a certificate at port %s", host, port);
    gnutls_free(answer.pem.data);
    return good;
}

/* ---- the user's word ---- */

/* Writes to a file beside it, all lines but those of peer, and then the new one, if there is one. */
static int rewrite(const char *path, const char *peer, const char *added)
{
    char line[LINE_MAX_LEN], beside[PATH_MAX + 8];
    FILE *from = fopen(path, "re"), *to;
    int removed = 0, fd;
    bool good;

    snprintf(beside, sizeof beside, "%s.XXXXXX", path);
    fd = mkostemp(beside, O_CLOEXEC);
    to = fd >= 0 ? fdopen(fd, "w") : NULL;
    while (to && from && fgets(line, sizeof line, from)) {
        if (is_of(line, peer))
            removed++;
        else
            fputs(line, to);
    }
    if (from)
        fclose(from);
    if (!to)
        return -errno;
    if (added)
        fprintf(to, "%s %s\n", peer, added);
    good = fflush(to) == 0 && fsync(fd) == 0;
    good = fclose(to) == 0 && good && (added || removed) && rename(beside, path) == 0;
    if (good)
        return 0;
    fd = added || removed ? -errno : -ENOENT;
    unlink(beside);
    return fd;
}

/* Two vmprocds of one user, of before and after an upgrade, may write at the same time. */
static int change(const char *peer, const char *added)
{
    char path[PATH_MAX], lock[PATH_MAX + 8];
    int fd, err = state_file_path(FILE_NAME, true, path);

    if (err < 0)
        return err;
    snprintf(lock, sizeof lock, "%s.lock", path);
    fd = open(lock, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    err = flock(fd, LOCK_EX) < 0 ? -errno : rewrite(path, peer, added);
    close(fd);
    return err;
}

int trust_note(const struct trust *trust)
{
    return change(trust->peer, trust->fingerprint);
}

int trust_forget(const char *peer)
{
    return change(peer, NULL);
}
