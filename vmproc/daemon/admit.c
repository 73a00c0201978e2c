#include "admit.h"
#include "daemon.h"

#include <stdio.h>

#define MAX_WAITING 1000 /* commands of one shell that wait for a VM: each is a process */

static unsigned vms_of_shell(struct router *r, uint32_t shell_pid)
{
    struct vm *vm;
    unsigned n = 0;

    TAILQ_FOREACH (vm, &r->pool.vms, link)
        n += vm->lease && vm->shell_pid == shell_pid;
    return n;
}

struct client *admit_next(struct router *r, struct vm **vm)
{
    struct client *client, *best = NULL, *seen = NULL;
    unsigned fewest = r->d->set.max_shell_vms;

    TAILQ_FOREACH (client, &r->pool.waiting, waiting) {
        struct vm *warm;
        unsigned has;

        if (client->boot)
            continue;
        /* Many of one shell stand in a row, and the first of them comes first. */
        if (seen && seen->shell_pid == client->shell_pid && seen->memory_bytes == client->memory_bytes &&
            seen->machine == client->machine)
            continue;
        seen = client;
        warm = pool_first_warm(r, client->memory_bytes, client->machine);
        has = warm ? vms_of_shell(r, client->shell_pid) : fewest;
        if (has < fewest) {
            best = client;
            fewest = has;
            *vm = warm;
        }
    }
    return best;
}

bool admit_shell(struct router *r, uint32_t shell_pid, unsigned n, char why[ADMIT_WHY])
{
    unsigned has = vms_of_shell(r, shell_pid), waiting = 0;
    struct client *client;

    TAILQ_FOREACH (client, &r->pool.waiting, waiting)
        waiting += client->shell_pid == shell_pid;
    if (!memory_admits(r, n, why))
        return false;
    if (has + n > r->d->set.max_shell_vms)
        snprintf(why, ADMIT_WHY, "%u VMs of this shell run already, the limit; FLEETSH_MAX_SHELL_VMS sets it",
                 has);
    else if (waiting + n > MAX_WAITING)
        snprintf(why, ADMIT_WHY, "%u commands of this shell wait for a VM already, the limit", waiting);
    else
        return true;
    return false;
}

struct client *admit_hopeless(struct router *r, char why[ADMIT_WHY])
{
    struct client *client, *seen = NULL, *last = TAILQ_LAST(&r->pool.waiting, client_list);

    TAILQ_FOREACH (client, &r->pool.waiting, waiting) {
        if (seen && seen->shell_pid == client->shell_pid)
            continue;
        seen = client;
        if (vms_of_shell(r, client->shell_pid) >= r->d->set.max_shell_vms) {
            admit_shell(r, client->shell_pid, 1, why);
            return client;
        }
    }
    if (!last || pool_count_all(r) < r->d->set.max_vms ||
        pool_count(r, VM_STARTING) + pool_count(r, VM_ENDING) > 0)
        return NULL;
    snprintf(why, ADMIT_WHY, "%u VMs of this user run already, the limit; FLEETSH_MAX_VMS sets it",
             r->d->set.max_vms);
    return last;
}
