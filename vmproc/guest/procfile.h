/* procfile.h - the texts below /proc, made when the file is opened. */
#ifndef GUEST_PROCFILE_H
#define GUEST_PROCFILE_H

#include "file.h"

enum procfile {
    PROC_CMDLINE,
    PROC_ENVIRON,
    PROC_COMM,
    PROC_STAT,         /* of the process */
    PROC_MACHINE_STAT, /* of /proc itself */
    PROC_STATM,
    PROC_STATUS,
    PROC_MAPS,
    PROC_MOUNTS,
    PROC_MEMINFO,
    PROC_UPTIME,
    PROC_LOADAVG,
    PROC_CPUINFO,
    PROC_VERSION,
    RESOLV_CONF, /* of /etc: where names are asked for */
};

int procfile_open(enum procfile which, uint32_t flags, struct file **file);

#endif
