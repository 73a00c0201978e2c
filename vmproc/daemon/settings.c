#include "settings.h"
#include "log.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_POOL_MIN 4
#define DEFAULT_POOL_MAX 12
#define DEFAULT_MAX_VMS  200
#define DEFAULT_MEMORY   2560        /* MiB; above some 3000 the guest is not in ROM (pool_offers_rom()) */
#define VM_RESIDENT      (32u << 20) /* a busy VM's share of this machine's memory, for the default limit */

static const char *text(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

static unsigned long number(const char *name, unsigned long fallback, unsigned long min, unsigned long max)
{
    const char *value = text(name);
    char *end;
    unsigned long n;

    if (!value)
        return fallback;
    n = strtoul(value, &end, 10);
    if (*end || n < min || n > max) {
        log_line("%s=%s is not a number from %lu to %lu: %lu is used", name, value, min, max, fallback);
        return fallback;
    }
    return n;
}

/* Half of the machine's memory filled with busy VMs. */
static unsigned vms_by_memory(void)
{
    unsigned long long bytes =
        (unsigned long long)sysconf(_SC_PHYS_PAGES) * (unsigned long)sysconf(_SC_PAGESIZE);
    unsigned long long n = bytes / 2 / VM_RESIDENT;

    return n < 4 ? 4 : n > DEFAULT_MAX_VMS ? DEFAULT_MAX_VMS : (unsigned)n;
}

void settings_read(struct settings *set)
{
    set->router = text("FLEETSH_ROUTER");
    set->accel = text("FLEETSH_ACCEL");
    set->max_vms = (unsigned)number("FLEETSH_MAX_VMS", vms_by_memory(), 1, 100000);
    set->max_shell_vms = (unsigned)number("FLEETSH_MAX_SHELL_VMS", (set->max_vms * 3ul + 3) / 4, 1, 100000);
    set->pool_fixed = text("FLEETSH_POOL") != NULL;
    set->pool_min = (unsigned)number("FLEETSH_POOL", DEFAULT_POOL_MIN, 0, 1000);
    set->pool_max = set->pool_fixed ? set->pool_min : DEFAULT_POOL_MAX;
    set->rings = number("FLEETSH_RINGS", 1, 0, 1);
    set->memory_fixed = text("FLEETSH_MEMORY") != NULL;
    set->memory_bytes = (uint64_t)number("FLEETSH_MEMORY", DEFAULT_MEMORY, 16, 1 << 20) << 20;
    set->max_memory_bytes = (uint64_t)number("FLEETSH_MAX_MEMORY", 0, 64, 1 << 30) << 20;
    set->idle_exit_ms = (uint64_t)number("FLEETSH_IDLE_EXIT", 600, 0, 1 << 30) * 1000;
    set->ready_timeout_ms = (uint64_t)number("FLEETSH_READY_TIMEOUT", 10, 1, 3600) * 1000;
}
