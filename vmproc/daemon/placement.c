#include "placement.h"

#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOBODY     (~0u)
#define NEVER      UINT64_MAX
#define NOT_UP     (1ull << 40) /* µs: twelve days, more than any cost */
#define NOT_COMING (1ull << 41)
#define MIB        (1ull << 20)

/* ---- what it costs ---- */

static void weigh(struct placement_router *r)
{
    uint64_t cold = r->cold_us ? r->cold_us : PLACEMENT_COLD_US,
             rtt = r->rtt_us ? r->rtt_us : PLACEMENT_RTT_US;
    unsigned before = r->waiting > r->ready ? r->waiting - r->ready : 0;

    r->cost.start_us = r->ready > r->waiting ? 0 : cold + before * cold / 2;
    r->cost.load_us =
        (uint64_t)PLACEMENT_SLICE_US * (r->busy + r->waiting) / (r->processors ? r->processors : 1);
    r->cost.data_us = r->far ? PLACEMENT_EXCHANGES * rtt : 0;
    r->key = r->cost.start_us + r->cost.load_us + r->cost.data_us;
    if (r->key >= NOT_UP || r->refused)
        r->key = NOT_UP - 1;
    if (r->state != PLACEMENT_UP)
        r->key = r->state == PLACEMENT_COMING ? NOT_UP : NOT_COMING;
    if (r->drained)
        r->key = NEVER;
}

/* ---- what is possible ---- */

static bool matches(const char *list, const struct placement_router *r)
{
    const char *const texts[] = {r->name, r->uri, r->wish};
    char pattern[512];

    if (!list || !*list)
        return true;
    for (; *list; list += strcspn(list, "\n"), list += *list == '\n') {
        size_t len = strcspn(list, "\n");

        if (len == 0 || len >= sizeof pattern)
            continue;
        memcpy(pattern, list, len);
        pattern[len] = '\0';
        for (unsigned i = 0; i < 3; i++)
            if (texts[i] && (strcmp(pattern, texts[i]) == 0 || fnmatch(pattern, texts[i], 0) == 0))
                return true;
    }
    return false;
}

/* Takes the next piece of a list up to sep; false: there is none, or it is too long. */
static bool next_piece(const char **list, char sep, char piece[256])
{
    const char seps[] = {sep, '\0'};
    size_t len;

    *list += strspn(*list, seps);
    len = strcspn(*list, seps);
    if (len == 0 || len >= 256)
        return false;
    memcpy(piece, *list, len);
    piece[len] = '\0';
    *list += len;
    return true;
}

static bool is_listed(const char *list, const char *word, int (*differ)(const char *item, const char *word))
{
    char item[256];

    while (list && next_piece(&list, ',', item))
        if (differ(item, word) == 0)
            return true;
    return false;
}

static int pattern_differs(const char *pattern, const char *word)
{
    return fnmatch(pattern, word, 0);
}

/* The first label that it lacks; false: it has all. */
static bool lacks(const struct placement_router *r, const char *labels, char label[256])
{
    while (labels && next_piece(&labels, '\n', label))
        if (!is_listed(r->labels, label, strcmp))
            return true;
    return false;
}

/* The first of the images that it is not meant for; false: there is none. */
static bool is_not_for(const struct placement_router *r, const char *images, char image[256])
{
    if (!r->images || !*r->images)
        return false;
    strcpy(image, "what has no name");
    if (!images || !*images)
        return true;
    while (*images && next_piece(&images, '\n', image))
        if (!is_listed(r->images, image, pattern_differs))
            return true;
    return *images != '\0' && *images != '\n';
}

