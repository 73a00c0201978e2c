/*
 * vmprocd: starts, keeps and lends the VMs of one user. See daemon.h for its parts.
 *
 *   vmprocd [--foreground] [--ready-fd N] [--replace]
 *   vmprocd --sweep
 *
 * --ready-fd N: a byte is written there once it listens; its parent holds vmprocd.lock (rundir.h).
 * --replace: takes the place of the one that listens, which ends when its last command has.
 * --sweep: ends what those that were killed have left, and itself.
 */
#include "daemon.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int parse(int argc, char **argv, int *ready_fd, bool *replace, bool *sweep)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--ready-fd") == 0 && i + 1 < argc) {
            *ready_fd = atoi(argv[++i]);
        } else if (strcmp(argv[i], "--replace") == 0) {
            *replace = true;
        } else if (strcmp(argv[i], "--sweep") == 0) {
            *sweep = true;
        } else if (strcmp(argv[i], "--version") == 0) {
            puts("vmprocd (fleetsh) " FLEETSH_VERSION);
            exit(0);
        } else if (strcmp(argv[i], "--foreground") != 0) {
            fprintf(stderr, "usage: vmprocd [--foreground] [--ready-fd N] [--replace] [--sweep]\n");
            return -EINVAL;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    int ready_fd = -1;
    bool replace = false, sweep = false;

    if (parse(argc, argv, &ready_fd, &replace, &sweep) < 0)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a limit that whoever started us could not take away: EFBIG, with a line */
    setenv("UV_THREADPOOL_SIZE", "8",
           1); /* destroys wait 200 ms in libvirtd, and must not keep starts waiting */
    return sweep ? daemon_sweep() : daemon_run(ready_fd, replace);
}
