/* The ring of a wire (vmproc/guest/ring.c): no byte and no bell is lost, and a hostile neighbour harms itself
 * only. */
#include "tests/unit/tap.h"
#include "vmproc/guest/ring.c" /* the guest's own code, which no library of the host's programs holds */

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

void ring_fence(void)
{
    atomic_thread_fence(memory_order_seq_cst);
}

static uint64_t memory[RING_FILE_BYTES / sizeof(uint64_t)];

static uint64_t random_number(uint64_t *state)
{
    *state ^= *state << 13, *state ^= *state >> 7, *state ^= *state << 17;
    return *state * 0x2545f4914f6cdd1dull;
}

/* Of all magnitudes. */
static size_t random_size(uint64_t *state, size_t most)
{
    size_t n = random_number(state) >> (1 + random_number(state) % 63);
    return 1 + n % most;
}

static unsigned char byte_at(uint64_t n)
{
    return (unsigned char)(n ^ n >> 8 ^ n >> 16 ^ n >> 24);
}

/* ---- two threads ---- */

struct party {
    struct ring ring;
    int my_bell, other_bell;
    uint64_t seed, total, bells, waits;
    bool exact;
};

static void sound(struct party *p)
{
    uint64_t one = 1;
    p->bells++;
    if (write(p->other_bell, &one, sizeof one) != sizeof one)
        abort();
}

static void wait_for(struct party *p, size_t n)
{
    uint64_t count;
    p->waits++; /* also when it finds at its second look that it need not: the bell may be under way by then */
    if (ring_must_wait(&p->ring, n)) {
        if (read(p->my_bell, &count, sizeof count) != sizeof count)
            abort();
    }
}

static void *write_all(void *arg)
{
    struct party *p = arg;
    while (p->ring.count < p->total) {
        char *at;
        size_t most = p->total - p->ring.count;
        size_t n = ring_span(&p->ring, random_size(&p->seed, most), &at);
        for (size_t i = 0; i < n; i++)
            at[i] = (char)byte_at(p->ring.count + i);
        if (n == 0)
            wait_for(p, random_size(&p->seed, RING_BYTES / 2));
        else if (ring_advance(&p->ring, n))
            sound(p);
    }
    ring_end(&p->ring);
    sound(p);
    return NULL;
}

static void *read_all(void *arg)
{
    struct party *p = arg;
    p->exact = true;
    for (;;) {
        char *at;
        bool ended = ring_other_ended(&p->ring);
        size_t n = ring_span(&p->ring, random_size(&p->seed, RING_BYTES), &at);
        for (size_t i = 0; i < n; i++)
            p->exact = p->exact && (unsigned char)at[i] == byte_at(p->ring.count + i);
        if (n && ring_advance(&p->ring, n))
            sound(p);
        if (n == 0 && ended)
            return NULL;
        if (n == 0)
            wait_for(p, 1);
    }
}

static bool run_pair(uint64_t seed, uint64_t total)
{
    int a = eventfd(0, EFD_CLOEXEC), b = eventfd(0, EFD_CLOEXEC);
    struct party writer = {.my_bell = a, .other_bell = b, .seed = seed * 2 + 1, .total = total};
    struct party reader = {.my_bell = b, .other_bell = a, .seed = seed * 3 + 1};
    pthread_t thread[2];

    for (size_t i = 0; i < sizeof memory / sizeof *memory; i++)
        memory[i] = random_number(&seed); /* what an earlier command left */
    ring_begin(&writer.ring, memory, true, 7);
    if (seed % 2)
        ring_begin(&reader.ring, memory, false, 7);
    pthread_create(&thread[0], NULL, write_all, &writer);
    if (!(seed % 2))
        ring_begin(&reader.ring, memory, false, 7); /* the writer may long have begun */
    pthread_create(&thread[1], NULL, read_all, &reader);
    pthread_join(thread[0], NULL);
    pthread_join(thread[1], NULL);
    close(a);
    close(b);
    /* A bell for each wish to wait at most, and one for the end. */
    return reader.exact && reader.ring.count == total && writer.bells <= reader.waits + 1 &&
           reader.bells <= writer.waits;
}

