/* times - XCU times: special built-in utility. */
#include "builtins/builtins.h"
#include "shell/out.h"
#include "shell/shell.h"
#include <sys/times.h>
#include <unistd.h>

static void put(struct shell *sh, clock_t ticks, uint64_t vms_ns, char end)
{
    double seconds = (double)ticks / (double)sysconf(_SC_CLK_TCK) + (double)vms_ns / 1e9;
    int minutes = (int)(seconds / 60);

    out_printf(sh, "%dm%fs%c", minutes, seconds - 60.0 * minutes, end);
}

int builtin_times(struct shell *sh, int argc, char **argv)
{
    struct vmproc_cpu vms = vmproc_usage_read(&sh->usage); /* they are children, to who looks at commands */
    struct tms used;

    (void)argc, (void)argv;
    times(&used);
    put(sh, used.tms_utime, 0, ' ');
    put(sh, used.tms_stime, 0, '\n');
    put(sh, used.tms_cutime, vms.user_ns, ' ');
    put(sh, used.tms_cstime, vms.system_ns, '\n');
    return 0;
}
