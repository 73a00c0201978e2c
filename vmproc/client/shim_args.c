/* shim_args.c - the option string between vmproc_exec() and the shim. */
#include "vmproc/shim_args.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

void shim_args_format(const struct shim_args *args, char text[SHIM_ARGS_MAX])
{
    snprintf(text, SHIM_ARGS_MAX,
             "v=%d,l=%d,i=%d,o=%d,g=%d,u=%d,s=%d,t=%d,d=%d,e=%d,f=%d,p=%d,k=%d,y=%d,z=%u,h=%d,b=%d,n=%d,w=%u",
             SHIM_ARGS_VERSION, args->lease_fd, args->wire_in, args->wire_out, args->lifeline_fd,
             args->usage_fd, args->shell_pid, args->trace, args->last, args->events_fd, args->parcel_fd,
             args->policy_fd, args->program_fd, args->strace_fd, args->strace_flags, args->daemon_pid,
             args->boot_fd, args->pipeline, args->own_files);
}

static int set_option(struct shim_args *args, char key, int value)
{
    switch (key) {
    case 'v':
        return value == SHIM_ARGS_VERSION ? 0 : -EINVAL;
    case 'l':
        args->lease_fd = value;
        return 0;
    case 'i':
        args->wire_in = value;
        return 0;
    case 'o':
        args->wire_out = value;
        return 0;
    case 'g':
        args->lifeline_fd = value;
        return 0;
    case 'u':
        args->usage_fd = value;
        return 0;
    case 's':
        args->shell_pid = value;
        return 0;
    case 't':
        args->trace = value;
        return 0;
    case 'd':
        args->last = value;
        return 0;
    case 'e':
        args->events_fd = value;
        return 0;
    case 'f':
        args->parcel_fd = value;
        return 0;
    case 'h':
        args->daemon_pid = value;
        return 0;
    case 'p':
        args->policy_fd = value;
        return 0;
    case 'y':
        args->strace_fd = value;
        return 0;
    case 'z':
        args->strace_flags = (unsigned)value;
        return 0;
    case 'k':
        args->program_fd = value;
        return 0;
    case 'w':
        args->own_files = (unsigned)value;
        return 0;
    case 'b':
        args->boot_fd = value;
        return 0;
    case 'n':
        args->pipeline = value;
        return 0;
    default:
        return -EINVAL;
    }
}

int shim_args_parse(struct shim_args *args, const char *text)
{
    *args = (struct shim_args){.lease_fd = -1,
                               .lifeline_fd = -1,
                               .usage_fd = -1,
                               .events_fd = -1,
                               .parcel_fd = -1,
                               .policy_fd = -1,
                               .program_fd = -1,
                               .strace_fd = -1,
                               .boot_fd = -1};
    if (text[0] != 'v')
        return -EINVAL;
    for (;;) {
        char key = text[0], *end;
        long value;
        if (!key || text[1] != '=')
            return -EINVAL;
        value = strtol(text + 2, &end, 10);
        if (end == text + 2 || value < -1 || value > 0x7fffffff || set_option(args, key, (int)value))
            return -EINVAL;
        if (!*end)
            return 0;
        if (*end != ',')
            return -EINVAL;
        text = end + 1;
    }
}