static void two_threads(void)
{
    bool good = true;
    uint64_t seed = 1;

    alarm(300); /* a lost bell waits for ever */
    for (unsigned i = 0; i < 300; i++)
        good = run_pair(i + 1, random_size(&seed, 4u << 20)) && good;
    check(good, "300 streams of random sizes and pieces arrive exactly, over memory that held anything");
}

/* ---- a neighbour that breaks the rules ---- */

static bool inside(const struct ring *r, const char *at, size_t n, size_t max)
{
    return n <= max && n <= RING_BYTES && at >= r->data && at + n <= r->data + RING_BYTES;
}

static uint64_t bad_number(uint64_t *seed, const struct ring *r)
{
    switch (random_number(seed) % 5) {
    case 0:
        return random_number(seed);
    case 1:
        return r->count + random_number(seed) % 17 - 8;
    case 2:
        return r->limit + random_number(seed) % (2 * RING_BYTES) - RING_BYTES;
    case 3:
        return random_number(seed) % 2 ? 0 : UINT64_MAX;
    default:
        return r->key;
    }
}

static bool attack(uint64_t seed, bool writer)
{
    volatile uint64_t *words = (void *)((char *)memory + (writer ? RING_READER : RING_WRITER));
    struct ring r;

    ring_begin(&r, memory, writer, 7);
    words[0] = 7;
    words[1] = 0;
    for (unsigned step = 0; step < 200; step++) {
        char *at;
        uint64_t limit = r.limit;
        words[random_number(&seed) % 4] = bad_number(&seed, &r);
        size_t max = random_size(&seed, RING_BYTES), n = ring_span(&r, max, &at);
        if (!inside(&r, at, n, max) || r.limit < limit || r.limit - r.count > RING_BYTES || (r.cut && n))
            return false;
        memset(at, (int)step, n);
        ring_advance(&r, n);
        ring_must_wait(&r, random_size(&seed, RING_BYTES));
    }
    return true;
}

static void hostile_steps(void)
{
    bool good = true;
    for (uint64_t seed = 1; seed <= 20000 && good; seed++)
        good = attack(seed, seed % 2);
    check(good, "counts that cannot be lead nowhere outside the ring, and cut the wire");
}

static atomic_bool over;

static void *scribble(void *arg)
{
    volatile uint64_t *words = arg;
    for (uint64_t seed = 5; !over;) {
        words[0] = 7;
        for (unsigned i = 1; i < 4; i++) /* mostly plausible ones: the others only cut the wire */
            words[i] = random_number(&seed) % 4096;
    }
    return NULL;
}

static void hostile_thread(void)
{
    pthread_t thread;
    bool good = true;

    pthread_create(&thread, NULL, scribble, (char *)memory + RING_WRITER);
    for (unsigned round = 0; round < 200000 && good; round++) {
        struct ring r;
        char *at;
        ring_begin(&r, memory, false, 7);
        for (unsigned i = 0; i < 10; i++) {
            size_t max = 1 + i * 300, n = ring_span(&r, max, &at);
            good = good && inside(&r, at, n, max) && r.limit - r.count <= RING_BYTES;
            ring_advance(&r, n);
        }
    }
    over = true;
    pthread_join(thread, NULL);
    check(good, "counts that change while they are looked at are read once");
}

static void keys(void)
{
    struct ring w, r;
    char *at;

    memset(memory, 0, sizeof memory);
    ring_begin(&w, memory, true, 7);
    ring_advance(&w, 5);
    ring_begin(&r, memory, false, 8);
    check(ring_ready(&r) == 0 && !r.cut && ring_must_wait(&r, 1),
          "what bears another command's key is not there");
    ring_end(&w);
    check(!ring_other_ended(&r), "nor is its end");
    ring_begin(&r, memory, false, 7);
    check(ring_span(&r, 100, &at) == 5 && ring_other_ended(&r), "with the right key it is");
}

int main(void)
{
    keys();
    hostile_steps();
    hostile_thread();
    two_threads();
    return tap_done();
}
