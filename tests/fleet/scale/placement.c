/*
 * placement.c - simulates a fleet: vmprocd's own placement (vmproc/daemon/placement.c, linked, not copied), and a model of
 * all else: routers that keep VMs ready, commands of recorded traces, routers that fail and come back.
 *
 *   placement [-r ROUTERS] [-c COMMANDS] [-u VMPROCDS] [-n SESSIONS] [-l] [-f MEAN_S_TO_FAILURE] [-s SEED] TRACE...
 *
 * -l looks at all routers for each command, for comparison.
 *
 * A trace is lines "ARRIVAL_US DURATION_US", of one session; each session of the simulation replays one of them, from its
 * beginning, over and over. A vmprocd knows of its own VMs only, as in truth: what others do on a router it learns by nothing.
 * A placement's time is that of placement_best() and of the changes that led to it. All follows from the seed, but for the times that are measured. docs/SCALE.md has what comes out.
 */
#include "vmproc/daemon/placement.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define READY_TARGET 4u    /* VMs that each vmprocd keeps ready on each router */
#define RESET_US     4000u /* until a VM that has run a command is ready again */
#define REPAIR_US    60000000u

struct command {
    uint64_t at_us, us;
};

struct trace {
    struct command *commands;
    size_t count;
};

enum what { ARRIVES, ENDS, READY, FAILS, RETURNS };

struct event {
    uint64_t at;
    uint64_t order; /* of equals, the first that was made */
    enum what what;
    unsigned daemon, router, session;
    unsigned life; /* of the router, when it was made: it may have failed since */
    bool job;      /* ENDS: also frees a place of who waits */
    uint64_t us;
};

/* A router as one vmprocd sees it. */
struct seen {
    struct placement_router placing;
    char name[24];
    unsigned starting;
};

struct router {
    unsigned processors;
    uint64_t rtt_us, cold_us;
    bool far, down;
    unsigned life;
    unsigned busy; /* of all vmprocds */
    uint64_t commands;
    double work_us; /* of commands */
};

struct waiting {
    uint64_t since, us;
};

struct queue {
    struct waiting *items;
    size_t first, count, room;
};

struct daemon {
    struct placement placement;
    struct seen *seen;
    struct queue *queues; /* commands that wait, by router */
};

struct session {
    unsigned trace;
    size_t next;
    uint64_t offset;
};

struct world {
    bool linear;                            /* for comparison: looks at all routers for each command */
    unsigned nrouters, ndaemons, nsessions; /* sessions: of each vmprocd */
    uint64_t commands, done, lost, warm, moved, calls, failures;
    double mean_failure_us;
    struct router *routers;
    struct daemon *daemons;
    struct session *sessions;
    struct trace *traces;
    unsigned ntraces;
    struct event *heap;
    size_t nheap, room;
    uint64_t now, order, issued, seed;
    uint64_t wait_us, changes_ns;
    uint32_t *times; /* ns that placements took, each with the changes since the last */
    size_t ntimes;
    uint64_t digest; /* of all that was decided */
};

/* ---- chance: xorshift64* ---- */

static uint64_t chance(struct world *w)
{
    w->seed ^= w->seed >> 12;
    w->seed ^= w->seed << 25;
    w->seed ^= w->seed >> 27;
    return w->seed * 2685821657736338717u;
}

static uint64_t below(struct world *w, uint64_t n)
{
    return chance(w) % n;
}

/* ---- events: a heap ---- */

