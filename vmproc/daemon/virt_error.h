/* virt_error.h - why libvirt has not connected, in one line. */
#ifndef VMPROC_DAEMON_VIRT_ERROR_H
#define VMPROC_DAEMON_VIRT_ERROR_H

/*
 * libvirt's last error of this thread, about that URI. It holds what ssh has printed, of several lines: a host key that
 * is not known, or not the one that it was, is told in words of our own.
 */
void virt_error_line(const char *uri, char error[256]);

#endif
