#include "stops.h"
#include "daemon.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TICK_MS 250

/* As proc(5) says: T is stopped; t, by a debugger, is not meant. */
bool stops_stands_still(uint32_t pid)
{
    char path[32], text[512];
    const char *name_end;
    ssize_t n = -1;
    int fd;

    snprintf(path, sizeof path, "/proc/%u/stat", pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        n = read(fd, text, sizeof text - 1);
        close(fd);
    }
    if (n <= 0)
        return false;
    text[n] = '\0';
    name_end = strrchr(text, ')');
    return name_end && strncmp(name_end, ") T ", 4) == 0;
}

static void on_tick(uv_timer_t *timer)
{
    struct daemon *d = timer->data;
    struct router *r;
    struct vm *vm;

    if (fleet_count(d, VM_LEASED) == 0) {
        uv_timer_stop(timer);
        return;
    }
    FLEET_FOREACH_VM(d, r, vm)
    if (vm->state == VM_LEASED && vm->what.pid && stops_stands_still(vm->what.pid))
        vm_halt(vm);
}

void stops_init(struct daemon *d)
{
    uv_timer_init(&d->loop, &d->stops.tick);
    d->stops.tick.data = d;
}

void stops_lease_begins(struct daemon *d)
{
    if (!uv_is_active((uv_handle_t *)&d->stops.tick))
        uv_timer_start(&d->stops.tick, on_tick, TICK_MS, TICK_MS);
}
