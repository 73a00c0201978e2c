#include "trace.h"
#include "client.h"
#include "daemon.h"
#include "vmproc/events.h"

#include <stdio.h>
#include <unistd.h>

void trace_begin(struct client *client)
{
    event_name_process(client->trace_fd, getpid(), "vmprocd");
}

void trace_slice(const struct vm *vm, const char *what, uint64_t from_ns, uint64_t to_ns)
{
    const struct client *client;
    char name[32];

    TAILQ_FOREACH (client, &vm->d->server.clients, link) {
        if (client->trace_fd < 0)
            continue;
        snprintf(name, sizeof name, "VM %llu", (unsigned long long)vm->id);
        event_name_track(client->trace_fd, getpid(), vm->id, name);
        event_slice(client->trace_fd, getpid(), vm->id, what, from_ns, to_ns);
    }
}
