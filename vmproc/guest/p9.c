/* p9.c - messages, tags, replies, flushing, the session. */
#include "p9.h"

#include <linux/errno.h>

#include "bounce.h"
#include "console.h"
#include "kmem.h"
#include "lib.h"
#include "log.h"
#include "news.h"
#include "pagetable.h"
#include "vm.h"

#define HEAD     7u /* size[4] type[1] tag[2] */
#define MAX_TAGS 64u
#define NO_TAG   0xffffu
#define MAX_FIDS 4096u
#define VERSION  "9P2000.L"
#define RX_PAGES 128u

static struct port *const port = &ports[PORT_9P];
static struct p9_msg *by_tag[MAX_TAGS], *free_msgs;
#define FIDS_AT_START (1ul | 1ul << P9_ROOT)
static uint64_t fid_used[MAX_FIDS / 64] = {FIDS_AT_START};
static enum { CLOSED, OPEN, DEAD } session;
static uint32_t msize = P9_MSIZE;

/* The reply that is being received. */
static struct {
    bool active;
    uint32_t left; /* bytes of it still to come */
    uint8_t type;
    uint16_t tag;
} in;

static void dead(const char *why, uint32_t number)
{
    if (session != DEAD)
        log_line("9p: %s (%u): all files are gone", why, number);
    session = DEAD;
    waitq_wake(&port->rx_wait);
}

/* ---- building and reading messages ---- */

struct p9_msg *p9_new(enum p9_type type)
{
    uint16_t tag = NO_TAG;
    if (type != P9_TVERSION)
        for (tag = 0; tag < MAX_TAGS && by_tag[tag];)
            tag++;
    struct p9_msg *m = free_msgs;
    if (tag == MAX_TAGS)
        return NULL;
    uint8_t *body;
    if (m) {
        free_msgs = m->next;
        body = m->body;
    } else {
        m = kmalloc(sizeof *m);
        body = m ? kv_alloc(P9_BODY) : NULL;
        if (!body) {
            kfree(m);
            return NULL;
        }
    }
    *m = (struct p9_msg){.tag = tag, .type = (uint8_t)type, .body = body, .mm = current->mm};
    if (tag != NO_TAG)
        by_tag[tag] = m;
    return m;
}

static void release(struct p9_msg *m)
{
    if (m->tag != NO_TAG)
        by_tag[m->tag] = NULL;
    if (m->bounce_len)
        bounce_give_back(m->bounce_at, m->bounce_len);
    m->next = free_msgs;
    free_msgs = m;
}

static void put(struct p9_msg *m, const void *bytes, uint32_t n)
{
    if (!m)
        return;
    if (n > P9_BODY - m->pos) {
        m->overflow = true;
        return;
    }
    memcpy(m->body + m->pos, bytes, n);
    m->pos += n;
}

void p9_put8(struct p9_msg *m, uint8_t v)
{
    put(m, &v, sizeof v);
}

void p9_put16(struct p9_msg *m, uint16_t v)
{
    put(m, &v, sizeof v);
}

void p9_put32(struct p9_msg *m, uint32_t v)
{
    put(m, &v, sizeof v);
}

void p9_put64(struct p9_msg *m, uint64_t v)
{
    put(m, &v, sizeof v);
}

void p9_put_string(struct p9_msg *m, const char *s)
{
    size_t n = strlen(s);
    p9_put16(m, (uint16_t)n);
    put(m, s, (uint32_t)n);
}

static void get(struct p9_msg *m, void *to, uint32_t n)
{
    memset(to, 0, n);
    if (n > m->len - m->pos) {
        m->overflow = true;
        return;
    }
    memcpy(to, m->body + m->pos, n);
    m->pos += n;
}

uint8_t p9_get8(struct p9_msg *m)
{
    uint8_t v;
    get(m, &v, sizeof v);
    return v;
}

uint16_t p9_get16(struct p9_msg *m)
{
    uint16_t v;
    get(m, &v, sizeof v);
    return v;
}

uint32_t p9_get32(struct p9_msg *m)
{
    uint32_t v;
    get(m, &v, sizeof v);
    return v;
}

uint64_t p9_get64(struct p9_msg *m)
{
    uint64_t v;
    get(m, &v, sizeof v);
    return v;
}

uint16_t p9_get_string(struct p9_msg *m, const char **s)
{
    uint16_t n = p9_get16(m);
    *s = (const char *)m->body + m->pos;
    if (n > m->len - m->pos) {
        m->overflow = true;
        return 0;
    }
    m->pos += n;
    return n;
}

int p9_done(struct p9_msg *m, int error)
{
    if (!m)
        return error;
    if (!error && m->overflow)
        error = -EIO;
    release(m);
    return error;
}

