/* confine.c - Landlock: of files, nothing. */
#include "link.h"

#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The rights of its first version: reading, writing, executing, making and removing. */
#define ALL ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

void link_confine(void)
{
    const struct landlock_ruleset_attr attr = {.handled_access_fs = ALL};
    int fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (fd < 0)
        return; /* an older kernel: it has no more than its user's rights, and seccomp's filter */
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    syscall(SYS_landlock_restrict_self, fd, 0);
    close(fd);
}
