/*
 * guest_p9.c - the guest's 9P client, answered by a server that keeps to nothing.
 *
 * An input is a list of calls, a byte each, and between them what comes when a call waits: a piece as it is, or a reply
 * with the right head to the request that was sent last, with any body.
 */
#include "tests/fuzz/guest.h"

#include "vmproc/guest/p9.c"

#include "vmproc/guest/p9calls.c"

#include "vmproc/guest/bounce.c"

static char buffer[BOUNCE_BYTES];

static struct {
    uint8_t type;
    uint16_t tag;
} last[8]; /* requests that were sent, in turns */
static unsigned nsent;

void port_commit(struct port *p, uint32_t n)
{
    last[nsent % ARRAY_LEN(last)].type = (uint8_t)machine.sent[4];
    memcpy(&last[nsent % ARRAY_LEN(last)].tag, machine.sent + 5, 2);
    nsent++;
}

void pagetable_use(uint64_t *root)
{
}

static void reply(uint8_t how)
{
    uint8_t head[HEAD], back = how >> 2 & 3;
    size_t n = next_byte();
    uint32_t count, size;
    unsigned which = (nsent - 1 - back) % ARRAY_LEN(last);
    n = n > machine.left ? machine.left : n;
    machine.left -= n;
    machine.bytes += n;
    size = (uint32_t)(HEAD + n + (how & 0x10 ? 4 : 0));
    memcpy(head, &size, 4);
    head[4] = how & 0x20 ? P9_RLERROR : (uint8_t)(last[which].type + 1);
    memcpy(head + 5, &last[which].tag, 2);
    arrive(port, head, HEAD);
    count = (uint32_t)n;
    if (how & 0x10)
        arrive(port, &count, 4); /* Rread's */
    arrive(port, machine.bytes - n, n);
}

static void feed(void)
{
    uint8_t how = next_byte();
    if ((how & 3) == 3 || !nsent)
        feed_raw(port);
    else
        reply(how);
}

/* What a server that is in its right mind says first. */
static void open_session(void)
{
    static const uint8_t replies[] = {21,   0,   0,   0,   101, 0xff, 0xff, 0,  16, 0, 0, 8,   0, '9',
                                      'P',  '2', '0', '0', '0', '.',  'L',  20, 0,  0, 0, 105, 0, 0,
                                      0x80, 0,   0,   0,   0,   1,    0,    0,  0,  0, 0, 0,   0};
    arrive(port, replies, sizeof replies);
}

static void one_call(uint8_t which, uint32_t *fid)
{
    static char large[512 << 10];
    char data[300];
    struct iobuf buf = {data, 1 + (which & 0xf0u), false};
    struct iobuf bounced = {large, (which & 0x70u) * 4096 + BOUNCE_LEAST, false};
    struct kstat st;
    struct statfs fs;
    char target[P9_TARGET];
    struct p9_beside beside[3] = {{.name = "x"}, {.name = "y"}, {.name = "z"}};
    struct p9_reach reach = {.fid = *fid,
                             .n = which >> 5,
                             .names = {"a", "b", "c", "d", "e", "f", "g"},
                             .how = which & 0x10 ? P9_REACH_ATTR | P9_REACH_FOLLOW
                                                 : P9_REACH_ATTR | P9_REACH_CREATE,
                             .want_fid = which & 0x20,
                             .target = target,
                             .st = &st,
                             .beside = beside,
                             .nbeside = which >> 6};
    memset(data, 0, sizeof data);
    switch (which & 15) {
    case 0:
        p9_attach("fd/0", fid);
        break;
    case 1:
        if (p9_reach(&reach) == 0 && (reach.walked > reach.n || reach.nbeside > ARRAY_LEN(beside) ||
                                      (reach.link && (!reach.walked || !target[0]))))
            abort();
        break;
    case 2:
        p9_lopen(*fid, 0);
        break;
    case 3:
        p9_mknod(*fid, "new", 0644, 0);
        break;
    case 4:
        p9_getattr(*fid, &st);
        break;
    case 5:
        if (which & 0x80)
            buf = bounced;
        if (p9_read(*fid, &buf, 0, true) > (long)buf.len)
            abort();
        break;
    case 6:
        if (p9_write(*fid, &buf, 0, true) > (long)buf.len)
            abort();
        break;
    case 7:
        if (p9_readdir(*fid, 0, data, sizeof data) > (long)sizeof data)
            abort();
        break;
    case 8:
        if (p9_readlink(*fid, data, 100) > 100)
            abort();
        break;
    case 9:
        p9_statfs(*fid, &fs);
        break;
    case 10:
        p9_lock(*fid, &(struct file_lock){.type = which & 3}, which & 16);
        break;
    case 11:
        p9_mkdir(*fid, "d", 0755);
        break;
    case 12:
        p9_clunk(*fid);
        break;
    case 13:
        p9_setattr(*fid, &(struct kattr){.mask = P9_SETATTR_SIZE});
        break;
    case 14:
        p9_symlink(*fid, "s", "t");
        break;
    default:
        p9_fsync(*fid);
        break;
    }
}

static void program(void)
{
    uint32_t fid = P9_ROOT;
    if (next_byte() & 1)
        open_session();
    if (p9_session() != 0)
        return;
    while (machine.left)
        one_call(next_byte(), &fid);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    memset(by_tag, 0, sizeof by_tag);
    free_msgs = NULL;
    memset(fid_used, 0, sizeof fid_used);
    fid_used[0] = FIDS_AT_START;
    memset(&in, 0, sizeof in);
    session = CLOSED;
    msize = P9_MSIZE;
    version_msg = NULL;
    nsent = 0;
    memory = buffer;
    used = 0;
    run_machine(program, bytes, n);
    return 0;
}