/* ---- sending ---- */

static int send(struct p9_msg *m)
{
    if (session == DEAD)
        return -EIO;
    if (m->overflow)
        return -ENAMETOOLONG;
    bool has_data = m->type == P9_TWRITE;
    uint32_t data = has_data ? m->data_len : 0, size = HEAD + m->pos + data;
    /* Room first: while we wait for it others must find the port's ring whole. Then the copy, which must not
     * wait. */
    int error = has_data ? iobuf_prepare(&m->data, data, false) : 0;
    char *room = error ? NULL : port_reserve_wait(port, size, false, &error);
    if (!room)
        return error == -EPIPE ? -EIO : error;
    memcpy(room, &size, 4);
    room[4] = (char)m->type;
    memcpy(room + 5, &m->tag, 2);
    memcpy(room + HEAD, m->body, m->pos);
    current->no_faults = true;
    if (has_data && iobuf_get(&m->data, 0, room + HEAD + m->pos, data) != 0)
        error = -EFAULT;
    current->no_faults = false;
    if (error)
        return error;
    m->pos = 0;
    port_commit(port, size);
    return 0;
}

int p9_send(struct p9_msg *m)
{
    if (!m)
        return -ENOMEM;
    m->error = send(m);
    m->unsent = m->error;
    return m->error;
}

/* ---- receiving ---- */

static void finish(struct p9_msg *m)
{
    m->done = true;
    if (m->type != P9_TCLUNK && !m->silent)
        news_came();
    if (m->type == P9_TCLUNK)
        p9_fid_free(m->old_fid);
    if (m->detached)
        release(m);
}

static bool reply_has_data(void)
{
    return in.type == P9_TREAD + 1 || in.type == P9_TREADDIR + 1;
}

/* The reply to m begins: is it what m asked for? */
static bool reply_fits(struct p9_msg *m)
{
    if (in.type == P9_RLERROR)
        return in.left == 4;
    if (in.type == P9_TREAD + 1 && m->type == P9_TBREAD)
        return true; /* of what does not go into the bounce buffer */
    if (in.type != m->type + 1 || (in.type == P9_TBREAD + 1 && in.left != 4))
        return false;
    return reply_has_data() || in.left <= P9_BODY;
}

/* Data of Rread and Rreaddir goes from the port's pages to where it was asked for. */
static bool receive_data(struct p9_msg *m)
{
    uint32_t n = (uint32_t)MIN(port->rx_bytes, in.left);
    bool foreign = n && m->data.user && m->mm != current->mm;
    if (foreign)
        pagetable_use(m->mm->root);
    while (n) {
        const char *bytes;
        uint32_t part = (uint32_t)MIN(port_peek(port, &bytes), n);
        if (iobuf_put(&m->data, m->data_len, bytes, part) != 0)
            m->error = -EFAULT;
        m->data_len += part;
        in.left -= part;
        n -= part;
        port_consume(port, part);
    }
    if (foreign)
        pagetable_use(current->mm ? current->mm->root : NULL);
    return in.left == 0;
}

static void begin_reply(void)
{
    uint8_t head[HEAD];
    uint32_t size;
    port_read(port, head, HEAD);
    memcpy(&size, head, 4);
    in.type = head[4];
    memcpy(&in.tag, head + 5, 2);
    if (size < HEAD || size > msize) {
        dead("reply of an impossible size", size);
        return;
    }
    in.left = size - HEAD;
    in.active = true;
}

static struct p9_msg *version_msg;

/* Takes in one reply as far as it has arrived. True: look again. */
static bool receive(void)
{
    if (!in.active) {
        if (port->rx_bytes < HEAD)
            return false;
        begin_reply();
        return session != DEAD;
    }
    struct p9_msg *m = in.tag == NO_TAG ? version_msg : in.tag < MAX_TAGS ? by_tag[in.tag] : NULL;
    if (!m || m->done) {
        dead("reply to no request, tag", in.tag);
        return false;
    }
    bool data = reply_has_data();
    if (m->len == 0) { /* its fixed part has not been read */
        if (!reply_fits(m)) {
            dead("reply of the wrong type or size, type", in.type);
            return false;
        }
        uint32_t fixed = data ? 4 : in.left;
        if (fixed > in.left) {
            dead("truncated reply of type", in.type);
            return false;
        }
        if (port->rx_bytes < fixed)
            return false;
        port_read(port, m->body, fixed);
        in.left -= fixed;
        m->len = MAX(fixed, 1);
        m->bounced = in.type == P9_TBREAD + 1;
        m->pos = 0;
        uint32_t count = 0;
        if (data)
            memcpy(&count, m->body, 4);
        if (data && (count != in.left || count > m->data.len)) {
            dead("reply with a wrong count", count);
            return false;
        }
        if (in.type == P9_RLERROR) {
            uint32_t number;
            memcpy(&number, m->body, 4);
            m->error = number >= 1 && number < 4096 ? -(int)number : -EIO;
        }
    }
    if (data && !receive_data(m))
        return false;
    in.active = false;
    finish(m);
    return true;
}