static bool is_before(const struct event *a, const struct event *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void *grown(void *old, size_t *room, size_t size)
{
    void *new;

    *room = *room ? 2 * *room : 64;
    new = realloc(old, *room * size);
    if (!new)
        exit(2);
    return new;
}

static void push(struct world *w, struct event event)
{
    size_t at;

    if (w->nheap == w->room)
        w->heap = grown(w->heap, &w->room, sizeof *w->heap);
    event.order = w->order++;
    for (at = w->nheap++; at > 0 && is_before(&event, &w->heap[(at - 1) / 2]); at = (at - 1) / 2)
        w->heap[at] = w->heap[(at - 1) / 2];
    w->heap[at] = event;
}

static struct event pop(struct world *w)
{
    struct event first = w->heap[0], last = w->heap[--w->nheap];
    size_t at = 0;

    for (;;) {
        size_t child = 2 * at + 1;

        if (child >= w->nheap)
            break;
        child += child + 1 < w->nheap && is_before(&w->heap[child + 1], &w->heap[child]);
        if (!is_before(&w->heap[child], &last))
            break;
        w->heap[at] = w->heap[child];
        at = child;
    }
    if (w->nheap)
        w->heap[at] = last;
    return first;
}

/* ---- a vmprocd ---- */

static uint64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void changed(struct world *w, unsigned d, unsigned r)
{
    uint64_t began = now_ns();

    placement_changed(&w->daemons[d].placement, &w->daemons[d].seen[r].placing);
    w->changes_ns += now_ns() - began;
}

/* As many start as wait or are to be ready, two at a time. */
static void refill(struct world *w, unsigned d, unsigned r)
{
    struct seen *seen = &w->daemons[d].seen[r];
    const struct router *router = &w->routers[r];

    while (!router->down && seen->starting < 2 &&
           seen->placing.ready + seen->starting < READY_TARGET + seen->placing.waiting) {
        seen->starting++;
        w->calls++;
        push(w, (struct event){.at = w->now + router->cold_us,
                               .what = READY,
                               .daemon = d,
                               .router = r,
                               .life = router->life,
                               .job = true});
    }
}

/* A processor that more commands share gives each less: as long as it is so when the command begins. */
static void begin(struct world *w, unsigned d, unsigned r, struct waiting command)
{
    struct seen *seen = &w->daemons[d].seen[r];
    struct router *router = &w->routers[r];
    uint64_t us = command.us;

    router->busy++;
    if (router->busy > router->processors)
        us = us * router->busy / router->processors;
    if (router->far)
        us += PLACEMENT_EXCHANGES * router->rtt_us;
    seen->placing.busy++;
    router->commands++;
    router->work_us += (double)command.us;
    w->wait_us += w->now - command.since;
    push(w, (struct event){
                .at = w->now + us, .what = ENDS, .daemon = d, .router = r, .life = router->life, .us = us});
}

static void serve(struct world *w, unsigned d, unsigned r)
{
    struct queue *queue = &w->daemons[d].queues[r];
    struct seen *seen = &w->daemons[d].seen[r];

    while (queue->count && seen->placing.ready) {
        struct waiting command = queue->items[queue->first++];

        queue->count--;
        if (!queue->count)
            queue->first = 0;
        seen->placing.ready--;
        seen->placing.waiting--;
        begin(w, d, r, command);
    }
    refill(w, d, r);
    changed(w, d, r);
}

static struct placement_router *look_at_all(const struct placement *p, const struct placement_want *want)
{
    struct placement_router *best = NULL;

    for (unsigned i = 0; i < p->count; i++)
        if (placement_feasible(p->routers[i], want, NULL) && (!best || p->routers[i]->key < best->key))
            best = p->routers[i];
    return best;
}

static unsigned place(struct world *w, unsigned d)
{
    static const struct placement_want any = {.memory_bytes = 512u << 20};
    uint64_t began = now_ns();
    const struct placement *placement = &w->daemons[d].placement;
    struct placement_router *best =
        w->linear ? look_at_all(placement, &any) : placement_best(placement, &any, NULL);
    unsigned r;

    w->times[w->ntimes++ % w->commands] = (uint32_t)(now_ns() - began + w->changes_ns);
    w->changes_ns = 0;
    r = (unsigned)(uintptr_t)best->owner;
    w->digest = (w->digest ^ r) * 1099511628211u;
    return r;
}

static void lease(struct world *w, unsigned d, struct waiting command)
{
    unsigned r = place(w, d);
    struct queue *queue = &w->daemons[d].queues[r];
    struct seen *seen = &w->daemons[d].seen[r];

    w->warm += seen->placing.ready > seen->placing.waiting;
    if (queue->first + queue->count == queue->room)
        queue->items = grown(queue->items, &queue->room, sizeof *queue->items);
    queue->items[queue->first + queue->count++] = command;
    seen->placing.waiting++;
    serve(w, d, r);
}

/* ---- what happens ---- */

static void next_of_session(struct world *w, unsigned s)
{
    struct session *session = &w->sessions[s];
    const struct trace *trace = &w->traces[session->trace];
    const struct command *command = &trace->commands[session->next];

    if (w->issued == w->commands)
        return;
    w->issued++;
    push(w, (struct event){.at = session->offset + command->at_us,
                           .what = ARRIVES,
                           .daemon = s / w->nsessions,
                           .session = s,
                           .us = command->us});
    if (++session->next == trace->count) {
        session->next = 0;
        session->offset += command->at_us + 1000000 + below(w, 4000000);
    }
}

static void plan_failure(struct world *w, unsigned r)
{
    if (w->mean_failure_us > 0)
        push(w, (struct event){.at = w->now + below(w, (uint64_t)(2 * w->mean_failure_us)) + 1,
                               .what = FAILS,
                               .router = r});
}

/* Its VMs are lost; who waits goes elsewhere. */
static void fail(struct world *w, unsigned r)
{
    struct router *router = &w->routers[r];

    router->down = true;
    router->life++;
    router->busy = 0;
    w->failures++;
    for (unsigned d = 0; d < w->ndaemons; d++) {
        struct seen *seen = &w->daemons[d].seen[r];
        struct queue *queue = &w->daemons[d].queues[r], moving = *queue;

        w->lost += seen->placing.busy;
        w->done += seen->placing.busy;
        seen->placing.busy = seen->placing.ready = seen->placing.waiting = seen->starting = 0;
        seen->placing.state = PLACEMENT_DOWN;
        changed(w, d, r);
        *queue = (struct queue){0};
        for (size_t i = 0; i < moving.count; i++, w->moved++)
            lease(w, d, moving.items[moving.first + i]);
        free(moving.items);
    }
    push(w, (struct event){.at = w->now + REPAIR_US / 2 + below(w, REPAIR_US), .what = RETURNS, .router = r});
}

static void come_back(struct world *w, unsigned r)
{
    w->routers[r].down = false;
    for (unsigned d = 0; d < w->ndaemons; d++) {
        w->daemons[d].seen[r].placing.state = PLACEMENT_UP;
        w->calls += 2; /* to connect */
        refill(w, d, r);
        changed(w, d, r);
    }
    plan_failure(w, r);
}

static void handle(struct world *w, const struct event *event)
{
    struct seen *seen = &w->daemons[event->daemon].seen[event->router];
    bool stale = event->life != w->routers[event->router].life;

    switch (event->what) {
    case ARRIVES:
        next_of_session(w, event->session);
        lease(w, event->daemon, (struct waiting){w->now, event->us});
        break;
    case ENDS:
        if (stale)
            break;
        w->done++;
        w->routers[event->router].busy--;
        seen->placing.busy--;
        w->calls++; /* the reset */
        push(w, (struct event){.at = w->now + RESET_US,
                               .what = READY,
                               .daemon = event->daemon,
                               .router = event->router,
                               .life = event->life});
        changed(w, event->daemon, event->router);
        break;
    case READY:
        if (stale)
            break;
        seen->starting -= event->job;
        if (seen->placing.ready < 2 * READY_TARGET || seen->placing.waiting)
            seen->placing.ready++;
        serve(w, event->daemon, event->router);
        break;
    case FAILS:
        fail(w, event->router);
        break;
    case RETURNS:
        come_back(w, event->router);
        break;
    }
}

/* ---- the world ---- */

static void make_routers(struct world *w)
{
    static const unsigned sizes[] = {2, 4, 4, 8, 8, 16, 32, 64};

    for (unsigned r = 0; r < w->nrouters; r++)
        w->routers[r] = (struct router){.processors = sizes[below(w, 8)],
                                        .rtt_us = 200 + below(w, 1800),
                                        .cold_us = 65000 + below(w, 60000),
                                        .far = r > 0};
}

static void make_daemon(struct world *w, unsigned d)
{
    struct daemon *daemon = &w->daemons[d];

    daemon->seen = calloc(w->nrouters, sizeof *daemon->seen);
    daemon->queues = calloc(w->nrouters, sizeof *daemon->queues);
    if (!daemon->seen || !daemon->queues)
        exit(2);
    for (unsigned i = 0; i < w->nrouters; i++) {
        /* Each knows them in another order. */
        unsigned r = (i + d * 7919u) % w->nrouters;
        struct seen *seen = &daemon->seen[r];
        const struct router *router = &w->routers[r];

        snprintf(seen->name, sizeof seen->name, "router%u", r);
        seen->placing = (struct placement_router){.owner = (void *)(uintptr_t)r,
                                                  .name = seen->name,
                                                  .architecture = "x86_64",
                                                  .state = PLACEMENT_UP,
                                                  .far = router->far,
                                                  .memory_bytes = (uint64_t)router->processors << 31,
                                                  .processors = router->processors,
                                                  .ready = READY_TARGET,
                                                  .cold_us = router->cold_us,
                                                  .rtt_us = router->rtt_us};
        if (!placement_add(&daemon->placement, &seen->placing))
            exit(2);
    }
}

static void make_world(struct world *w)
{
    w->routers = calloc(w->nrouters, sizeof *w->routers);
    w->daemons = calloc(w->ndaemons, sizeof *w->daemons);
    w->sessions = calloc(w->ndaemons * w->nsessions, sizeof *w->sessions);
    w->times = calloc(w->commands, sizeof *w->times);
    if (!w->routers || !w->daemons || !w->sessions || !w->times)
        exit(2);
    make_routers(w);
    for (unsigned d = 0; d < w->ndaemons; d++)
        make_daemon(w, d);
    for (unsigned r = 0; r < w->nrouters; r++)
        plan_failure(w, r);
    for (unsigned s = 0; s < w->ndaemons * w->nsessions; s++) {
        w->sessions[s] =
            (struct session){.trace = (unsigned)below(w, w->ntraces), .offset = below(w, 5000000)};
        next_of_session(w, s);
    }
}

static void read_trace(struct world *w, const char *file)
{
    FILE *in = fopen(file, "re");
    struct trace *trace;
    unsigned long long at, us;
    size_t room = 0;

    w->traces = realloc(w->traces, (w->ntraces + 1) * sizeof *w->traces);
    if (!in || !w->traces) {
        fprintf(stderr, "%s: %s\n", file, strerror(errno));
        exit(2);
    }
    trace = &w->traces[w->ntraces++];
    *trace = (struct trace){0};
    while (fscanf(in, "%llu %llu", &at, &us) == 2) {
        if (trace->count == room)
            trace->commands = grown(trace->commands, &room, sizeof *trace->commands);
        trace->commands[trace->count++] = (struct command){at, us};
    }
    fclose(in);
    if (!trace->count) {
        fprintf(stderr, "%s: no commands\n", file);
        exit(2);
    }
}

/* ---- what came out ---- */

/* 1: all have the same; 1/n: one has all. */
static double jain(const double *shares, unsigned n)
{
    double sum = 0, squares = 0;

    for (unsigned i = 0; i < n; i++) {
        sum += shares[i];
        squares += shares[i] * shares[i];
    }
    return squares > 0 ? sum * sum / (n * squares) : 1;
}

static int by_value(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void report(struct world *w)
{
    double *shares = calloc(w->nrouters, sizeof *shares);
    size_t n = w->ntimes < w->commands ? w->ntimes : w->commands;
    unsigned used = 0;

    if (!shares)
        exit(2);
    for (unsigned r = 0; r < w->nrouters; r++) {
        shares[r] = (double)w->routers[r].commands / w->routers[r].processors;
        used += w->routers[r].commands > 0;
    }
    qsort(w->times, n, sizeof *w->times, by_value);
    printf("routers %u\nvmprocds %u\ncommands %llu\n", w->nrouters, w->ndaemons, (unsigned long long)w->done);
    printf("failures %llu\nlost %llu\nmoved %llu\n", (unsigned long long)w->failures,
           (unsigned long long)w->lost, (unsigned long long)w->moved);
    printf("warm %.4f\nwait_ms %.3f\ncalls_per_command %.3f\n",
           (double)w->warm / (double)(w->done + w->moved), (double)w->wait_us / 1000 / (double)w->done,
           (double)w->calls / (double)w->done);
    printf("routers_used %u\njain_per_processor %.4f\n", used, jain(shares, w->nrouters));
    printf("virtual_s %.1f\ndecisions %016llx\n", (double)w->now / 1e6, (unsigned long long)w->digest);
    printf("placement_ns_median %u\nplacement_ns_p99 %u\nplacement_ns_max %u\n", w->times[n / 2],
           w->times[n * 99 / 100], w->times[n - 1]);
    free(shares);
}

int main(int argc, char **argv)
{
    static struct world w = {
        .nrouters = 1000, .ndaemons = 1, .nsessions = 40, .commands = 1000000, .seed = 1};
    int letter;

    while ((letter = getopt(argc, argv, "c:f:ln:r:s:u:")) != -1) {
        unsigned long long value = letter == '?' ? 0 : letter == 'l' ? 1 : strtoull(optarg, NULL, 10);

        if (letter == '?' || (value == 0 && letter != 'f'))
            return 2;
        if (letter == 'c')
            w.commands = value;
        else if (letter == 'f')
            w.mean_failure_us = (double)value * 1e6;
        else if (letter == 'r')
            w.nrouters = (unsigned)value;
        else if (letter == 'l')
            w.linear = true;
        else if (letter == 'n')
            w.nsessions = (unsigned)value;
        else if (letter == 's')
            w.seed = value;
        else
            w.ndaemons = (unsigned)value;
    }
    for (int i = optind; i < argc; i++)
        read_trace(&w, argv[i]);
    if (!w.ntraces) {
        fprintf(stderr, "usage: placement [-r ROUTERS] [-c COMMANDS] [-u VMPROCDS] [-n SESSIONS] [-l] [-f "
                        "SECONDS] [-s SEED] TRACE...\n");
        return 2;
    }
    make_world(&w);
    while (w.done < w.commands && w.nheap) {
        const struct event event = pop(&w);

        w.now = event.at;
        handle(&w, &event);
    }
    report(&w);
    return 0;
}
