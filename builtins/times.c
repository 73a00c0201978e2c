/* times - XCU times: special built-in utility. */
#include "builtins/builtins.h"
#include "shell/out.h"
#include <sys/times.h>
#include <unistd.h>

static void put(struct shell *sh, clock_t ticks, char end)
{
    double seconds = (double)ticks / (double)sysconf(_SC_CLK_TCK);
    int minutes = (int)(seconds / 60);

    out_printf(sh, "%dm%fs%c", minutes, seconds - 60.0 * minutes, end);
}

int builtin_times(struct shell *sh, int argc, char **argv)
{
    struct tms used;

    (void)argc, (void)argv;
    times(&used);
    put(sh, used.tms_utime, ' ');
    put(sh, used.tms_stime, '\n');
    put(sh, used.tms_cutime, ' ');
    put(sh, used.tms_cstime, '\n');
    return 0;
}
