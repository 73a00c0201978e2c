/* Where a command goes: what is feasible, then what costs least; and that the tournament finds what a search finds. */
#include "tests/unit/tap.h"
#include "vmproc/daemon/placement.h"

#include <stdint.h>
#include <stdlib.h>

#define MANY 100

static struct placement_router up(const char *name, unsigned ready, unsigned busy)
{
    return (struct placement_router){
        .name = name,
        .uri = "qemu:///system",
        .architecture = "x86_64",
        .state = PLACEMENT_UP,
        .memory_bytes = 4ull << 30,
        .processors = 2,
        .ready = ready,
        .busy = busy,
    };
}

static const char *best(const struct placement *p, struct placement_want want)
{
    static char why[PLACEMENT_WHY];
    const struct placement_router *r = placement_best(p, &want, why);

    return r ? r->name : why;
}

#define BEST(...) best(&p, (struct placement_want){__VA_ARGS__})

static void check_costs(void)
{
    struct placement_router r[] = {up("a", 1, 3), up("b", 1, 1), up("c", 0, 0)};
    struct placement p = {0};

    for (unsigned i = 0; i < 3; i++)
        placement_add(&p, &r[i]);
    check_text(BEST(0), "b", "of two with a VM ready the less loaded one is best");
    r[1].waiting = 1;
    placement_changed(&p, &r[1]);
    check_text(BEST(0), "a", "a VM that somebody waits for is not ready");
    r[0].ready = 0;
    r[1].ready = 0;
    placement_changed(&p, &r[0]);
    placement_changed(&p, &r[1]);
    check_text(BEST(0), "c", "where all start cold, the least loaded one is best");
    r[0].cold_us = 20000;
    placement_changed(&p, &r[0]);
    check_text(BEST(0), "a", "a router that starts VMs sooner makes up for load");
    r[0].processors = 1;
    r[0].busy = 12;
    placement_changed(&p, &r[0]);
    check_text(BEST(0), "c", "not for any load");
    r[2].far = true;
    r[2].rtt_us = 50000;
    placement_changed(&p, &r[2]);
    check(r[2].cost.data_us == 50000 * PLACEMENT_EXCHANGES, "the way to another machine costs round trips");
    check_text(BEST(0), "a", "and decides when it is long");
    placement_free(&p);
}

static void check_feasible(void)
{
    struct placement_router r[] = {up("a", 1, 0), up("b", 1, 1), up("far", 9, 0)};
    struct placement p = {0};

    r[2].far = true;
    r[2].architecture = "aarch64";
    for (unsigned i = 0; i < 3; i++)
        placement_add(&p, &r[i]);
    check_text(BEST(.on = "b\n"), "b", "the user's word is obeyed");
    check_text(BEST(.routers = "x*\nb\n"), "b", "and one of the spec's patterns");
    check_text(BEST(.on = "a\n", .routers = "b\n"),
               "a: no such router among those that the command's spec names; `vm router ls` lists them",
               "both must fit");
    check_text(BEST(.on = "c\n"), "c: no such router; `vm router ls` lists them", "a name that nobody has");
    check_text(BEST(.architecture = "aarch64"), "far", "the spec's architecture is obeyed");
    check_text(BEST(.on = "b\n", .architecture = "aarch64"),
               "b: it is x86_64, and the command's spec wants aarch64", "the reason is the named router's");
    check_text(BEST(.memory_bytes = 8ull << 30, .on = "a\n"),
               "a: it has 4096 MiB of memory, and the command wants 8192", "so is too much memory");
    check_text(BEST(.here = true, .on = "far\n"), "far: images boot on this machine's router only",
               "what needs this machine does not leave it");
    r[0].images = "calc,x-*";
    r[1].labels = "gpu,ssd";
    check_text(BEST(.images = "calc\n"), "a", "a router that is meant for an image runs it");
    check_text(BEST(.images = "x-1\ncalc\n"), "a", "and a pipeline of such");
    check_text(BEST(.images = "calc\nls\n"), "b", "but not with another one in it");
    check_text(BEST(0), "b", "nor what has no name");
    check_text(BEST(.images = "calcx\n", .on = "a\n"), "a: it is meant for other images than calcx",
               "even if it is asked for");
    check_text(BEST(.labels = "ssd\ngpu\n"), "b", "a router that has all labels is found");
    check_text(BEST(.labels = "gpu\nfpga\n", .on = "b\n"),
               "b: it has not the label fpga that the command's spec wants", "one that lacks any is not");
    check_text(BEST(.labels = "gp\n", .on = "b\n"),
               "b: it has not the label gp that the command's spec wants", "a part of one is none");
    r[0].images = r[1].labels = NULL;
    r[1].state = PLACEMENT_COMING;
    r[0].state = PLACEMENT_DOWN;
    r[2].drained = true;
    for (unsigned i = 0; i < 3; i++)
        placement_changed(&p, &r[i]);
    check_text(BEST(0), "b", "one that is being connected to comes before one that is not");
    check_text(BEST(.on = "far\n"), "far: it is drained; `vm router use NAME` takes it back",
               "a drained one is not used, even by name");
    r[0].drained = r[1].drained = true;
    placement_changed(&p, &r[0]);
    placement_changed(&p, &r[1]);
    check_text(BEST(0), "all routers are drained; vm router use NAME takes one back",
               "nor is one of all drained");
    placement_free(&p);
}

/* By looking at all. */
static const struct placement_router *first_of_least(const struct placement_router *r, unsigned n,
                                                     const struct placement_want *want)
{
    const struct placement_router *least = NULL;

    for (unsigned i = 0; i < n; i++)
        if (r[i].key != UINT64_MAX && placement_feasible(&r[i], want, NULL) &&
            (!least || r[i].key < least->key))
            least = &r[i];
    return least;
}

static void check_tournament(void)
{
    static struct placement_router r[MANY];
    static char names[MANY][8];
    struct placement p = {0};
    unsigned differences = 0, seed = 1;

    for (unsigned i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "r%u", i);
        r[i] = up(names[i], 0, 0);
        placement_add(&p, &r[i]);
        for (unsigned turn = 0; turn < 40; turn++) {
            struct placement_router *one = &r[(unsigned)rand_r(&seed) % (i + 1)];
            struct placement_want want = {.architecture = rand_r(&seed) % 3 ? "" : "aarch64",
                                          .on = rand_r(&seed) % 4 ? "" : "r*7\nr1?\n"};

            one->ready = (unsigned)rand_r(&seed) % 3;
            one->waiting = (unsigned)rand_r(&seed) % 3;
            one->busy = (unsigned)rand_r(&seed) % 5;
            one->state = rand_r(&seed) % 8 ? PLACEMENT_UP : PLACEMENT_DOWN;
            one->drained = rand_r(&seed) % 9 == 0;
            one->architecture = rand_r(&seed) % 4 ? "x86_64" : "aarch64";
            placement_changed(&p, one);
            differences += placement_best(&p, &want, NULL) != first_of_least(r, i + 1, &want);
        }
    }
    check(differences == 0,
          "4,000 times with up to 100 routers the tournament finds what looking at all finds");
    placement_free(&p);
}

int main(void)
{
    check_costs();
    check_feasible();
    check_tournament();
    return tap_done();
}
