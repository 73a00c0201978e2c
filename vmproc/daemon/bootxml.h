/* bootxml.h - a VM that boots an image as libvirt's domain XML: tables of machines, consoles, buses. */
#ifndef VMPROC_DAEMON_BOOTXML_H
#define VMPROC_DAEMON_BOOTXML_H

#include "boot.h"
#include "domxml.h"

/* libvirt's name of the descriptor of the disk (virDomainFDAssociate). */
#define BOOT_DISK_FD_NAME "disk"

/* Of boot->spec, after boot_prepare(). malloc'd; NULL: no memory. */
char *boot_xml(const struct boot *boot);

#endif
