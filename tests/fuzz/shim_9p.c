/*
 * shim_9p.c - the 9P server fed with whatever a guest could send.
 *
 * A session is begun; the input is then cut into messages (two bytes of length, then type, tag and body; the
 * size field is made to fit), or, when its first byte is odd, fed as raw bytes in uneven pieces; its second bit: there is no
 * bounce buffer. The server works on a scratch directory. After each input every fid must lie in it: what a guest reaches outside is a
 * crash.
 */
#include "tests/fuzz/network.h"
#include "vmproc/shim/p9_async.h"
#include "vmproc/shim/p9_fid.h"
#include "vmproc/shim/signals.h"
#include "vmproc/shim/socket.h"

#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch[64];
static struct inherit inherited;
static struct network network;
static struct resolver resolver;
static uint64_t runs;
static int bounce_fd;

static int drop_reply(void *sink, const void *bytes, size_t len)
{
    if (len < P9_HEAD)
        abort();
    return 0;
}

static int make_tree(struct tree *tree, void *sink)
{
    int err = tree_init(tree, NULL);
    if (!err)
        tree_grant(tree, "../named", GRANT_ENTRY);
    return err;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    if (ftw->level > 0)
        remove(path);
    return 0;
}

static void furnish(void)
{
    if (chmod(scratch, 0700))
        abort();
    if (runs++ % 64 == 0)
        nftw(scratch, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    mkdir("d", 0700);
    mkdir("d/e", 0700);
    close(open("f", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    if (symlink("/etc", "l") || symlink("../..", "d/up") || mkfifo("p", 0600))
        return; /* still there */
}

/* Descriptor `number` of the program's. */
static void add_socket(uint32_t number, int type)
{
    struct inherited *f;
    if (socket_new(&network, &inherited, AF_INET, type, &f))
        abort();
    f->info.fd = f->info.same_as = number;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct rlimit size = {1 << 20, 1 << 20};
    struct signals signals;
    int own[] = {3, 4, 5, 6, 7, 8, 9};
    strcpy(scratch, "/tmp/fuzz9pXXXXXX");
    if (!mkdtemp(scratch) || chdir(scratch) || mkdir("inner", 0700) || chdir("inner"))
        abort();
    strcat(scratch, "/inner");
    setrlimit(RLIMIT_FSIZE, &size);
    signals_catch(&signals); /* for the cancels of workers */
    pthread_sigmask(SIG_SETMASK, &signals.wait_mask, NULL);
    for (int sig = 1; sig < 32; sig++)
        if (sig == SIGINT || sig == SIGTERM || sig == SIGALRM)
            signal(sig, SIG_DFL);
    if (inherit_scan(&inherited, own, 7))
        abort();
    inherited.count =
        inherited.count > 1 ? 1 : inherited.count; /* the fuzzer's own output is not to be written to */
    inherit_assign(&inherited, false, false);
    fuzz_network(&network, &resolver);
    bounce_fd = memfd_create("bounce", MFD_CLOEXEC);
    if (bounce_fd < 0 || ftruncate(bounce_fd, BOUNCE_BYTES))
        abort();
    add_socket(1, SOCK_DGRAM);
    add_socket(2, SOCK_STREAM);
    return 0;
}

static void check_containment(const struct p9 *p9)
{
    for (unsigned i = 0; i < P9_FID_BUCKETS; i++)
        for (const struct fid *f = p9->fid[i]; f; f = f->next) {
            char link[FID_PROC_PATH_MAX], path[PATH_MAX];
            ssize_t len;
            if (!f->real || f->path_fd < 0)
                continue;
            snprintf(link, sizeof link, "/proc/self/fd/%d", f->path_fd);
            len = readlink(link, path, sizeof path - 1);
            if (len < 0)
                continue;
            path[len] = '\0';
            if (strncmp(path, scratch, strlen(scratch) - strlen("inner")) != 0) {
                fprintf(stderr, "reached %s\n", path);
                abort();
            }
        }
}

static void run_ops(struct ops *ops)
{
    struct pollfd fds[64];
    unsigned n = ops_poll_set(ops, fds, 64);
    if (poll(fds, n, 0) > 0)
        ops_polled(ops, fds, n);
}

static int message(struct p9 *p9, const uint8_t *body, size_t len)
{
    uint8_t buf[P9_MIN_MSIZE];
    struct p9_out size = {buf, buf, buf + 4};
    if (len > sizeof buf - 4)
        len = sizeof buf - 4;
    p9_put32(&size, (uint32_t)len + 4);
    memcpy(buf + 4, body, len);
    return p9_message(p9, buf, len + 4);
}

static void feed_messages(struct p9 *p9, struct ops *ops, const uint8_t *data, size_t size)
{
    while (size > 2) {
        size_t len = data[0] | (size_t)(data[1] & 1) << 8;
        data += 2;
        size -= 2;
        len = len > size ? size : len;
        message(p9, data, len);
        data += len;
        size -= len;
        run_ops(ops);
    }
}

static void feed_raw(struct p9 *p9, const uint8_t *data, size_t size)
{
    for (size_t step = 1; size; step = step * 3 % 97 + 1) {
        size_t len = step < size ? step : size;
        if (p9_receive(p9, data, len))
            return;
        data += len;
        size -= len;
    }
}

static void begin(struct p9 *p9)
{
    static const uint8_t version[] = {100, 0xff, 0xff, 0,   16,  0,   0,   8,  0,
                                      '9', 'P',  '2',  '0', '0', '0', '.', 'L'};
    static const uint8_t attach[] = {104, 1, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0};
    uint8_t walk[256] = {110, 1, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0};
    struct p9_out out = {walk, walk + 13, walk + sizeof walk};
    char path[64], *save = NULL;
    message(p9, version, sizeof version);
    message(p9, attach, sizeof attach);
    strcpy(path, scratch);
    for (char *name = strtok_r(path, "/", &save); name; name = strtok_r(NULL, "/", &save), walk[11]++)
        p9_put_string(&out, name, strlen(name));
    message(p9, walk, (size_t)(out.at - walk)); /* fid 2: the scratch directory */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ops ops = {0};
    static struct workers *workers; /* threads stay from one input to the next */
    struct p9 p9 = {
        .send = drop_reply, .ops = &ops, .inherit = &inherited, .network = &network, .make_tree = make_tree};
    if (!size)
        return 0;
    p9.bounce.fd = data[0] & 2 ? -1 : fcntl(bounce_fd, F_DUPFD_CLOEXEC, 0);
    ops.workers = workers;
    signal(SIGXFSZ, SIG_IGN); /* libFuzzer has set its own since */
    furnish();
    if (p9_init(&p9))
        abort();
    begin(&p9);
    if (data[0] & 1)
        feed_raw(&p9, data + 1, size - 1);
    else
        feed_messages(&p9, &ops, data + 1, size - 1);
    check_containment(&p9);
    requests_drop_all(&p9);
    while (p9.nwaiting)
        run_ops(&ops);
    p9_free(&p9);
    workers = ops.workers;
    return 0;
}
