#include "state_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int state_file_path(const char *name, bool make, char path[PATH_MAX])
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int len;

    if (state && state[0] == '/')
        len = snprintf(path, PATH_MAX, "%s/fleetsh/%s", state, name);
    else if (home && home[0] == '/')
        len = snprintf(path, PATH_MAX, "%s/.local/state/fleetsh/%s", home, name);
    else
        return -ENOENT;
    if (len >= PATH_MAX)
        return -ENAMETOOLONG;
    for (char *slash = strchr(path + 1, '/'); make && slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    return 0;
}
