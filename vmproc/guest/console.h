/*
 * console.h - the virtio-console device (virtio 1.1 section 5.3) with its named ports.
 *
 *   DEVICE_READY ->   <- PORT_ADD per port   PORT_READY ->   <- PORT_NAME, PORT_OPEN   PORT_OPEN ->
 */
#ifndef GUEST_CONSOLE_H
#define GUEST_CONSOLE_H

#include "port.h"

enum console_port { PORT_CTL, PORT_9P, PORT_OUT, PORT_ERR, PORT_PREV, PORT_NEXT, NPORTS };

extern struct port ports[NPORTS];

/* Finds and starts the device. False: no such device, or it has no port "ctl". */
bool console_init(void);

/* Interrupt: looks at all queues in use. */
void console_interrupt(void);

/* A long wait begins: the device need not keep memory for it. */
void console_rest(void);

#endif