static void pump(void)
{
    port_poll(port);
    current->no_faults = true; /* the pages were prepared; a fault here could want a reply behind this one */
    while (session != DEAD && receive())
        ;
    current->no_faults = false;
}

/* Sleeps until more of what is under way can have come. */
static int wait_more(bool interruptible)
{
    /* Inside a long reply one interrupt at its end is enough. */
    uint64_t have = port->rx_bytes, want = in.active && in.left > have ? in.left - have : 1;
    if (port_want(port, want) || port->rx_bytes != have)
        return 0;
    return waitq_sleep(&port->rx_wait, NO_DEADLINE, interruptible);
}

/* Takes m back. 0 when it has been answered after all. */
static int flush(struct p9_msg *m)
{
    struct p9_msg *f = p9_new(P9_TFLUSH);
    if (!f)
        return p9_wait(m, false);
    p9_put16(f, m->tag);
    int error = p9_done(f, p9_call(f, false));
    if (m->done)
        return m->error;
    return error == -EIO ? error : -EINTR;
}

int p9_wait(struct p9_msg *m, bool interruptible)
{
    if (!m)
        return -ENOMEM;
    if (m->unsent)
        return m->error;
    for (;;) {
        pump();
        if (m->done)
            return m->error;
        if (!port_is_open(port))
            dead("the port was closed", 0);
        if (session == DEAD)
            return -EIO;
        if (wait_more(interruptible) == -EINTR)
            return flush(m);
    }
}

int p9_call(struct p9_msg *m, bool interruptible)
{
    int error = p9_send(m);
    return error ? error : p9_wait(m, interruptible);
}

/* ---- session and fids ---- */

static int check_version(struct p9_msg *m)
{
    const char *version;
    uint32_t size = p9_get32(m);
    uint16_t n = p9_get_string(m, &version);
    if (m->overflow || n != strlen(VERSION) || memcmp(version, VERSION, n) != 0 || size < 4096 ||
        size > P9_MSIZE) {
        dead("the server does not speak " VERSION " with a usable message size", size);
        return -EIO;
    }
    msize = size;
    return 0;
}

/* Tversion and Tattach leave together: one round trip. */
int p9_session(void)
{
    if (session == OPEN)
        return 0;
    if (session == DEAD)
        return -EIO;
    if (!port->present || !port_is_open(port) || !port_receive(port, RX_PAGES)) {
        dead("no server", 0);
        return -EIO;
    }
    struct p9_msg *v = version_msg = p9_new(P9_TVERSION), *a = p9_new(P9_TATTACH);
    p9_put32(v, P9_MSIZE);
    p9_put_string(v, VERSION);
    p9_put32(a, P9_ROOT);
    p9_put32(a, P9_NOFID);
    p9_put_string(a, "");
    p9_put_string(a, "");
    p9_put32(a, current->uid);
    int error = p9_send(v);
    if (!error)
        error = p9_send(a);
    if (!error)
        error = p9_wait(v, false);
    if (!error)
        error = check_version(v);
    if (!error)
        error = p9_wait(a, false);
    if (!error) { /* the root's qid */
        p9_get8(a);
        p9_get32(a);
        p9_get64(a);
    }
    p9_done(v, 0);
    version_msg = NULL;
    error = p9_done(a, error);
    if (error)
        dead("no session", (uint32_t)-error);
    else
        session = OPEN;
    return error;
}

void p9_forget(void)
{
    for (unsigned tag = 0; tag < MAX_TAGS; tag++)
        if (by_tag[tag])
            release(by_tag[tag]);
    memset(fid_used, 0, sizeof fid_used);
    fid_used[0] = FIDS_AT_START;
    in.active = false;
    session = CLOSED;
    msize = P9_MSIZE;
}

uint32_t p9_max_data(void)
{
    return MIN(msize, P9_MSIZE) - 24;
}

uint32_t p9_fid_new(void)
{
    for (uint32_t i = 0; i < ARRAY_LEN(fid_used); i++)
        if (~fid_used[i]) {
            uint32_t bit = (uint32_t)__builtin_ctzl(~fid_used[i]);
            fid_used[i] |= 1ul << bit;
            return i * 64 + bit;
        }
    return P9_NOFID;
}

void p9_fid_free(uint32_t fid)
{
    if (fid < MAX_FIDS && fid > P9_ROOT)
        fid_used[fid / 64] &= ~(1ul << fid % 64);
}
