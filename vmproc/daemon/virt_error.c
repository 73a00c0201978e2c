#include "virt_error.h"
#include "uri.h"

#include <libvirt/virterror.h>
#include <stdio.h>
#include <string.h>

static void flatten(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = ' ';
}

void virt_error_line(const char *uri, char error[256])
{
    const char *said = virGetLastErrorMessage();
    char name[64];

    uri_short_name(uri, name);
    if (strstr(said, "HOST IDENTIFICATION HAS CHANGED"))
        snprintf(
            error, 256,
            "%s: ITS HOST KEY HAS CHANGED: another machine may answer in its place. If it was set up anew: "
            "ssh-keygen -R %s, then ssh to it once",
            name, name);
    else if (strstr(said, "Host key verification failed"))
        snprintf(error, 256, "%s: its host key is not known; to accept it, ssh to it once", name);
    else
        snprintf(error, 256, "%.100s: %.150s", uri, said);
    flatten(error);
}
