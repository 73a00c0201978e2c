/*
 * verify.c - which file the program has to be. A spec with a digest comes with the descriptor that vmproc-spec has hashed;
 * a program of the store that did not come by way of its spec (named by its place, or started by another program)
 * is looked at here: what cannot be told by its record is not run; hashing is vmproc-spec's and `vm image verify`'s.
 * Either way the guest names the program once more when it loads it, and gets that very file or none.
 */
#include "shim.h"
#include "vmproc/store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

void verify_program(struct shim *shim)
{
    char hex[STORE_HEX];
    struct stat st;
    bool ok;
    int fd, root;
    if (shim->args.program_fd >= 0) { /* vmproc-spec has looked */
        fcntl(shim->args.program_fd, F_SETFD, FD_CLOEXEC);
        shim->program_is_known = fstat(shim->args.program_fd, &shim->program) == 0;
        return;
    }
    if (!store_holds(shim->path, hex))
        return;
    root = store_open();
    fd = open(shim->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ok = root >= 0 && fd >= 0 && fstat(fd, &st) == 0 && store_is_verified(root, hex, &st);
    if (root >= 0)
        close(root);
    if (!ok) {
        report(shim, "the image is not known to be what was added; try `vm image verify`");
        report_failure(shim, 126);
    }
    flock(fd, LOCK_SH | LOCK_NB); /* stays open as long as it runs: gc keeps it */
    shim->program_is_known = true;
    shim->program = st;
}
