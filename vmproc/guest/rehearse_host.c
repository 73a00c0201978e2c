/*
 * rehearse_host.c - the host that rehearsals talk to: takes output, and serves one directory with one file
 * over 9P. It has one client, the kernel itself, so it trusts what it gets.
 */
#include <linux/errno.h>
#include <linux/stat.h>

#include "console.h"
#include "lib.h"
#include "p9.h"
#include "rehearse.h"

#define MAX_FIDS 64u
#define HEAD     7u

static const char file_text[] = "alpha 1\nbeta 2\ngamma 3\n";

enum { NO_FID, DIRECTORY, FILE };
static uint8_t fid_kind[MAX_FIDS];
static bool fid_read[MAX_FIDS]; /* its bytes have been given, for reads at "here" */

/* The port as it was before it became pretended. */
static struct port real_9p, real_out;

static const struct host_play *play; /* NULL: a rehearsal */
static bool input_awaited;

/* ---- a 9P server in small ---- */

struct message {
    uint8_t bytes[1024];
    uint32_t len;
};

static void put(struct message *m, const void *bytes, uint32_t n)
{
    memcpy(m->bytes + m->len, bytes, n);
    m->len += n;
}

static void put_number(struct message *m, uint64_t v, uint32_t n)
{
    put(m, &v, n);
}

static void put_string(struct message *m, const char *s)
{
    put_number(m, strlen(s), 2);
    put(m, s, (uint32_t)strlen(s));
}

static void put_qid(struct message *m, unsigned kind)
{
    put_number(m, kind == DIRECTORY ? P9_QTDIR : 0, 1);
    put_number(m, 0, 4);
    put_number(m, kind, 8);
}

static uint32_t number_at(const uint8_t *body, uint32_t at)
{
    uint32_t v;
    memcpy(&v, body + at, 4);
    return v;
}

static int serve_version(const uint8_t *t, struct message *r)
{
    put_number(r, P9_MSIZE, 4);
    put_string(r, "9P2000.L");
    return 0;
}

/* aname is "" for the root, "fd/0" for standard input; both strings before it have fixed places here. */
static int serve_attach(const uint8_t *t, struct message *r)
{
    unsigned kind = t[10] == 0 ? DIRECTORY : FILE;
    fid_kind[number_at(t, 0) % MAX_FIDS] = (uint8_t)kind;
    put_qid(r, kind);
    return 0;
}

static int serve_open(const uint8_t *t, struct message *r)
{
    put_qid(r, fid_kind[number_at(t, 0) % MAX_FIDS]);
    put_number(r, 0, 4);
    return 0;
}

static void put_attributes(struct message *r, unsigned kind)
{
    put_number(r, 0x7ff, 8);
    put_qid(r, kind);
    put_number(r, kind == DIRECTORY ? S_IFDIR | 0755 : S_IFREG | 0644, 4);
    put_number(r, 1, 4);
    put_number(r, 1, 4);
    const uint64_t rest[] = {
        1, 0, sizeof file_text - 1, 4096, 8, 1700000000, 0, 1700000000, 0, 1700000000, 0, 0, 0, 0, 0};
    put(r, rest, sizeof rest);
}

static int serve_getattr(const uint8_t *t, struct message *r)
{
    put_attributes(r, fid_kind[number_at(t, 0) % MAX_FIDS]);
    return 0;
}

static int serve_reach(const uint8_t *t, struct message *r)
{
    uint32_t fid = number_at(t, 4), how = number_at(t, 8), names = t[20];
    bool found = names == 0 || (names == 1 && t[22] == 1 && t[24] == 'f');
    if (!found || (play && names))
        return ENOENT;
    unsigned kind = names ? FILE : fid_kind[number_at(t, 0) % MAX_FIDS];
    if (fid != P9_NOFID) {
        fid_kind[fid % MAX_FIDS] = (uint8_t)kind;
        fid_read[fid % MAX_FIDS] = false;
    }
    put_number(r, names, 2);
    put_number(r, kind == DIRECTORY ? P9_QTDIR : 0, 1);
    put_number(r, (how & P9_REACH_OPEN) != 0, 1);
    put_string(r, "");
    if (how & P9_REACH_ATTR)
        put_attributes(r, kind);
    if (how & P9_REACH_BESIDE)
        put_number(r, 0, 2);
    return 0;
}

