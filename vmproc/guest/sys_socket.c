/*
 * sys_socket.c - system calls about sockets. A program has no network and no sockets of the host's: asking
 * for one is refused, and what it has open is none, which is what shells and servers want to know of their
 * standard input.
 */
#include "file.h"
#include "syscall.h"

SYSCALL(socket)
{
    return -EACCES;
}

/* bind, connect, getpeername and all others whose first argument is a socket. */
SYSCALL(on_socket)
{
    return fd_file((uint32_t)s->a[0]) ? -ENOTSOCK : -EBADF;
}