static void say(char *why, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(char *why, const char *format, ...)
{
    va_list args;

    if (!why)
        return;
    va_start(args, format);
    vsnprintf(why, PLACEMENT_WHY, format, args);
    va_end(args);
}

bool placement_feasible(const struct placement_router *r, const struct placement_want *want, char *why)
{
    const char *name = r->name && *r->name ? r->name : r->wish ? r->wish : "router";
    char word[256];

    if (!matches(want->on, r)) {
        say(why, "%.64s: it is not the router that was asked for", name);
    } else if (!matches(want->routers, r)) {
        say(why, "%.64s: the command's spec wants it on another router", name);
    } else if (r->drained) {
        say(why, "%.64s: it is drained; `vm router use NAME` takes it back", name);
    } else if (want->architecture && *want->architecture && r->architecture && *r->architecture &&
               strcmp(want->architecture, r->architecture) != 0) {
        say(why, "%.64s: it is %.30s, and the command's spec wants %.30s", name, r->architecture,
            want->architecture);
    } else if (lacks(r, want->labels, word)) {
        say(why, "%.64s: it has not the label %.60s that the command's spec wants", name, word);
    } else if (!want->any_image && is_not_for(r, want->images, word)) {
        say(why, "%.64s: it is meant for other images than %.60s", name, word);
    } else if (want->memory_bytes && r->memory_bytes && want->memory_bytes > r->memory_bytes) {
        say(why, "%.64s: it has %llu MiB of memory, and the command wants %llu", name, r->memory_bytes / MIB,
            want->memory_bytes / MIB);
    } else if (want->aarch64 && r->no_aarch64) {
        say(why, "%.64s: %s", name, r->no_aarch64);
    } else if (want->here && r->far) {
        say(why, "%.64s: images boot on this machine's router only", name);
    } else {
        return true;
    }
    return false;
}

/* ---- the tournament ---- */

static unsigned winner(const struct placement *p, unsigned a, unsigned b)
{
    if (a == NOBODY || b == NOBODY)
        return a == NOBODY ? b : a;
    return p->routers[b]->key < p->routers[a]->key ? b : a; /* a stands before b */
}

static void play(struct placement *p, unsigned node)
{
    p->winners[node] = winner(p, p->winners[2 * node], p->winners[2 * node + 1]);
}

/* Room for twice as many. */
static bool grow(struct placement *p)
{
    unsigned leaves = p->leaves ? 2 * p->leaves : 8;
    struct placement_router **routers = realloc(p->routers, leaves * sizeof *routers);
    unsigned *winners;

    if (!routers)
        return false;
    p->routers = routers;
    winners = realloc(p->winners, 2 * leaves * sizeof *winners);
    if (!winners)
        return false;
    p->winners = winners;
    p->leaves = leaves;
    for (unsigned i = 0; i < leaves; i++)
        winners[leaves + i] = i < p->count ? i : NOBODY;
    for (unsigned node = leaves - 1; node > 0; node--)
        play(p, node);
    return true;
}

bool placement_add(struct placement *p, struct placement_router *r)
{
    if (p->count == p->leaves && !grow(p))
        return false;
    r->position = p->count;
    p->winners[p->leaves + p->count] = p->count;
    p->routers[p->count++] = r;
    placement_changed(p, r);
    return true;
}

void placement_changed(struct placement *p, struct placement_router *r)
{
    weigh(r);
    for (unsigned node = (p->leaves + r->position) / 2; node > 0; node /= 2)
        play(p, node);
}

/* Of those below node that are feasible the first of the least cost, if that is less than best's. */
static void search(const struct placement *p, unsigned node, const struct placement_want *want,
                   struct placement_router **best)
{
    struct placement_router *r;

    if (p->winners[node] == NOBODY)
        return;
    r = p->routers[p->winners[node]];
    if (r->key == NEVER || (*best && r->key >= (*best)->key))
        return;
    if (placement_feasible(r, want, NULL)) {
        *best = r;
    } else if (node < p->leaves) {
        search(p, 2 * node, want, best);
        search(p, 2 * node + 1, want, best);
    }
}

/* None is feasible: of the one that was meant, why not; of several, why not of the first. */
static void explain(const struct placement *p, const struct placement_want *want, char *why)
{
    const struct placement_router *meant = NULL;
    bool all_drained = true;
    unsigned count = 0;

    for (unsigned i = 0; i < p->count; i++) {
        const struct placement_router *r = p->routers[i];

        all_drained &= r->drained;
        if (!matches(want->on, r) || !matches(want->routers, r))
            continue;
        if (!meant || (meant->drained && !r->drained))
            meant = r;
        count++;
    }
    if (!count && want->on && *want->on)
        say(why, "%.*s: no such router%s; `vm router ls` lists them", (int)strcspn(want->on, "\n"), want->on,
            want->routers && *want->routers ? " among those that the command's spec names" : "");
    else if (!count)
        say(why, "there is none of the routers that the command's spec names; `vm router ls` lists all");
    else if (all_drained && count > 1)
        say(why, "all routers are drained; vm router use NAME takes one back");
    else
        placement_feasible(meant, want, why);
}

struct placement_router *placement_best(const struct placement *p, const struct placement_want *want,
                                        char *why)
{
    struct placement_router *best = NULL;

    if (p->count)
        search(p, 1, want, &best);
    if (!best && why)
        explain(p, want, why);
    return best;
}

void placement_free(struct placement *p)
{
    free(p->routers);
    free(p->winners);
    *p = (struct placement){0};
}