static int serve_read(const uint8_t *t, struct message *r)
{
    uint32_t fid = number_at(t, 0) % MAX_FIDS, offset = number_at(t, 4), left = sizeof file_text - 1;
    bool here = offset == UINT32_MAX;
    if (play) {
        uint32_t n = fid_kind[fid] == FILE ? play->input(r->bytes + HEAD + 4, MIN(number_at(t, 12), 512)) : 0;
        input_awaited = n == NO_INPUT;
        put_number(r, n, 4);
        r->len += input_awaited ? 0 : n;
        return 0;
    }
    left = here ? (fid_read[fid] ? 0 : left) : offset < left ? left - offset : 0;
    left = MIN(left, number_at(t, 12));
    fid_read[fid] = true;
    put_number(r, left, 4);
    put(r, file_text + (here ? 0 : offset), left);
    return 0;
}

static int serve_readdir(const uint8_t *t, struct message *r)
{
    static const char *const names[] = {".", "..", "f"};
    uint32_t from = number_at(t, 4), count_at = r->len;
    put_number(r, 0, 4);
    for (uint32_t i = from; i < (play ? 2 : ARRAY_LEN(names)); i++) {
        put_qid(r, i == 2 ? FILE : DIRECTORY);
        put_number(r, i + 1, 8);
        put_number(r, i == 2 ? 8 : 4, 1);
        put_string(r, names[i]);
    }
    uint32_t count = r->len - count_at - 4;
    memcpy(r->bytes + count_at, &count, 4);
    return 0;
}

static int serve_clunk(const uint8_t *t, struct message *r)
{
    return 0;
}

static int (*const serve[])(const uint8_t *t, struct message *r) = {
    [P9_TVERSION] = serve_version, [P9_TATTACH] = serve_attach,   [P9_TREACH] = serve_reach,
    [P9_TLOPEN] = serve_open,      [P9_TGETATTR] = serve_getattr, [P9_TREAD] = serve_read,
    [P9_TREADDIR] = serve_readdir, [P9_TCLUNK] = serve_clunk,
};

/* False: not yet. */
static bool answer(const uint8_t *request)
{
    uint8_t type = request[4] == P9_TBREAD ? P9_TREAD : request[4]; /* there is no bounce buffer */
    struct message r = {.len = HEAD};
    int error = type < ARRAY_LEN(serve) && serve[type] ? serve[type](request + HEAD, &r) : EOPNOTSUPP;
    if (input_awaited)
        return false;
    if (error)
        put_number(&r, (uint64_t)error, 4);
    memcpy(r.bytes, &r.len, 4);
    r.bytes[4] = error ? P9_RLERROR : type + 1;
    memcpy(r.bytes + 5, request + 5, 2);
    uint32_t room;
    void *to = virtq_device_take(&ports[PORT_9P].rx, &room);
    if (!to || room < r.len)
        return true;
    memcpy(to, r.bytes, r.len);
    virtq_device_used(&ports[PORT_9P].rx, r.len);
    return true;
}

/* ---- the pretended device ---- */

static bool pretend(struct port *port, struct port *real)
{
    if (!port->present)
        return false;
    *real = *port;
    port->pretended = virtq_init_detached(&port->rx) && virtq_init_detached(&port->tx);
    if (!port->pretended)
        *port = *real;
    return port->pretended;
}

static void restore(struct port *port, const struct port *real)
{
    if (!port->pretended)
        return;
    port_forget(port);
    virtq_free_detached(&port->rx);
    virtq_free_detached(&port->tx);
    bool host_open = port->host_open; /* may have changed meanwhile */
    *port = *real;
    port->host_open = host_open;
}

bool rehearse_host_begin(const struct host_play *what)
{
    play = what;
    if (pretend(&ports[PORT_9P], &real_9p) && pretend(&ports[PORT_OUT], &real_out))
        return true;
    rehearse_host_end();
    return false;
}

void rehearse_host_reset(void)
{
    struct port *port = &ports[PORT_9P];
    while (rehearse_host_step()) /* the last clunks */
        port_consume(port, port->rx_bytes);
    memset(fid_kind, 0, sizeof fid_kind);
    memset(fid_read, 0, sizeof fid_read);
}

void rehearse_host_end(void)
{
    restore(&ports[PORT_9P], &real_9p);
    restore(&ports[PORT_OUT], &real_out);
}

bool rehearse_host_step(void)
{
    bool worked = false;
    uint32_t len;
    void *bytes;
    while ((bytes = virtq_device_take(&ports[PORT_9P].tx, &len)) != NULL) {
        input_awaited = false;
        if (!answer(bytes))
            break;
        virtq_device_used(&ports[PORT_9P].tx, 0);
        worked = true;
    }
    while ((bytes = virtq_device_take(&ports[PORT_OUT].tx, &len)) != NULL) {
        if (play)
            play->output(bytes, len);
        virtq_device_used(&ports[PORT_OUT].tx, 0);
        worked = true;
    }
    port_poll(&ports[PORT_9P]);
    waitq_wake(&ports[PORT_OUT].tx_wait);
    return worked;
}
