/* in_guest.c - tells a shell that is in a VM itself. */
#include "vmproc/guest_uname.h"
#include "vmproc/vmproc.h"

#include <string.h>
#include <sys/utsname.h>

bool vmproc_in_guest(void)
{
    struct utsname u;
    return uname(&u) == 0 && strcmp(u.release, GUEST_UNAME_RELEASE) == 0 &&
           strcmp(u.version, GUEST_UNAME_VERSION) == 0;
}
